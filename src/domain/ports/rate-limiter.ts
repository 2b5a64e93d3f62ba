/** Allowance of events per caller. */
export interface RateLimiter {
  /** Takes up to `wanted` from the allowance of `key`; answers how many were granted, and when to come back for the rest. */
  take(key: string, wanted: number): Promise<{ granted: number; retryAfterMs: number }>;
}
