/**
 * The longest wait that a far end can ask for, one hour: a slip such as `Retry-After: 999999999` must not silence a
 * client for good. It is far below the 2^31 ms above which `setTimeout` fires at once.
 */
const maxWaitMs = 3_600_000;

/** A wait in milliseconds that a timer can be given, from 0 to one hour; 0 for anything that is no number. */
export const clampWaitMs = (value: unknown): number =>
  typeof value === 'number' && value > 0 ? Math.min(value, maxWaitMs) : 0;

/**
 * Reads a `Retry-After` header (RFC 9110 section 10.2.3: seconds or a date) as milliseconds from `nowMs`; 0 where it
 * asks for no wait, is missing or is neither. See `clampWaitMs`.
 */
export function readRetryAfterMs(value: string | null, nowMs: number): number {
  if (value === null) return 0;
  const seconds = Number(value);
  return clampWaitMs(Number.isNaN(seconds) ? Date.parse(value) - nowMs : seconds * 1_000);
}
