const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');

/**
 * A UUID version 7 (RFC 9562 section 5.7): 48 bits of milliseconds since 1970, 74 random bits. Ids of different
 * milliseconds are in their order; within one, `seq` tells. Works on insecure pages, where `crypto.randomUUID`
 * is missing.
 */
export function uuidV7(
  nowMs: number,
  fillRandom: (words: Uint32Array<ArrayBuffer>) => unknown = (words) => crypto.getRandomValues(words),
): string {
  const words = new Uint32Array(3);
  fillRandom(words);
  const time = hex(nowMs, 12);
  const [first = 0, second = 0, third = 0] = words;
  const random = hex(first, 8);
  // The last byte of the first word is used for the variant alone.
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-${'89ab'[first & 3]}${random.slice(3, 6)}-${hex(second, 8)}${hex(third, 8).slice(4)}`;
}
