import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stableJson } from '../../src/auth/stable-json.js';

/** What the text is defined by, written the obvious way. */
function reference(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(reference).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, item]) => `${JSON.stringify(key)}:${reference(item)}`).join(',')}}`;
}

describe('stable JSON', () => {
  it('is, for every JSON value, the text with sorted keys', () => {
    fc.assert(
      fc.property(fc.json({ noUnicodeString: false }), (text) => {
        const value = JSON.parse(text);
        expect(stableJson(value)).toBe(reference(value));
        expect(JSON.parse(stableJson(value) ?? '')).toEqual(value);
      }),
    );
  });

  it.each([
    ['{"b":1,"a":{"d":2,"c":3}}', '{"a":{"c":3,"d":2},"b":1}'],
    ['{"ä":1,"z":2,"Z":3,"10":4,"9":5}', '{"10":4,"9":5,"Z":3,"z":2,"ä":1}'],
    ['{"\\ud83d\\ude00":1,"\\uff5e":2}', '{"\ud83d\ude00":1,"\uff5e":2}'],
    ['{"__proto__":{"a":1},"constructor":2,"toJSON":3}', '{"__proto__":{"a":1},"constructor":2,"toJSON":3}'],
    ['[1e21,1E20,-0,0.1e-6,1e400]', '[1e+21,100000000000000000000,0,1e-7,null]'],
    ['"\\u2028\\ud800\\u0000\\u007f"', '"\u2028\\ud800\\u0000\u007f"'],
    ['[[],{},[{}],null,true]', '[[],{},[{}],null,true]'],
  ])('of %s is %s', (text, expected) => {
    expect(stableJson(JSON.parse(text))).toBe(expected);
  });

  it('leaves out what has no JSON text', () => {
    expect(stableJson({ a: undefined, b: () => 1, c: [undefined, Symbol('x')] })).toBe('{"c":[null,null]}');
    expect(stableJson(undefined)).toBeNull();
  });

  it('knows no depth that overflows the stack', () => {
    const depth = 200_000;
    const text = '{"a":['.repeat(depth) + ']}'.repeat(depth);
    let value: unknown = [];
    for (let i = 0; i < depth; i++) value = i === 0 ? { a: [] } : { a: [value] };
    expect(stableJson(value)).toBe(text);
  });

  it('gives up when the text gets longer than allowed', () => {
    expect(stableJson(['xxxx'], 8)).toBe('["xxxx"]');
    expect(stableJson(['xxxx'], 7)).toBeNull();
    expect(stableJson('x'.repeat(9), 8)).toBeNull();
  });
});
