import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import UserAgent from 'user-agents';
import { describe, expect, test } from 'vitest';
import {
  browserFamilies,
  deviceTypes,
  osFamilies,
} from '../../../../src/domain/privacy/user-agent/ua-buckets.js';
import {
  bucketUserAgent,
  createUserAgentReader,
  isGatewayUserAgent,
  normaliseUserAgent,
} from '../../../../src/domain/privacy/user-agent/user-agent.js';

const chrome =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36';
const firefox = 'Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0';
const none = { deviceType: null, browserFamily: null, osFamily: null };

const corpus = readFileSync(new URL('../../../golden/ua-corpus.tsv', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => line.split('\t'));

describe('bucketUserAgent', () => {
  test('the corpus names every bucket there is', () => {
    expect(corpus.length).toBeGreaterThanOrEqual(80);
    const column = (index: number) => new Set(corpus.map((row) => row[index]));
    expect(column(0)).toEqual(new Set(deviceTypes));
    expect(column(1)).toEqual(new Set(browserFamilies));
    expect(column(2)).toEqual(new Set(osFamilies));
  });

  test.each(corpus)('%s, %s on %s: %s', (deviceType, browserFamily, osFamily, userAgent) => {
    expect(bucketUserAgent(userAgent ?? '')).toEqual({ deviceType, browserFamily, osFamily });
  });

  test.each([null, '', '   '])('%j is no user agent', (userAgent) => {
    expect(bucketUserAgent(userAgent)).toEqual(none);
    expect(normaliseUserAgent(userAgent)).toBe('');
  });

  test('whatever is sent, the answer is of the closed lists and holds nothing of it', () => {
    const hostile = fc.constantFrom(
      '__proto__',
      'constructor',
      '<script>',
      'a\r\nSet-Cookie: x',
      '\u0000',
      'Mozilla/5.0 ('.repeat(2_000),
    );
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 600 }), hostile), (userAgent) => {
        const buckets = bucketUserAgent(userAgent);
        expect([...deviceTypes, null]).toContain(buckets.deviceType);
        expect([...browserFamilies, null]).toContain(buckets.browserFamily);
        expect([...osFamilies, null]).toContain(buckets.osFamily);
      }),
    );
  });

  test('what stands after 512 characters is not read', () => {
    expect(bucketUserAgent(`${'x'.repeat(512)} ${firefox}`)).toEqual(bucketUserAgent('x'));
  });
});

describe('normaliseUserAgent', () => {
  test.each([
    [chrome, 'Chrome|131|Windows'],
    [firefox, 'Firefox|133|Ubuntu'],
    ['nonsense', 'unknown|unknown|unknown'],
  ])('%s is %s', (userAgent, normalised) => {
    expect(normaliseUserAgent(userAgent)).toBe(normalised);
  });

  test('a patch release stays the same visitor, a major release does not', () => {
    expect(normaliseUserAgent(chrome.replace('131.0.0.0', '131.0.6778.86'))).toBe(normaliseUserAgent(chrome));
    expect(normaliseUserAgent(chrome.replace('131.0.0.0', '132.0.0.0'))).not.toBe(normaliseUserAgent(chrome));
  });
});

describe('real browsers, 5,000 as they are met on the web', () => {
  const sample = Array.from({ length: 5_000 }, () => new UserAgent().toString());
  const read = createUserAgentReader({ cacheSize: 5_000 });

  test('none is taken for a bot or a gateway', () => {
    expect(sample.filter((userAgent) => read(userAgent).isBot)).toEqual([]);
    expect(sample.filter(isGatewayUserAgent)).toEqual([]);
  });

  test('all fall into the buckets, and nearly none into three others', () => {
    for (const userAgent of new Set(sample)) {
      const { buckets } = read(userAgent);
      expect(deviceTypes).toContain(buckets.deviceType);
      expect(browserFamilies).toContain(buckets.browserFamily);
      expect(osFamilies).toContain(buckets.osFamily);
    }
    const unknown = sample.filter((userAgent) => Object.values(read(userAgent).buckets).includes('other'));
    expect(unknown.length / sample.length).toBeLessThan(0.02);
  });
});

describe('createUserAgentReader', () => {
  test('reads buckets, the digest of the normal form and bots at once', () => {
    const read = createUserAgentReader({ cacheSize: 2 });
    expect(read(chrome)).toEqual({
      buckets: bucketUserAgent(chrome),
      userAgentDigest: createHash('sha256').update('Chrome|131|Windows').digest('hex').slice(0, 32),
      isBot: false,
    });
    expect(read('Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)').isBot).toBe(true);
    expect(read('curl/8.5.0').isBot).toBe(true);
    expect(read(null)).toEqual({ buckets: none, userAgentDigest: '', isBot: false });
  });

  test('the digest tells visitors apart as the normal form does, whoever reads it', () => {
    const [one, other] = [createUserAgentReader({ cacheSize: 9 }), createUserAgentReader({ cacheSize: 0 })];
    const digests = [chrome, firefox, chrome.replace('131.0.0.0', '131.0.6778.86')].map(
      (userAgent) => one(userAgent).userAgentDigest,
    );
    expect(digests[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(digests[2]).toBe(digests[0]);
    expect(digests[1]).not.toBe(digests[0]);
    expect(other(chrome).userAgentDigest).toBe(digests[0]);
    expect(one('nonsense').userAgentDigest).not.toBe('');
  });

  test('remembers what it read last and forgets what was used longest ago', () => {
    const read = createUserAgentReader({ cacheSize: 2 });
    const first = read(chrome);
    read(firefox);
    expect(read(chrome)).toBe(first);
    const second = read(firefox);
    read(chrome);
    read('third');
    expect(read(chrome)).toBe(first);
    expect(read(firefox)).not.toBe(second);
    expect(read(firefox)).toEqual(second);
  });

  test.each([0, 1])('answers right with room for %i', (cacheSize) => {
    const read = createUserAgentReader({ cacheSize });
    for (const userAgent of [chrome, firefox, chrome])
      expect(read(userAgent).buckets).toEqual(bucketUserAgent(userAgent));
  });

  test.each(['node', 'undici', 'Go-http-client/2.0'])('%s is read as no user agent', (userAgent) => {
    expect(createUserAgentReader({ cacheSize: 9 })(userAgent)).toEqual({
      buckets: none,
      userAgentDigest: '',
      isBot: false,
    });
  });
});

describe('isGatewayUserAgent', () => {
  test.each([
    'node',
    'undici',
    'node-fetch',
    'node-fetch/1.0 (+https://github.com/bitinn/node-fetch)',
    'Go-http-client/1.1',
    'Go-http-client/2.0',
    'hyper/1.4',
    'Bun/1.1.38',
    'Deno/2.1.2',
    'graphql-hive-gateway',
    'graphql-hive-gateway/1.5.0',
    'Apollo-Router',
    'apollo-router/2.0.0',
    'cosmo-router',
    'Amazon CloudFront',
    'reqwest/0.12',
  ])('%s is one', (userAgent) => {
    expect(isGatewayUserAgent(userAgent)).toBe(true);
  });

  test.each([
    chrome,
    firefox,
    '',
    'curl/8.5.0',
    'python-requests/2.32',
    'nodeling',
    'Node.js bot',
    'hyperlink checker',
    'Googlebot/2.1',
  ])('%j is none', (userAgent) => {
    expect(isGatewayUserAgent(userAgent)).toBe(false);
  });
});
