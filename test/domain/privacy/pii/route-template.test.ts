import { createHash, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toRouteTemplate } from '../../../../src/domain/privacy/pii/route-template.js';

const kept = [
  '/',
  '/blog/tags/puppet',
  '/style2.css',
  '/presentations/logstash-monitorama-2013/images/kibana-search.png',
  '/files/logstash/logstash-1.3.2-monolithic.jar',
  '/blog/geekery/disabling-battery-in-ubuntu-vms.html',
  '/images/jordan-80.png',
  '/misc/Title.php.txt',
  '/projects/xdotool/',
  '/reset.css',
  '/robots.txt',
  '/2013/archive',
  '/blog/20130512-title',
  '/v2/api',
  '/v1.2.3/docs',
  '/iso-27001',
  '/rfc7231',
  '/sha256',
  '/utf8mb4',
  '/i18n/en-US',
  '/oauth2/callback',
  '/2fa',
  '/3d-models',
  '/top10',
  '/face2018',
  '/decafbad',
  '/win32x64',
  '/es2015-features',
  '/s3-bucket-us-east-1a',
  '/iPhone15ProMax',
  '/PostgreSQL15Docs',
  '/thisIsACamelCase',
  '/img/icon@2x.png',
  '/404',
  '/500',
  '/日本語/ページ',
  '/getting-started-with-k8s-2nd-edition',
  '/journeys/[journeyId]/edit',
  '/docs/[[...slug]]',
  '/[...slug]',
  '/a/:id/b',
  '/x/{userId}',
  '/flask/<int:id>',
  '/remix/$userId',
  '/x/%E0%A4%A',
];

const templated = [
  ['/users/123/edit', '/users/[id]/edit'],
  ['/users/7', '/users/[id]'],
  ['/u/0190a2d8-5a8a-7c2a-9f2e-123456789012', '/u/[id]'],
  ['/u/0190A2D85A8A7C2A9F2E123456789012', '/u/[id]'],
  ['/u/507f1f77bcf86cd799439011/x', '/u/[id]/x'],
  ['/u/01ARZ3NDEKTSV4RRFFQ69G5FAV', '/u/[id]'],
  ['/u/cjld2cjxh0000qzrmn831i7rn', '/u/[id]'],
  ['/u/tz4a98xxat96iws9zmbrgj3a', '/u/[id]'],
  ['/u/V1StGXR8_Z5jdHi6B-myT', '/u/[id]'],
  ['/v/dQw4w9WgXcQ', '/v/[id]'],
  ['/b/QWxhZGRpbjpvcGVuIHNlc2FtZQ==', '/b/[id]'],
  ['/b/QWxhZGRpbjpvcGVuIHNlc2FtZQ%3D%3D', '/b/[id]'],
  ['/commit/a1b2c3d4', '/commit/[id]'],
  ['/articles/my-title-8f3a9c2b1d4e', '/articles/[id]'],
  ['/order/ORD-2024-000123', '/order/[id]'],
  ['/call/4155550123', '/call/[id]'],
  ['/a?x=1', '/a'],
  ['/a#x', '/a'],
  ['/a?email=alice@example.org&token=abc', '/a'],
  ['/a?\u0000', '/a'],
  ['/a//b///c', '/a/b/c'],
  ['/a;jsessionid=1A2B3C4D5E6F/b', '/a/b'],
  ['https://example.org/a/1?b', '/a/[id]'],
  ['https://alice:pw@example.org/a', '/a'],
  ['https://example.org', '/'],
  ['https://example.org?x', '/'],
] as const;

const refused = [
  ['PII_VALUE', 'pii.email', '/users/alice@example.org'],
  ['PII_VALUE', 'pii.email', '/users/alice@example.org?token=1'],
  ['PII_VALUE', 'pii.email', '/users/alice%40example.org'],
  ['PII_VALUE', 'pii.email', '/users/alice%2540example.org'],
  ['PII_VALUE', 'pii.email', '/users/ａｌｉｃｅ＠example.org'],
  ['PII_VALUE', 'pii.email', '/users/[alice@example.org]'],
  ['PII_VALUE', 'pii.phone', '/call/+14155550123'],
  ['PII_VALUE', 'pii.phone', '/call/%2B14155550123'],
  ['PII_VALUE', 'pii.phone', '/call/(415) 555-0123'],
  ['PII_VALUE', 'pii.phone', '/call/0211234567'],
  ['PII_VALUE', 'pii.card', '/pay/4111111111111111'],
  ['PII_VALUE', 'pii.jwt', '/t/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln'],
  ['PII_VALUE', 'pii.ip', '/ip/192.0.2.7/x'],
  ['PII_VALUE', 'pii.ip', '/ip/2001:db8::1'],
  // The slashes are one by then, so that only the address is left to be seen.
  ['PII_VALUE', 'pii.email', '/go/https://alice:pw@example.org/'],
  ['PII_VALUE', 'pii.urlCredentials', '/go/https%3A%2F%2Falice:pw%40host/'],
  ['PII_VALUE', 'pii.secret', '/key/AKIAABCDEFGHIJKLMNOP'],
  ['INVALID_TEXT', 'characters', '/a\u0000'],
  ['INVALID_TEXT', 'characters', '/a%00b'],
  ['INVALID_TEXT', 'characters', '/a\ud800'],
  ['INVALID_TEXT', 'characters', '/a\nb'],
  ['INVALID_ROUTE', 'path', ''],
  ['INVALID_ROUTE', 'path', 'a'],
  ['INVALID_ROUTE', 'path', '?a'],
  ['INVALID_ROUTE', 'path', 'javascript:alert(1)'],
  ['INVALID_ROUTE', 'maxLength', `/${'a'.repeat(256)}`],
  ['INVALID_ROUTE', 'maxLength', '/1'.repeat(100)],
] as const;

