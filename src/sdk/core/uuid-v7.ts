/** Fills the array with random bytes, as `crypto.getRandomValues` does. */
export type FillRandom = (bytes: Uint8Array<ArrayBuffer>) => void;

const fillWithPlatformRandom: FillRandom = (bytes) => {
  globalThis.crypto.getRandomValues(bytes);
};

const hex = (value: number, length: number) => value.toString(16).padStart(length, '0');

/**
 * A maker of UUIDs version 7 (RFC 9562 section 5.7): 48 bits of milliseconds, a 12-bit counter that starts at
 * random in every millisecond (section 6.2, method 1), 62 random bits. Ids of one maker strictly grow, also
 * when more than the counter holds are made in one millisecond or the clock steps back.
 */
export function createUuidV7(
  nowMs: () => number,
  fillRandom: FillRandom = fillWithPlatformRandom,
): () => string {
  const bytes = new Uint8Array(10);
  let lastMs = -1;
  let counter = 0;
  return () => {
    fillRandom(bytes);
    const [high = 0, low = 0, variant = 0, ...rest] = bytes;
    const ms = Math.max(0, Math.floor(nowMs()));
    counter += 1;
    if (ms > lastMs) {
      lastMs = ms;
      // The top bit stays free, so that a millisecond has room for at least 2048 ids.
      counter = ((high << 8) | low) & 0x7ff;
    } else if (counter > 0xfff) {
      lastMs += 1;
      counter = 0;
    }
    const all = `${hex(lastMs, 12).slice(-12)}7${hex(counter, 3)}${hex((variant & 0x3f) | 0x80, 2)}`;
    const id = rest.reduce((text, byte) => text + hex(byte, 2), all);
    return `${id.slice(0, 8)}-${id.slice(8, 12)}-${id.slice(12, 16)}-${id.slice(16, 20)}-${id.slice(20)}`;
  };
}
