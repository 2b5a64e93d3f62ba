/** Allowance of events per caller. */
export interface RateLimiter {
  /**
   * Takes up to `wanted` of what is left to `key`, in one step; answers how many were granted, and when to come back
   * for the rest. Never rejects.
   */
  take(key: string, wanted: number): Promise<{ granted: number; retryAfterMs: number }>;
}
