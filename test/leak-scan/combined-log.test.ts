import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCombinedLine, unescapeField } from '../../src/leak-scan/combined-log.js';
import { logLine } from '../tools/replay/files.js';

describe('a good line', () => {
  it('is read field by field, its time in UTC, its path without the query', () => {
    const line = logLine({
      time: '17/May/2015:10:05:03 +0230',
      status: '404',
      referrer: 'http://example.org/a?b',
    });
    expect(parseCombinedLine(line)).toEqual({
      address: '203.0.113.7',
      time: new Date('2015-05-17T07:35:03Z'),
      path: '/blog/geekery',
      status: 404,
      referrer: 'http://example.org/a?b',
      userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:52.0) Gecko/20100101 Firefox/52.0',
    });
  });

  it.each([
    ['an IPv6 address', { address: '2001:db8::7' }, { address: '2001:db8::7' }],
    ['no user agent', { userAgent: '-' }, { userAgent: null }],
    ['an empty user agent', { userAgent: '' }, { userAgent: null }],
    ['no referrer', { referrer: '-' }, { referrer: null }],
    ['escaped quotes', { userAgent: 'a \\"b\\" \\\\ c' }, { userAgent: 'a "b" \\ c' }],
    ['bytes as \\xhh', { userAgent: 'caf\\xc3\\xa9' }, { userAgent: 'caf\u00c3\u00a9' }],
    ['an escaped quote at the end', { userAgent: 'x\\"' }, { userAgent: 'x"' }],
    [
      'a zone west of Greenwich',
      { time: '01/Jan/2020:23:30:00 -0800' },
      { time: new Date('2020-01-02T07:30:00Z') },
    ],
    ['29 February', { time: '29/Feb/2016:00:00:00 +0000' }, { time: new Date('2016-02-29T00:00:00Z') }],
    ['HTTP/0.9', { request: 'GET /old' }, { path: '/old' }],
    ['HTTP/2', { request: 'GET /new HTTP/2' }, { path: '/new' }],
    ['the absolute form', { request: 'GET http://example.org/a/b?c HTTP/1.1' }, { path: '/a/b' }],
    ['the absolute form without a path', { request: 'GET http://example.org HTTP/1.1' }, { path: '/' }],
    ['a fragment', { request: 'GET /a#b HTTP/1.1' }, { path: '/a' }],
    ['UTF-8 in the path', { request: 'GET /caf\\xc3\\xa9 HTTP/1.1' }, { path: '/café' }],
    ['other bytes in the path', { request: 'GET /caf\\xe9 HTTP/1.1' }, { path: '/café' }],
  ])('may have %s', (_, parts, expected) => {
    expect(parseCombinedLine(logLine(parts))).toMatchObject(expected);
  });
});

describe('a malformed line', () => {
  it.each([
    ['nothing', ''],
    ['common format', logLine().split(' "-"')[0] ?? ''],
    ['a user agent without its closing quote', logLine().slice(0, -1)],
    ['something behind the user agent', `${logLine()} 17`],
    ['something before the address', ` ${logLine()}`],
    ['an unescaped quote in the user agent', logLine({ userAgent: 'a "b" c' })],
    ['a backslash before the last quote', logLine({ userAgent: 'x\\' })],
    ['a host name for an address', logLine({ address: 'crawler.example.org' })],
    ['an octet over 255', logLine({ address: '203.0.113.700' })],
    ['31 April', logLine({ time: '31/Apr/2015:10:00:00 +0000' })],
    ['hour 24', logLine({ time: '17/May/2015:24:00:00 +0000' })],
    ['minute 60', logLine({ time: '17/May/2015:10:60:00 +0000' })],
    ['a month in another language', logLine({ time: '17/Mai/2015:10:05:03 +0000' })],
    ['a zone that does not exist', logLine({ time: '17/May/2015:10:05:03 +2300' })],
    ['a status of two digits', logLine({ status: '20' })],
    ['no request', logLine({ request: '-' })],
    ['TLS on the wrong port', logLine({ request: '\\x16\\x03\\x01' })],
    ['a request for no path', logLine({ request: 'OPTIONS * HTTP/1.1' })],
  ])('with %s is null', (_, line) => {
    expect(parseCombinedLine(line)).toBeNull();
  });
});

it('never throws and gives whole records only, whatever the line', () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom('"', '\\', '\\"', '[', ']', ' ', '-', '\\x', '200', logLine()),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const record = parseCombinedLine(pieces.join(''));
      expect(record === null || (record.path.startsWith('/') && !Number.isNaN(record.time.getTime()))).toBe(
        true,
      );
    }),
  );
});

it('reads back any user agent that Apache escapes', () => {
  const escaped = (text: string) =>
    [...text].map((character) => {
      if (character === '"' || character === '\\') return `\\${character}`;
      const code = character.charCodeAt(0);
      return code < 0x20 || code > 0x7e ? `\\x${code.toString(16).padStart(2, '0')}` : character;
    });
  const byte = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code));
  fc.assert(
    fc.property(fc.array(byte, { minLength: 1, maxLength: 40 }), (bytes) => {
      const userAgent = `x${bytes.join('')}`;
      const logged = escaped(userAgent).join('');
      expect(unescapeField(logged)).toBe(userAgent);
      expect(parseCombinedLine(logLine({ userAgent: logged }))?.userAgent).toBe(userAgent);
    }),
  );
});

it.each([
  ['quotes', '"'.repeat(60_000), true],
  ['escaped quotes', '\\"'.repeat(30_000), false],
  ['backslashes and no end', '\\'.repeat(59_999), true],
  ['spaces', ' '.repeat(60_000), false],
])('comes to an end with a user agent of 60,000 %s', (_, userAgent, isMalformed) => {
  // Backtracking over these would take longer than any test may.
  expect(parseCombinedLine(userAgent)).toBeNull();
  expect(parseCombinedLine(logLine({ userAgent })) === null).toBe(isMalformed);
  expect(parseCombinedLine(logLine({ request: userAgent }))).toBeNull();
});
