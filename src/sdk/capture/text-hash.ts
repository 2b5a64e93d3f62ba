/** The two 32-bit halves of a key. */
export type HashKey = readonly [number, number];

/** 64 random bits from the platform. */
export function randomKey(): HashKey {
  const [low = 0, high = 0] = crypto.getRandomValues(new Uint32Array(2));
  return [low, high];
}

/**
 * HalfSipHash-2-4 with 64-bit output (Aumasson and Bernstein, https://github.com/veorq/SipHash) of a message of
 * 32-bit words, cut to the 53 bits that a number holds: the low half whole, 21 bits of the high half.
 *
 * A keyed pseudorandom function: under a random key two different inputs collide with a chance of 2⁻⁵³, and a
 * hash says nothing of its input to anybody without the key.
 */
export function halfSipHash([k0, k1]: HashKey, words: number, wordAt: (index: number) => number): number {
  let v0 = k0;
  let v1 = k1 ^ 0xee;
  let v2 = k0 ^ 0x6c796765;
  let v3 = k1 ^ 0x74656462;
  let low = 0;
  // The words; the last block, which is the length in bytes; two finalisations, which take in nothing.
  for (let index = 0; index < words + 3; index += 1) {
    const word = index < words ? wordAt(index) : index > words ? 0 : words << 26;
    if (index === words + 1) v2 ^= 0xee;
    if (index === words + 2) {
      low = v1 ^ v3;
      v1 ^= 0xdd;
    }
    v3 ^= word;
    for (let round = index > words ? 4 : 2; round > 0; round -= 1) {
      v0 = (v0 + v1) | 0;
      v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
      v0 = (v0 << 16) | (v0 >>> 16);
      v2 = (v2 + v3) | 0;
      v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
      v0 = (v0 + v3) | 0;
      v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
      v2 = (v2 + v1) | 0;
      v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
      v2 = (v2 << 16) | (v2 >>> 16);
    }
    v0 ^= word;
  }
  return ((v1 ^ v3) & 0x1f_ffff) * 0x1_0000_0000 + (low >>> 0);
}

/** The hash of a text, one UTF-16 unit to a word: lone surrogates count, and nothing is encoded or copied. */
export function hashText(key: HashKey, text: string): number {
  return halfSipHash(key, text.length, (index) => text.charCodeAt(index));
}

/**
 * A function that gives a text its hash, for `RevertDetector` on an editor other than Monaco. Hashes of two such
 * functions cannot be compared: each has a random key of its own, so that a hash is worth nothing outside the page.
 * Linear in the length of the text, some 10 ms for a million UTF-16 units.
 */
export function createTextHash(key: HashKey = randomKey()): (text: string) => number {
  return (text) => hashText(key, text);
}
