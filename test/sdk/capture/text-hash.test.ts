import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTextHash } from '../../../src/sdk/capture/index.js';
import { halfSipHash } from '../../../src/sdk/capture/text-hash.js';

/** `vectors_hsip64` of the reference implementation: key 00…07, message 00 01 02 …, of 0, 4, 8 and 12 bytes. */
const vectors = [
  [0, '218d1f59b9b83cc8'],
  [4, 'd5e78a175be52ea1'],
  [8, 'edfee820bce4858c'],
  [12, '7bc71f9faef5c799'],
] as const;

describe('halfSipHash', () => {
  it.each(vectors)('gives 53 bits of the reference vector of %i bytes', (bytes, expected) => {
    const key = [0x03020100, 0x07060504] as const;
    const wordAt = (index: number) => 0x03020100 + index * 0x04040404;
    const output = Buffer.from(expected, 'hex');
    const bits = output.readUInt32LE(0) + (output.readUInt32LE(4) & 0x1f_ffff) * 2 ** 32;
    expect(halfSipHash(key, bytes / 4, wordAt)).toBe(bits);
  });
});

describe('createTextHash', () => {
  it('gives one text one hash, and two texts two', () => {
    const hash = createTextHash();
    const text = fc.string({ unit: 'binary', maxLength: 40 });
    fc.assert(
      fc.property(text, text, (one, other) => {
        expect(hash(one) === hash(other)).toBe(one === other);
        expect(Number.isSafeInteger(hash(one))).toBe(true);
      }),
    );
  });

  it.each([
    ['', '\0'],
    ['a', 'a\0'],
    ['ab', 'ba'],
    ['\ud800', '\ufffd'],
    ['x'.repeat(64), 'x'.repeat(128)],
  ])('tells %j from %j', (one, other) => {
    const hash = createTextHash();
    expect(hash(one)).not.toBe(hash(other));
  });

  it('uses all 53 bits', () => {
    const hash = createTextHash([1, 2]);
    const counts = new Array<number>(53).fill(0);
    for (let index = 0; index < 1_000; index += 1) {
      const bits = hash(`line ${index}`).toString(2).padStart(53, '0');
      for (const [position, bit] of [...bits].entries())
        counts[position] = (counts[position] ?? 0) + Number(bit);
    }
    for (const count of counts) expect(Math.abs(count - 500)).toBeLessThan(120);
  });

  it('has a key of its own each time: hashes of two instances cannot be compared', () => {
    expect(createTextHash()('secret')).not.toBe(createTextHash()('secret'));
    expect(createTextHash([1, 2])('secret')).toBe(createTextHash([1, 2])('secret'));
  });
});
