import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../../src/contract/index.js';
import { findPii, isDangerousKey } from '../../../src/domain/privacy/pii.js';

describe('findPii', () => {
  test.each<[JsonValue, 'PII_KEY' | 'PII_VALUE' | null]>([
    [{ userEmail: 'x' }, 'PII_KEY'],
    [{ note: 'a@b.c' }, 'PII_VALUE'],
    ['a@b.c', 'PII_VALUE'],
    [['x', ['a@b.c']], 'PII_VALUE'],
    [{ a: { b: { c: { d: { e: { f: { 'E-Mail': 1 } } } } } } }, 'PII_KEY'],
    [{ a: [{ b: [{ phone: null }] }] }, 'PII_KEY'],
    [{ 'alice@example.org': 1 }, 'PII_VALUE'],
    [{ note: '{"email":"x"}' }, 'PII_KEY'],
    [{ note: '[{"a":"alice@example.org"}]' }, 'PII_VALUE'],
    [{ note: '{"a":"alice\\u0040example.org"}' }, 'PII_VALUE'],
    [{ note: '{"em\\u0061il":1}' }, 'PII_KEY'],
    [{ note: '"alice\\u0040example.org"' }, 'PII_VALUE'],
    [{ note: 'cut off: {"password":"x","a":[' }, 'PII_KEY'],
    [{ note: JSON.stringify({ a: JSON.stringify({ b: JSON.stringify({ ip: 1 }) }) }) }, 'PII_KEY'],
    [{ amount: 4111111111111111 }, 'PII_VALUE'],
    [{ amount: -4111111111111111 }, 'PII_VALUE'],
    [{ amount: 378282246310005 }, 'PII_VALUE'],
    [{ amount: 4111111111111112 }, null],
    [{ at: 1700000000000, phoneless: 4155550123 }, null],
    [{ ok: true, none: null, list: [], nested: {} }, null],
    [{ note: '{not json' }, null],
    [{ note: '{"language":"en","durationMs":12}' }, null],
    [null, null],
  ])('%j: %s', (value, verdict) => {
    expect(findPii(value)).toBe(verdict);
  });

  test('JSON text in more layers than anybody needs is refused', () => {
    const wrap = (layers: number) => {
      let text = 'x';
      for (let layer = 0; layer < layers; layer++) text = JSON.stringify({ a: text });
      return { note: text };
    };
    expect(findPii(wrap(4))).toBeNull();
    expect(findPii(wrap(5))).toBe('PII_VALUE');
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
    expect(findPii(deep)).toBe('PII_VALUE');
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
