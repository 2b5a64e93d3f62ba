const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');

/**
 * A UUID version 7 (RFC 9562 section 5.7): 48 bits of milliseconds since 1970, 74 random bits. Ids of different
 * milliseconds are in their order; within one, `seq` tells.
 */
export function uuidV7(
  nowMs: number,
  fillRandom: (bytes: Uint8Array<ArrayBuffer>) => unknown = (bytes) => crypto.getRandomValues(bytes),
): string {
  const bytes = new Uint8Array(10);
  fillRandom(bytes);
  const random = Array.from(bytes, (byte, index) => hex(index === 2 ? (byte & 0x3f) | 0x80 : byte, 2)).join(
    '',
  );
  return `${hex(nowMs, 12)}7${random.slice(1)}`.replace(/(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
