import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../../../src/contract/index.js';
import { findPii, type PiiFinding } from '../../../../src/domain/privacy/pii/pii.js';
import { isDangerousKey } from '../../../../src/domain/privacy/shape/dangerous-keys.js';

describe('findPii', () => {
  test.each<[JsonValue, path: string, rule: PiiFinding['rule']]>([
    [{ userEmail: 'x' }, '/userEmail', 'pii.key'],
    [{ note: 'a@b.c' }, '/note', 'pii.email'],
    ['a@b.c', '', 'pii.email'],
    [['x', ['a@b.c']], '/1/0', 'pii.email'],
    [{ a: { b: { c: { d: { e: { f: { 'E-Mail': 1 } } } } } } }, '/a/b/c/d/e/f/E-Mail', 'pii.key'],
    [{ a: [{ b: [{ phone: null }] }] }, '/a/0/b/0/phone', 'pii.key'],
    [{ 'alice@example.org': 1 }, '', 'pii.email'],
    [{ a: { 'call 415-555-0123': 1 } }, '/a', 'pii.phone'],
    [{ a: { 'tel415-555-0123': 1 } }, '/a', 'pii.key'],
    [{ a: { [`email${'x'.repeat(200)}`]: 1 } }, '/a', 'pii.key'],
    [{ note: '{"email":"x"}' }, '/note', 'pii.key'],
    [{ note: '[{"a":"alice@example.org"}]' }, '/note', 'pii.email'],
    [{ note: '{"a":"alice\\u0040example.org"}' }, '/note', 'pii.email'],
    [{ note: '{"em\\u0061il":1}' }, '/note', 'pii.key'],
    [{ note: '"alice\\u0040example.org"' }, '/note', 'pii.email'],
    [{ note: 'cut off: {"password":"x","a":[' }, '/note', 'pii.key'],
    [{ note: JSON.stringify({ a: JSON.stringify({ b: JSON.stringify({ ip: 1 }) }) }) }, '/note', 'pii.key'],
    [[0, '["{\\"a\\":[\\"\\u002b14155550123\\"]}"]'], '/1', 'pii.phone'],
    [{ amount: 4111111111111111 }, '/amount', 'pii.card'],
    [{ amount: -4111111111111111 }, '/amount', 'pii.card'],
    [{ amount: 378282246310005 }, '/amount', 'pii.card'],
    [{ amount: ['4111 1111 1111 1111'] }, '/amount/0', 'pii.card'],
    [{ at: '192.0.2.7' }, '/at', 'pii.ip'],
    [{ at: 'call (415) 555-0123' }, '/at', 'pii.phone'],
    [{ at: 'https://u:p@example.org' }, '/at', 'pii.urlCredentials'],
    [{ at: 'Bearer abc123' }, '/at', 'pii.secret'],
    [{ at: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln' }, '/at', 'pii.jwt'],
  ])('%j: %s, %s', (value, path, rule) => {
    expect(findPii(value)).toEqual({ reason: rule === 'pii.key' ? 'PII_KEY' : 'PII_VALUE', path, rule });
  });

  test.each<[JsonValue]>([
    [{ amount: 4111111111111112 }],
    [{ at: 1700000000000, phoneless: 4155550123 }],
    [{ ok: true, none: null, list: [], nested: {} }],
    [{ note: '{not json' }],
    [{ note: '{"language":"en","durationMs":12}' }],
    [null],
  ])('%j: nothing', (value) => {
    expect(findPii(value)).toBeNull();
  });

  test.each<[JsonValue, path: string]>([
    [{ a: 'a@b.c', b: 'c@d.e' }, '/a'],
    [{ a: { b: ['x', 'a@b.c', 'c@d.e'] }, b: 'c@d.e', c: { email: 1 } }, '/a/b/1'],
    [['{"a":"a@b.c"}', { email: 1 }], '/0'],
    [{ a: 'a@b.c', email: 1 }, '/email'],
  ])('%j: the first is %s', (value, path) => {
    expect(findPii(value)).toMatchObject({ path });
  });

  test('a path ends before the first name that may not be shown', () => {
    expect(findPii({ a: { 'two words': { b: 'a@b.c' } } })).toMatchObject({ path: '/a' });
    expect(findPii({ a: { 日本語: [{ email: 1 }] } })).toMatchObject({ path: '/a', rule: 'pii.key' });
  });

  test('JSON text in more layers than anybody needs is refused', () => {
    const wrap = (layers: number) => {
      let text = 'x';
      for (let layer = 0; layer < layers; layer++) text = JSON.stringify({ a: text });
      return { note: text };
    };
    expect(findPii(wrap(4))).toBeNull();
    expect(findPii(wrap(5))).toEqual({ reason: 'PII_VALUE', path: '/note', rule: 'pii.nested' });
  });

  test('nothing planted survives, however deep and in whatever costume', () => {
    fc.assert(
      fc.property(planted, (value) => {
        expect(findPii(value)).not.toBeNull();
      }),
      { numRuns: 2_000 },
    );
  });

  test('the same places without anything planted pass', () => {
    fc.assert(
      fc.property(nest(fc.constantFrom<JsonValue>('click', 12, true, null, { language: 'en' })), (value) => {
        expect(findPii(value)).toBeNull();
      }),
    );
  });

  test('takes a value that is 100,000 deep', () => {
    let deep: JsonValue = 'alice@example.org';
    for (let depth = 0; depth < 100_000; depth++) deep = depth % 2 ? [deep] : { a: deep };
    expect(findPii(deep)).toMatchObject({ reason: 'PII_VALUE', rule: 'pii.email' });
    expect(findPii(`${'['.repeat(100_000)}1${']'.repeat(100_000)}`)).toBeNull();
  });
});

describe('isDangerousKey', () => {
  test.each(['__proto__', 'constructor', 'prototype', 'toJSON', 'hasOwnProperty', 'valueOf', 'toString'])(
    '%s is one',
    (key) => {
      expect(isDangerousKey(key)).toBe(true);
    },
  );

  test.each(['proto', 'construct', 'json', 'a', ''])('%j is none', (key) => {
    expect(isDangerousKey(key)).toBe(false);
  });
});

const wide = (text: string) =>
  text.replace(/[!-~]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0));
const veiled = (text: string) => [...text].join('\u200b');
const escaped = (text: string) =>
  [...text].map((letter) => `%${letter.charCodeAt(0).toString(16).padStart(2, '0')}`).join('');
const inSentence = (text: string) => `see ${text} for more`;

const costume = fc.constantFrom(
  (text: string) => text,
  wide,
  veiled,
  (text: string) => text.toUpperCase(),
);
const valueCostume = fc.constantFrom((text: string) => text, wide, veiled, escaped, inSentence);

const planted: fc.Arbitrary<JsonValue> = nest(
  fc.oneof(
    fc
      .tuple(
        fc.constantFrom(
          'alice@example.org',
          '+14155550123',
          '(415) 555-0123',
          '4111 1111 1111 1111',
          '192.0.2.7',
          '2001:db8::1',
          'https://u:p@example.org',
          'Bearer abc123',
          'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln',
        ),
        valueCostume,
      )
      .map(([text, dress]) => dress(text)),
    fc
      .tuple(
        fc.constantFrom(
          'email',
          'userEmail',
          'first_name',
          'phoneNumber',
          'ip',
          'user_id',
          'accessToken',
          'password',
        ),
        costume,
      )
      .map(([key, dress]) => ({ [dress(key)]: 1 })),
    fc.constantFrom(4111111111111111, 378282246310005),
  ),
);

/** The value inside objects, arrays and JSON text, among harmless neighbours. */
function nest(inner: fc.Arbitrary<JsonValue>): fc.Arbitrary<JsonValue> {
  const layers = fc.array(fc.constantFrom('object', 'array', 'text'), { maxLength: 12 });
  return fc.tuple(inner, layers).map(([value, wraps]) => {
    let texts = 0;
    return wraps.reduce<JsonValue>((nested, wrap) => {
      if (wrap === 'array') return ['x', nested, 1];
      if (wrap === 'object' || ++texts > 3) return { kind: 'x', value: nested, language: 'en' };
      return JSON.stringify({ value: nested });
    }, value);
  });
}
