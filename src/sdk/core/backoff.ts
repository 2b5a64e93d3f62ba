/**
 * The longest wait that a server may ask for: one hour. Keeps a slip of a far end (`Retry-After: 999999999`)
 * from silencing a client for good, and a delay below the 2^31 ms where `setTimeout` fires at once.
 */
export const maxRetryAfterMs = 3_600_000;

/**
 * "Full jitter": a wait spread evenly from 0 to a ceiling that begins at 500 ms, doubles with every failure in a
 * row and ends at 30 s, so that clients which failed together do not come back together (AWS Architecture Blog,
 * "Exponential Backoff And Jitter", 2015). `failures` counts from 1; `random` answers in [0, 1).
 */
export function fullJitterMs(failures: number, random: () => number): number {
  return Math.floor(random() * Math.min(30_000, 250 * 2 ** Math.max(failures, 1)));
}

/**
 * Reads a `Retry-After` header (RFC 9110 section 10.2.3: whole seconds or an IMF-fixdate) as milliseconds
 * from `nowMs`, from 0 to `maxRetryAfterMs`; null where there is none or it is neither form.
 */
export function readRetryAfterMs(value: string | null, nowMs: number): number | null {
  const text = value?.trim() ?? '';
  return clampWaitMs(/^\d+$/.test(text) ? +text * 1000 : / GMT$/.test(text) && Date.parse(text) - nowMs);
}

/** A wait as a number that a timer can be given; null for anything that is not a finite number. */
export function clampWaitMs(value: unknown): number | null {
  return Number.isFinite(value) ? Math.min(Math.max(Math.ceil(value as number), 0), maxRetryAfterMs) : null;
}
