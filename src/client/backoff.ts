/**
 * Reads a `Retry-After` header (RFC 9110 section 10.2.3: seconds or a date; fractions and other dates that
 * `Date.parse` knows do no harm) as milliseconds from `nowMs`; 0 or less where it asks for no wait, is not there or is
 * neither. See `clampWaitMs`.
 */
export const readRetryAfterMs = (value: string | null, nowMs: number): number =>
  clampWaitMs(+(value as string) * 1000 || Date.parse(value as string) - nowMs);

/**
 * A wait as a number that a timer can be given; 0 for anything that is none. At most one hour: keeps a slip of a
 * far end (`Retry-After: 999999999`) from silencing a client for good, and a delay below the 2^31 ms where
 * `setTimeout` fires at once.
 */
export const clampWaitMs = (value: unknown): number => Math.min(+(value as number) || 0, 3_600_000);
