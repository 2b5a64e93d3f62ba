/**
 * A UUID version 7 (RFC 9562 section 5.7): 48 bits of milliseconds since 1970, and 74 random bits. Ids of
 * different milliseconds are in their order; within one, `seq` tells. Works on insecure pages too, where
 * `crypto.randomUUID` is missing.
 */
export function uuidV7(nowMs: number): string {
  // A digit in front keeps the leading zeros.
  const time = (BigInt(nowMs) | (1n << 48n)).toString(16);
  // Sixteen digits each: two bits that say "variant of RFC 9562", and 62 random ones.
  const [a, b] = Array.from(crypto.getRandomValues(new BigUint64Array(2)), (random) =>
    ((random >> 2n) | (1n << 63n)).toString(16),
  ) as [string, string];
  return `${time.slice(1, 9)}-${time.slice(9)}-7${a.slice(13)}-${b.slice(0, 4)}-${b.slice(4)}`;
}
