import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJsonText } from '../../src/catalogue/json-text.js';

describe('parseJsonText', () => {
  it.each([
    ['', 'expected a value, found the end of the file at line 1, column 1'],
    [' \n ', 'expected a value, found the end of the file at line 2, column 2'],
    ['{"a": 1,}', 'expected a key in double quotes, found } at line 1, column 9'],
    ['{\n  "a": 1\n  "b": 2\n}', 'expected "," or "}", found a string at line 3, column 3'],
    ['{"a" 1}', 'expected ":", found a number at line 1, column 6'],
    ['[1 2]', 'expected "," or "]", found a number at line 1, column 4'],
    ['[1,]', 'expected a value, found ] at line 1, column 4'],
    ['[', 'expected a value, found the end of the file at line 1, column 2'],
    ['{"a": {"b": tru}}', 'expected a value, found t at line 1, column 13'],
    ["{'a': 1}", "expected a key in double quotes, found ' at line 1, column 2"],
    ['{} {}', 'expected the end of the file, found { at line 1, column 4'],
    ['{}\nx', 'expected the end of the file, found x at line 2, column 1'],
    ['"\n"', 'expected a value, found " at line 1, column 1'],
    ['[01]', 'expected "," or "]", found a number at line 1, column 3'],
    ['// no comments', 'expected a value, found / at line 1, column 1'],
    ['{"a": 1,\n "b": {"c": 1, "c": 2}}', 'the key "c" stands twice in one object at line 2, column 16'],
    ['{"a": 1, "\\u0061": 2}', 'the key "a" stands twice in one object at line 1, column 10'],
    ['{"__proto__": {}}', 'the key "__proto__" is not allowed at line 1, column 2'],
    ['['.repeat(100), 'nested more than 64 deep at line 1, column 66'],
  ])('tells what is wrong with %j and where', (text, problem) => {
    expect(parseJsonText(text)).toEqual({ ok: false, error: `not JSON: ${problem}` });
  });

  it('prints nothing of a file that turns out to be something else', () => {
    const parsed = parseJsonText('SECRET_TOKEN=hunter2');
    expect(parsed).toMatchObject({ ok: false });
    expect(JSON.stringify(parsed)).not.toMatch(/SECRET|hunter/);
    expect(JSON.stringify(parseJsonText('["a" "hunter2"]'))).not.toMatch(/hunter/);
  });

  it('takes the same key in two objects, and skips a byte-order mark', () => {
    expect(parseJsonText('\uFEFF[{"a":1},{"a":2}]')).toEqual({ ok: true, value: [{ a: 1 }, { a: 2 }] });
  });

  it('reads every JSON value as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 8 }), fc.constantFrom(undefined, 2), (json, indent) => {
        const text = JSON.stringify(JSON.parse(json), null, indent);
        fc.pre(!text.includes('"__proto__"'));
        expect(parseJsonText(text)).toEqual({ ok: true, value: JSON.parse(text) });
      }),
    );
  });

  it('takes no text that JSON.parse refuses, and never throws', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"',
      '1',
      '-',
      '0',
      '.5',
      'null',
      ' ',
      '\n',
      'e1',
      '\\',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        const parsed = parseJsonText(text);
        if (parsed.ok) expect(parsed.value).toEqual(JSON.parse(text));
        else if (!/stands twice/.test(parsed.error)) expect(() => JSON.parse(text)).toThrow();
      }),
      { numRuns: 2_000 },
    );
  });
});
