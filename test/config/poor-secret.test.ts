import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { secretProblem } from '../../src/config/index.js';

const alphabets = {
  hex: '0123456789abcdef',
  decimal: '0123456789',
  base64: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
};

describe('a secret', () => {
  it.each([
    ['', 'is empty'],
    [' \n ', 'is empty'],
    ['x'.repeat(31), 'must have at least 32 bytes'],
    ['x'.repeat(32), 'repeats one short pattern'],
    ['\0'.repeat(32), 'repeats one short pattern'],
    ['ab'.repeat(16), 'repeats one short pattern'],
    ['password'.repeat(4), 'repeats one short pattern'],
    ['1234567890'.repeat(4), 'repeats one short pattern'],
    ['changeit!'.repeat(4).slice(0, 33), 'repeats one short pattern'],
    ['é'.repeat(32), 'repeats one short pattern'],
    [`${'a'.repeat(31)}b`, 'has too few different characters'],
    [`b${'a'.repeat(31)}`, 'has too few different characters'],
    [`${'0'.repeat(40)}123456`, 'has too few different characters'],
    [`${'a'.repeat(16)}${'b'.repeat(16)}`, 'has too few different characters'],
    ['change-me-change-me-change-me-change-me', 'is a placeholder'],
  ])('is refused where it is %j', (text, problem) => {
    expect(secretProblem(text)).toMatch(new RegExp(`^${problem}`));
  });

  it('is taken where it is long and no pattern', () => {
    for (const text of [
      '0123456789abcdef0123456789abcdef',
      'a production salt secret, long enough to be one',
    ])
      expect(secretProblem(text)).toBeNull();
  });

  it.each(Object.entries(alphabets))(
    'of 32 random characters (%s) is never taken for a poor one',
    (_, letters) => {
      const character = fc.constantFrom(...letters);
      // Drawn evenly: fast-check would otherwise prefer repetitions, which no source of secrets does.
      const random = fc.noBias(fc.array(fc.noBias(character), { minLength: 32, maxLength: 32 }));
      fc.assert(
        fc.property(random, (drawn) => secretProblem(drawn.join('')) === null),
        { numRuns: 2_000 },
      );
    },
  );

  it('that repeats a pattern of up to 15 characters is always refused', () => {
    const pattern = fc.string({ minLength: 1, maxLength: 15 }).filter((text) => text.trim() !== '');
    fc.assert(
      fc.property(pattern, fc.nat(20), (text, more) => {
        const repeated = text.repeat(Math.ceil(32 / text.length) + more);
        return secretProblem(repeated) !== null;
      }),
    );
  });
});
