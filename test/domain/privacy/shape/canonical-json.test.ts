import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../../../src/domain/privacy/shape/canonical-json.js';

describe('canonicalJson', () => {
  test.each([
    [{ b: 1, a: [true, null, 'x'] }, '{"a":[true,null,"x"],"b":1}'],
    [{ a: undefined, b: { d: 1, c: undefined } }, '{"b":{"d":1}}'],
    [[undefined, 1], '[null,1]'],
    [{ é: 1, z: 2, Z: 3, 10: 4, 9: 5 }, '{"10":4,"9":5,"Z":3,"z":2,"é":1}'],
    [{}, '{}'],
    [[], '[]'],
    ['\u0000"\ud800', '"\\u0000\\"\\ud800"'],
    [-0, '0'],
    [Number.NaN, 'null'],
    [undefined, 'null'],
  ])('%j is written as %s', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  test('is the same JSON, and does not depend on the order of the keys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(reversed(value))).toBe(text);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });

  test('what is no JSON at all is null', () => {
    expect(canonicalJson([10n, () => 1, Symbol('x')])).toBe('[null,null,null]');
  });

  test('takes a value that is 100,000 deep', () => {
    let deep: unknown = 1;
    for (let depth = 0; depth < 100_000; depth++) deep = depth % 2 ? [deep] : { a: deep };
    expect(canonicalJson(deep)).toHaveLength(50_000 * ('{"a":}'.length + '[]'.length) + 1);
  });
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, member]) => [key, reversed(member)] as const);
  return Object.fromEntries(entries.reverse());
}
