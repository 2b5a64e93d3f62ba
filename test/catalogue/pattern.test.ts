import { runInThisContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern } from '../../src/catalogue/pattern.js';

function matcher(source: string): (text: string) => boolean {
  const compiled = compilePattern(source);
  if (!compiled.ok) throw new Error(compiled.error);
  return (text) => compiled.value.test(text);
}

/**
 * What JavaScript's own engine answers for each text. Null where it backtracks for too long: of 60,000 such patterns 18
 * kept it for more than two seconds on six characters, and a test that waits for it may wait for ever.
 */
function nativeAnswers(source: string, texts: readonly string[]): readonly boolean[] | null {
  const pattern = `new RegExp(${JSON.stringify(source)}, 'u')`;
  try {
    return runInThisContext(`${JSON.stringify(texts)}.map((text) => ${pattern}.test(text))`, {
      timeout: 500,
    });
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return null;
    throw error;
  }
}

const atoms = [
  'a',
  'b',
  '.',
  '[ab]',
  '[^a]',
  '[a-c\\]]',
  '\\d',
  '\\.',
  '\\p{L}',
  '\\u0061',
  '\\u{1F600}',
  '\\uD83D\\uDE00',
  '😀',
  '\\s',
  '\\S',
  '[\\s1]',
  '[^\\S]',
  '[[:b]',
  '[^]',
  '[\\b]',
  '\\cJ',
  '\\p{Script=Greek}',
  '\\P{gc=Lu}',
];
const quantifiers = ['', '', '*', '+', '?', '{2}', '{1,}', '{0,2}', '{0}', '*?', '+?'];
const { pattern } = fc.letrec<{ pattern: string; item: string }>((tie) => ({
  item: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(...atoms),
    tie('pattern').map((inner) => `(?:${inner})`),
    fc.tuple(tie('pattern'), tie('pattern')).map(([left, right]) => `(${left}|${right})`),
  ),
  pattern: fc
    .array(fc.tuple(tie('item'), fc.constantFrom(...quantifiers)), { maxLength: 3 })
    .map((items) => items.map(([item, quantifier]) => item + quantifier).join('')),
}));
const text = fc
  .array(
    fc.constantFrom(
      'a',
      'b',
      'c',
      ']',
      '.',
      '1',
      'é',
      '😀',
      '\n',
      '\ud83d',
      'Ω',
      '\u2028',
      '\u00a0',
      '\u0008',
    ),
    { maxLength: 6 },
  )
  .map((characters) => characters.join(''));

describe('compilePattern', () => {
  it('answers what a JavaScript regular expression with the flag u answers', () => {
    let matched = 0;
    fc.assert(
      fc.property(pattern, fc.array(text, { minLength: 1, maxLength: 8 }), (source, texts) => {
        const test = matcher(`^${source}$`);
        const answers = nativeAnswers(`^${source}$`, texts);
        fc.pre(answers !== null);
        matched += answers.filter(Boolean).length;
        expect(texts.map(test)).toEqual(answers);
      }),
      { numRuns: 1_000 },
    );
    expect(matched).toBeGreaterThan(100);
  });

  it.each(['^(a+)+$', '^(?:a|a)*$', '^(?:a|aa)+$', '^a*a*a*a*a*a*a*a*$', '^(?:(?:a*)*)*$'])(
    'matches %s, which makes a backtracking engine hang, in time that grows with the text only',
    (source) => {
      // A backtracking engine would need up to 2^4000 steps: to come back at all is the proof.
      const test = matcher(source);
      expect(test(`${'a'.repeat(4_000)}!`)).toBe(false);
      expect(test('a'.repeat(4_000))).toBe(true);
    },
  );

  it.each([
    ['a', 'must start with ^ and end with $'],
    ['^a', 'must start with ^ and end with $'],
    ['a$', 'must start with ^ and end with $'],
    ['^a\\$', 'must start with ^ and end with $'],
    ['^a\\\\\\$', 'must start with ^ and end with $'],
    ['^a|b$', 'must hold its alternatives in a group: ^(?:a|b)$'],
    ['^(?=a)a$', 'may not use lookaround, named groups or flags: use (?:…)'],
    ['^(?<!a)a$', 'may not use lookaround, named groups or flags: use (?:…)'],
    ['^(?<name>a)$', 'may not use lookaround, named groups or flags: use (?:…)'],
    ['^(a)\\1$', 'may not use back-references or word boundaries'],
    ['^\\ba$', 'may not use back-references or word boundaries'],
    ['^a^b$', 'may hold ^ and $ at its two ends only'],
    ['^(?:a$|b)$', 'may hold ^ and $ at its two ends only'],
  ])('refuses %s', (source, problem) => {
    expect(compilePattern(source)).toEqual({ ok: false, error: problem });
  });

  it.each(['^a($', '^[z-a]$', '^a**$', '^\\q$', '^{$'])(
    'refuses %s with the words of the engine',
    (source) => {
      expect(compilePattern(source)).toMatchObject({
        ok: false,
        error: expect.stringMatching(/^is no regular expression: Invalid regular expression/),
      });
    },
  );

  it.each(['^[a-z]{2001}$', '^(?:a{50}){50}$', '^(?:(?:){9}){100000}$', '^a{0,1001}$'])(
    'refuses %s, as nothing is repeated more than 1,000 times',
    (source) => {
      expect(compilePattern(source)).toMatchObject({
        ok: false,
        error: expect.stringContaining('invalid repeat count'),
      });
    },
  );

  it.each(['^\\p{Letter}$', '^[\\p{Script_Extensions=Greek}]$'])(
    'refuses %s, a name of characters that RE2 does not know',
    (source) => {
      expect(compilePattern(source)).toMatchObject({
        ok: false,
        error: expect.stringMatching(/^is not a pattern of RE2: .*invalid character class range/),
      });
    },
  );

  it('tells different patterns apart as text, which Ajv keeps them by', () => {
    const texts = ['^a$', '^b$'].map((source) => {
      const compiled = compilePattern(source);
      return compiled.ok ? String(compiled.value) : '';
    });
    expect(texts).toEqual(['/^a$/u', '/^b$/u']);
  });
});
