import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../../../src/domain/privacy/shape/canonical-json.js';

/** What the text is defined by, written the obvious way. */
function reference(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(reference).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, item]) => `${JSON.stringify(key)}:${reference(item)}`).join(',')}}`;
}

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

  test.each([
    ['{"b":1,"a":{"d":2,"c":3}}', '{"a":{"c":3,"d":2},"b":1}'],
    ['{"ä":1,"z":2,"Z":3,"10":4,"9":5}', '{"10":4,"9":5,"Z":3,"z":2,"ä":1}'],
    ['{"\\ud83d\\ude00":1,"\\uff5e":2}', '{"\ud83d\ude00":1,"\uff5e":2}'],
    ['{"__proto__":{"a":1},"constructor":2,"toJSON":3}', '{"__proto__":{"a":1},"constructor":2,"toJSON":3}'],
    ['[1e21,1E20,-0,0.1e-6,1e400]', '[1e+21,100000000000000000000,0,1e-7,null]'],
    ['"\\u2028\\ud800\\u0000\\u007f"', '"\u2028\\ud800\\u0000\u007f"'],
    ['[[],{},[{}],null,true]', '[[],{},[{}],null,true]'],
  ])('of the JSON %s is %s', (text, expected) => {
    expect(canonicalJson(JSON.parse(text))).toBe(expected);
  });

  test('is, for every JSON value, the text with sorted keys', () => {
    fc.assert(
      fc.property(fc.json({ noUnicodeString: false }), (text) => {
        const value = JSON.parse(text);
        expect(canonicalJson(value)).toBe(reference(value));
      }),
    );
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

  test('what is no JSON at all is left out of objects, and is null elsewhere', () => {
    expect(canonicalJson([10n, () => 1, Symbol('x')])).toBe('[null,null,null]');
    expect(canonicalJson({ a: undefined, b: () => 1, c: [undefined, Symbol('x')], d: 10n })).toBe(
      '{"c":[null,null]}',
    );
  });

  test('takes a value that is 200,000 deep', () => {
    const pairs = 100_000;
    let deep: unknown = 1;
    for (let depth = 0; depth < pairs; depth++) deep = { a: [deep] };
    expect(canonicalJson(deep)).toBe(`${'{"a":['.repeat(pairs)}1${']}'.repeat(pairs)}`);
  });

  test('gives up when the text gets longer than allowed', () => {
    expect(canonicalJson(['xxxx'], 8)).toBe('["xxxx"]');
    expect(canonicalJson(['xxxx'], 7)).toBeNull();
    expect(canonicalJson('x'.repeat(9), 8)).toBeNull();
  });
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, member]) => [key, reversed(member)] as const);
  return Object.fromEntries(entries.reverse());
}
