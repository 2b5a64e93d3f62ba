import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decomposedLength,
  foldText,
  isCleanText,
  isLongerThan,
} from '../../../../src/domain/privacy/shape/text.js';

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

describe('lengths without a costume', () => {
  test('a character counts as what it stands for', () => {
    expect(decomposedLength('abc')).toBe(3);
    expect(decomposedLength('\ufdfa')).toBe(18);
    expect(isLongerThan('a'.repeat(256), 256)).toBe(false);
    expect(isLongerThan('a'.repeat(257), 256)).toBe(true);
    expect(isLongerThan('\ufdfa'.repeat(15), 256)).toBe(true);
    expect(isLongerThan('\ufdfa'.repeat(256), 256)).toBe(true);
  });

  test.each(['é', 'ế', 'й', '각', 'ᾷ', '語', 'ก', 'ض', 'क', 'Ａ'])('of %s 256 are 256', (letter) => {
    expect(isLongerThan(letter.normalize('NFC').repeat(256), 256)).toBe(false);
    // No more characters than bytes: a limit in bytes is not reached earlier than before.
    expect(decomposedLength(letter)).toBeLessThanOrEqual(Buffer.byteLength(letter));
  });
});