describe('toRouteTemplate', () => {
  test.each(kept)('%s stays as it is', (route) => {
    expect(toRouteTemplate(route)).toEqual({ ok: true, value: route });
  });

  test.each(templated)('%j becomes %s', (route, template) => {
    expect(toRouteTemplate(route)).toEqual({ ok: true, value: template });
  });

  test.each(refused)('%s, %s: %j', (reason, rule, route) => {
    expect(toRouteTemplate(route)).toEqual({ ok: false, error: { reason, rule } });
  });

  test('256 characters pass', () => {
    expect(toRouteTemplate(`/${'a'.repeat(255)}`)).toMatchObject({ ok: true });
  });

  test('what libraries make as an id never stays', () => {
    const ids = fc.oneof(
      fc.uuid(),
      fc.constant(null).map(() => randomUUID()),
      fc
        .nat()
        .map((number) => String(number))
        .filter((text) => !/^(?:19|20)\d\d$/.test(text) && text.length < 8),
      // As random as they are; fast-check likes rows of digits that would be card numbers.
      fc.ulid().filter((id) => !/\d{13}/.test(id)),
      fc.string().map((text) => createHash('sha256').update(text).digest('hex')),
      fc.string().map((text) => createHash('sha1').update(text).digest('hex').slice(0, 24)),
    );
    fc.assert(
      fc.property(ids, (id) => {
        expect(toRouteTemplate(`/things/${id}/edit`)).toEqual({ ok: true, value: '/things/[id]/edit' });
      }),
      { numRuns: 1_000 },
    );
  });

  const lower = 'abcdefghijklmnopqrstuvwxyz';
  const base36 = `${lower}0123456789`;
  const base62 = `${base36}${lower.toUpperCase()}`;
  // A random id can look like a name. The floors lie a few per cent below what was measured on 20,000 of each.
  test.each([
    ['cuid', base36, 25, 0.95],
    ['nanoid', `${base62}-_`, 21, 0.92],
    ['16 characters of base 62', base62, 16, 0.9],
    ['12 hex digits', '0123456789abcdef', 12, 0.88],
    ['8 characters of base 62', base62, 8, 0.6],
  ])('most random ids of the kind %s are replaced', (_, alphabet, length, floor) => {
    const digest = (index: number) => createHash('sha512').update(`${alphabet} ${index}`).digest();
    const random = (index: number) =>
      [...digest(index).subarray(0, length)].map((byte) => alphabet[byte % alphabet.length]).join('');
    const routes = Array.from({ length: 2_000 }, (_, index) => toRouteTemplate(`/things/${random(index)}`));
    const left = routes.filter((answer) => answer.ok && answer.value !== '/things/[id]');
    expect(1 - left.length / routes.length).toBeGreaterThanOrEqual(floor);
  });

  test('a template is its own template', () => {
    const segment = fc.oneof(
      fc.webSegment(),
      fc.constantFrom('a', '12', 'b2', '[id]', ':x', fc.sample(fc.uuid(), 1)[0] ?? ''),
    );
    fc.assert(
      fc.property(fc.array(segment), (segments) => {
        const once = toRouteTemplate(`/${segments.join('/')}`);
        if (once.ok) expect(toRouteTemplate(once.value)).toEqual(once);
      }),
    );
  });
});

test('a route counts without its costume, and long ones are not normalised', () => {
  const tooLong = { ok: false, error: { reason: 'INVALID_ROUTE', rule: 'maxLength' } };
  expect(toRouteTemplate(`/${'\ufdfa'.repeat(20)}`)).toEqual(tooLong);
  expect(toRouteTemplate(`/${'\ufdfa'.repeat(255)}`)).toEqual(tooLong);
  expect(toRouteTemplate('/\ufdfa')).toEqual({ ok: true, value: '/\ufdfa' });
});
