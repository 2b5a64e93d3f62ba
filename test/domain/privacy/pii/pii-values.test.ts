import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PiiKind, piiKind } from '../../../../src/domain/privacy/pii/pii-values.js';

const found: readonly (readonly [PiiKind, readonly string[]])[] = [
  [
    'email',
    [
      'alice@example.org',
      'a@b.c',
      'write to bob.o’brien+x@mail.example.co.uk!',
      '<alice@example.org>',
      'mailto:alice@example.org',
      'alice%40example.org',
      'alice%2540example.org',
      '%61lice%40example%2Eorg',
      'ａｌｉｃｅ＠ｅｘａｍｐｌｅ．ｏｒｇ',
      'ali\u200bce@exa\u200bmple.org',
      'alice@example\u3002org',
      'alice (at) example.org',
      'alice[at]example.org',
      'alice&#64;example.org',
      'alice&commat;example.org',
      '"john doe"@example.org',
      'jörg@müller.de',
      '用户@例え.jp',
      'user@xn--mller-kva.xn--p1ai',
      'x=1;alice@example.org;y',
      'git@github.com:a/b',
      'user@163.com',
    ],
  ],
  [
    'phone',
    [
      '+14155550123',
      '+1 (415) 555-0123',
      '+49 30 1234567',
      '+49.30.1234567',
      '+44 (0)20 7946 0958',
      '00491711234567',
      'call 0049 171 1234567',
      '(415) 555-0123',
      '415-555-0123',
      '415.555.0123',
      '415 555 0123',
      '1-415-555-0123',
      '4155550123',
      '14155550123',
      '0211234567',
      '021 123 4567',
      '0171-1234567',
      '01 23 45 67 89',
      '(02) 1234 5678',
      '(11) 91234-5678',
      'tel:555-0123',
      'sms:+4915112345678',
      '＋１４１５５５５０１２３',
      '+1‑415‑555‑0123',
      '+٤٩ ٣٠ ١٢٣٤٥٦٧',
      '%2B14155550123',
      'ring me on +14155550123, please',
    ],
  ],
  [
    'card',
    [
      '4111111111111111',
      '4111 1111 1111 1111',
      '4111-1111-1111-1111',
      '4111–1111–1111–1111',
      '4222222222222',
      '5555555555554444',
      '2223003122003222',
      '378282246310005',
      '3782 822463 10005',
      '6011111111111117',
      '30569309025904',
      '3530111333300000',
      '6200000000000005',
      '6304000000000000',
      'paid with 4111111111111111.',
      'order 12 4111 1111 1111 1111 77',
      'card4111111111111111x',
      '４１１１１１１１１１１１１１１１',
    ],
  ],
  [
    'jwt',
    [
      'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln',
      'eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.',
      'token is eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln!',
      'JWT eyJhbGciOiJIUzI1NiJ9.e30',
      'x_eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln',
    ],
  ],
  [
    'ip',
    [
      '192.0.2.7',
      '10.0.0.1:8080',
      'from 192.0.2.7.',
      'http://127.0.0.1/',
      '2001:db8::1',
      '[2001:db8::1]:443',
      '::1',
      'fe80::1%eth0',
      '::ffff:192.0.2.7',
      '2001:0db8:0000:0000:0000:0000:0000:0001',
      'at 2001:db8::1: refused',
      '１９２.０.２.７',
    ],
  ],
  [
    'url-credentials',
    [
      'https://user:pw@example.org/',
      'ftp://anonymous@example.org',
      'https://x.example/?access_token=abc',
      '/reset?token=abc',
      '/cb#id_token=abc',
      '?email=x',
      '?a=1&api_key=2',
      'https://s3.example/x?X-Amz-Signature=ab',
      '/cb?code=4af0d2c19b',
      'https://x.example/?%74oken=abc',
      'https%3A%2F%2Fx.example%2F%3Ftoken%3Dabc',
    ],
  ],
  [
    'secret',
    [
      'Bearer xyz',
      'authorization: bearer abc.def',
      'Basic dXNlcjpwYXNzd29yZA==',
      'password=hunter2',
      'AKIAIOSFODNN7EXAMPLE',
      `ghp_${'a1'.repeat(18)}`,
      `sk_live_${'a1'.repeat(12)}`,
      '-----BEGIN RSA PRIVATE KEY-----',
    ],
  ],
];

