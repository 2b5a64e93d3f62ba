import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addressFromForwardedFor,
  canonicalIp,
  hashableIp,
} from '../../../../src/domain/privacy/identity/ip-address.js';

describe('canonicalIp', () => {
  test.each([
    ['192.0.2.7', '192.0.2.7'],
    ['192.0.2.7:5678', '192.0.2.7'],
    ['0.0.0.0', '0.0.0.0'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['2001:db8::1', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['[fe80::1%25eth0]:80', 'fe80::1'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::FFFF:c000:207', '192.0.2.7'],
    ['[::ffff:192.0.2.7]:80', '192.0.2.7'],
    ['::1', '::1'],
    ['::', '::'],
  ])('%s is %s', (text, canonical) => {
    expect(canonicalIp(text)).toBe(canonical);
  });

  test.each([
    '',
    ' ',
    'unknown',
    '_hidden',
    'localhost',
    '1.2.3',
    '1.2.3.4.5',
    '256.1.1.1',
    '01.2.3.4',
    '1.2.3.4:',
    '1.2.3.4:99999',
    '1.2.3.4:a',
    ' 1.2.3.4',
    '1.2.3.4\n',
    '0x7f.1',
    '2130706433',
    '1.2.3.4/24',
    ':',
    ':::',
    '1::2::3',
    '[::1',
    '::1]',
    '[::1]x',
    '[1.2.3.4]',
    '[]',
    'g::1',
    '2001:db8::1%',
    '1:2:3:4:5:6:7:8:9',
    '::1\u0000',
    '１.2.3.4',
    'a'.repeat(10_000),
  ])('%j is no address', (text) => {
    expect(canonicalIp(text)).toBeNull();
  });

  test('is idempotent', () => {
    const texts = fc.oneof(fc.ipV4(), fc.ipV4Extended(), fc.ipV6(), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(texts, (text) => {
        const once = canonicalIp(text);
        if (once !== null) expect(canonicalIp(once)).toBe(once);
      }),
    );
  });

  test('every IPv4 address is its own canonical form, and that of its mapped form', () => {
    fc.assert(
      fc.property(fc.ipV4(), (text) => {
        expect(canonicalIp(text)).toBe(text);
        expect(canonicalIp(`::ffff:${text}`)).toBe(text);
      }),
    );
  });

  test('every spelling of an IPv6 address has one canonical form', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(0xffff), { minLength: 8, maxLength: 8 }), (groups) => {
        fc.pre(groups[5] !== 0xffff);
        const plain = groups.map((group) => group.toString(16)).join(':');
        const padded = groups.map((group) => group.toString(16).padStart(4, '0')).join(':');
        const canonical = canonicalIp(plain);
        expect(canonical).not.toBeNull();
        for (const text of [padded, plain.toUpperCase(), `[${plain}]:1`, `${plain}%1`]) {
          expect(canonicalIp(text)).toBe(canonical);
        }
      }),
    );
  });
});

describe('hashableIp', () => {
  test('leaves IPv4 as it is', () => {
    expect(hashableIp('192.0.2.7')).toBe('192.0.2.7');
  });

  test('is the /64 of an IPv6 address, so that a privacy address stays the same visitor', () => {
    expect(hashableIp('2001:db8:1:2:a:b:c:d')).toBe('2001:db8:1:2::/64');
    expect(hashableIp('2001:db8:1:2:ffff::1')).toBe('2001:db8:1:2::/64');
    expect(hashableIp('2001:db8:1:3:a:b:c:d')).not.toBe('2001:db8:1:2::/64');
  });
});

describe('addressFromForwardedFor', () => {
  test.each([
    ['203.0.113.9', 1, '203.0.113.9'],
    ['1.1.1.1, 203.0.113.9', 1, '203.0.113.9'],
    ['1.1.1.1,203.0.113.9,10.0.0.1', 2, '203.0.113.9'],
    ['1.1.1.1 ,\t[2001:db8::1]:443', 1, '2001:db8::1'],
    ['unknown, , 203.0.113.9:1234', 1, '203.0.113.9'],
    ['203.0.113.9, unknown', 1, null],
    ['203.0.113.9,', 1, null],
    ['203.0.113.9', 2, null],
    ['203.0.113.9', 0, null],
    ['203.0.113.9', -1, null],
    ['203.0.113.9', 1.5, null],
    ['203.0.113.9', Number.NaN, null],
    ['', 1, null],
    [null, 1, null],
  ])('%j with %s hops is %s', (header, hops, address) => {
    expect(addressFromForwardedFor(header, hops)).toBe(address);
  });

  test('what the client writes to the left changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (spoofed) => {
        expect(addressFromForwardedFor(`${spoofed}, 203.0.113.9`, 1)).toBe('203.0.113.9');
      }),
    );
  });

  test('the right end of a list of any length is read, and quickly', () => {
    const long = '1.1.1.1,'.repeat(1_000_000);
    expect(addressFromForwardedFor(`${long}203.0.113.9`, 1)).toBe('203.0.113.9');
    expect(addressFromForwardedFor(`${long}203.0.113.9, 10.0.0.1`, 2)).toBe('203.0.113.9');
    expect(addressFromForwardedFor(`${long} `, 1)).toBeNull();
    expect(addressFromForwardedFor(`${' '.repeat(60_000)}x${' '.repeat(60_000)}`, 1)).toBeNull();
    expect(addressFromForwardedFor(',203.0.113.9', 2)).toBeNull();
    expect(addressFromForwardedFor('203.0.113.8,203.0.113.9', 3)).toBeNull();
  });

  test('is what splitting the whole list would find', () => {
    const entries = fc.array(fc.constantFrom('203.0.113.9', ' 10.0.0.1\t', '', ' ', 'x', '::1'), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(entries, fc.integer({ min: 1, max: 8 }), (list, hops) => {
        const entry = list.join(',').split(',').at(-hops);
        const expected = entry === undefined ? null : canonicalIp(entry.replace(/^[ \t]+|[ \t]+$/g, ''));
        expect(addressFromForwardedFor(list.join(','), hops)).toBe(expected);
      }),
    );
  });
});
