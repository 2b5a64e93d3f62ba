import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldText, isCleanText } from '../../../../src/domain/privacy/shape/text.js';

describe('isCleanText', () => {
  test.each(['', 'plain', 'Ünïcödé', '日本語', '👩‍👩‍👧', 'a\u00a0b', '\u2028', '\ufffd'])(
    '%j is clean',
    (text) => {
      expect(isCleanText(text)).toBe(true);
    },
  );

  test.each([
    '\u0000',
    'a\nb',
    '\t',
    '\u001f',
    '\u007f',
    '\u0085',
    '\u009f',
    '\ud800',
    'a\udc00',
    '\udc00\ud800',
  ])('%j is not', (text) => {
    expect(isCleanText(text)).toBe(false);
  });
});

describe('foldText', () => {
  test.each([
    ['E-Mail', 'e-mail'],
    ['ｅｍａｉｌ', 'email'],
    ['e\u200bm\u00adail\ufeff', 'email'],
    ['еmаіl', 'email'],
    ['εmαιl', 'email'],
    ['É̈mäil', 'email'],
    ['𝕖𝗺𝒂𝖎𝓵', 'email'],
    ['ⓔⓜⓐⓘⓛ', 'email'],
    ['İSTANBUL ıſ', 'istanbul is'],
    ['a＠b。c', 'a@b.c'],
    ['١٢٣४५', '12345'],
    ['1‑2–3—4', '1-2-3-4'],
  ])('%j reads as %s', (text, folded) => {
    expect(foldText(text)).toBe(folded);
  });

  test('folding twice changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(foldText(foldText(text))).toBe(foldText(text));
      }),
      { numRuns: 2_000 },
    );
  });
});