const harmless = [
  '',
  'click',
  'en-GB',
  'journey_create_clicked',
  '1234567',
  '1,234,567.89',
  '99.95',
  '100%',
  '1700000000',
  '1700000000000',
  '1700000000000000',
  '555-0123',
  '+120',
  '1 2 3 4 5 6 7 8',
  '0190a2d8-5a8a-7c2a-9f2e-123456789012',
  '41111111-1111-4111-8111-111111111111',
  'a 41551234-5678-4111-8111-415555501234 b',
  '507f1f77bcf86cd799439011',
  'da39a3ee5e6b4b0d3255bfef95601890afd80709',
  '4111111111111111411111111111111141111111a',
  '2024-05-01',
  '2024-05-01T12:34:56.789Z',
  '2024-05-01T12:34:56.123456+02:00',
  '2024-05-01 12:34:56 +0000',
  '01.05.2024 12:30',
  '12/31/2024',
  '2024/05/01',
  'GMT+1300',
  '12:30:45',
  '1.2.3',
  '10.15.7',
  'v1.2.3.4',
  '1.2.3.4.5',
  '1.2.3-rc.1',
  '1.2.3+20240101',
  '3.14159265358979',
  '0.4111111111111111',
  '6.02214076e23',
  '@angular/core',
  'lodash@4.17.21',
  'react@18.x',
  'pkg@1.0.0-rc.a',
  'icon@2x.png',
  '@media',
  'std::dec',
  'dead::beef',
  'basic information',
  'missing bearer token',
  'Unexpected token: foo',
  'https://example.org/a/b?lang=en&page=2#top',
  '/cb?code=404',
  'http://localhost:3000/',
  'gpt-4o-2024-08-06',
  'claude-3-5-sonnet-20241022',
  'logstash-monitorama-2013',
  '1920x1080',
  '日本語',
];

describe('piiKind', () => {
  test.each(found.flatMap(([kind, texts]) => texts.map((text) => [text, kind] as const)))(
    '%j is taken for %s',
    (text, kind) => {
      expect(piiKind(text)).toBe(kind);
    },
  );

  test.each(harmless)('%j is taken for nothing', (text) => {
    expect(piiKind(text)).toBeNull();
  });

  test('no UUID, date, digest or decimal number is taken for personal data', () => {
    const dates = fc.date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true });
    const texts = fc.oneof(
      fc.uuid(),
      dates.map((date) => date.toISOString()),
      dates.map((date) => date.toISOString().slice(0, 10)),
      fc.string().map((text) => createHash('sha1').update(text).digest('hex')),
      fc.string().map((text) => createHash('sha256').update(text).digest('hex')),
      fc
        .double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 })
        .filter((value) => !Number.isInteger(value))
        .map(String),
      fc.tuple(fc.nat(99), fc.nat(99), fc.nat(99)).map((version) => version.join('.')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        expect(piiKind(text)).toBeNull();
      }),
      { numRuns: 3_000 },
    );
  });

  test('every IP address is found, also in a sentence', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.ipV4(),
          fc.ipV6().filter((text) => /\d/.test(text)),
        ),
        (address) => {
          expect(piiKind(address)).toBe('ip');
          expect(piiKind(`seen from ${address} today`)).not.toBeNull();
        },
      ),
    );
  });

  test('every e-mail address is found, also in a sentence', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (address) => {
        expect(piiKind(`x ${address}, y`)).not.toBeNull();
        expect(piiKind(encodeURIComponent(address))).not.toBeNull();
      }),
    );
  });

  // Each of these would take minutes with a pattern that backtracks; the test's own time limit says so.
  test.each([
    '@',
    'a@',
    'a@a.',
    '.',
    '1 ',
    '1-',
    '0-',
    '(11)',
    '+1',
    ':',
    'a:',
    '::',
    '://',
    '://a',
    '?a=',
    '%',
    '%40',
    '%25',
    'eyJ',
    'eyJa.',
    'bearer ',
    'basic aaaaaaa ',
    '1.',
    '2024-',
    'f0',
    '41111111111',
    '4111 ',
    '&#64;',
    '[at]',
    '"a":',
    '-----BEGIN ',
    'a',
    'é',
    '\u0301',
    ' ',
    '\\',
  ])('200,000 characters of %j are read in linear time', (unit) => {
    const hostile = unit.repeat(Math.ceil(200_000 / unit.length));
    for (const text of [hostile, `${hostile}!`, `x@${hostile}`])
      expect([null, expect.any(String)]).toContainEqual(piiKind(text));
  });
});
