/** Fills the array with random bytes, as `crypto.getRandomValues` does. */
export type FillRandom = (bytes: Uint8Array<ArrayBuffer>) => void;

const fillWithPlatformRandom: FillRandom = (bytes) => {
  globalThis.crypto.getRandomValues(bytes);
};

const maxCounter = 0xfff;

/**
 * A maker of UUIDs version 7 (RFC 9562 section 5.7): 48 bits of milliseconds, a 12-bit counter that starts at
 * random in every millisecond (section 6.2, method 1), 62 random bits. Ids of one maker strictly grow, also
 * when more than the counter holds are made in one millisecond or the clock steps back.
 */
export function createUuidV7(
  nowMs: () => number,
  fillRandom: FillRandom = fillWithPlatformRandom,
): () => string {
  const bytes = new Uint8Array(16);
  let lastMs = -1;
  let counter = 0;
  return () => {
    fillRandom(bytes);
    const ms = Math.max(0, Math.floor(nowMs()));
    if (ms > lastMs) {
      lastMs = ms;
      // The top bit stays free, so that a millisecond has room for at least 2048 ids.
      counter = (((bytes[6] ?? 0) << 8) | (bytes[7] ?? 0)) & 0x7ff;
    } else if (counter < maxCounter) {
      counter += 1;
    } else {
      lastMs += 1;
      counter = 0;
    }
    return format(bytes, lastMs, counter);
  };
}

function format(bytes: Uint8Array, ms: number, counter: number): string {
  const time = ms.toString(16).padStart(12, '0').slice(-12);
  const tail = Array.from(bytes.subarray(8), (byte, index) =>
    (index === 0 ? (byte & 0x3f) | 0x80 : byte).toString(16).padStart(2, '0'),
  ).join('');
  const count = counter.toString(16).padStart(3, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${count}-${tail.slice(0, 4)}-${tail.slice(4)}`;
}
