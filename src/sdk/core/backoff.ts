/** Where a wait comes from: doubled per failure in a row, and never longer than the cap. Milliseconds. */
export interface BackoffPlan {
  readonly baseMs: number;
  readonly capMs: number;
}

/** After the first failure on average 250 ms; half a minute at most. */
export const defaultBackoff: BackoffPlan = { baseMs: 500, capMs: 30_000 };

/**
 * The longest wait that a server may ask for: one hour. Keeps a slip of a far end (`Retry-After: 999999999`)
 * from silencing a client for good, and a delay below the 2^31 ms where `setTimeout` fires at once.
 */
export const maxRetryAfterMs = 3_600_000;

/**
 * "Full jitter": a wait spread evenly from 0 to the doubled base, so that clients which failed together do
 * not come back together (AWS Architecture Blog, "Exponential Backoff And Jitter", 2015).
 * `failures` counts failures in a row, from 1; `random` answers in [0, 1).
 */
export function fullJitterMs(
  failures: number,
  random: () => number,
  plan: BackoffPlan = defaultBackoff,
): number {
  const exponent = Math.min(Math.max(failures - 1, 0), 30);
  return Math.floor(random() * Math.min(plan.capMs, plan.baseMs * 2 ** exponent));
}

/**
 * Reads a `Retry-After` header (RFC 9110 section 10.2.3: whole seconds or an IMF-fixdate) as milliseconds
 * from `now`, from 0 to `maxRetryAfterMs`; null where there is none or it is neither form.
 */
export function readRetryAfterMs(value: string | null, now: Date): number | null {
  const text = value?.trim() ?? '';
  if (/^\d{1,12}$/.test(text)) return clampWaitMs(Number(text) * 1000);
  return /^\w{3}, .+ GMT$/.test(text) ? clampWaitMs(Date.parse(text) - now.getTime()) : null;
}

/** A wait as a number that a timer can be given; null for anything that is not a finite number. */
export function clampWaitMs(value: unknown): number | null {
  return Number.isFinite(value) ? Math.min(Math.max(Math.ceil(value as number), 0), maxRetryAfterMs) : null;
}
