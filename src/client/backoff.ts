export interface BackoffDeps {
  /** Milliseconds that never step back. */
  readonly monotonicNow: () => number;
  /** In [0, 1). */
  readonly random: () => number;
}

/** How long to wait before the next request, after requests that failed. */
export interface Backoff {
  /** A request failed for the moment; `waitMs` is what the far end asked for, or 0. */
  failed(waitMs: number): void;
  succeeded(): void;
  /** Whether the last request failed. */
  isFailing(): boolean;
  /** Nothing is to be sent before this time. */
  retryAt(): number;
  /** The part of `retryAt` that the far end asked for. It binds also where our own wait can be cut short. */
  serverRetryAt(): number;
}

const firstCeilingMs = 500;
const lastCeilingMs = 30_000;

/**
 * "Full jitter": a wait is spread evenly from 0 to a ceiling, which begins at 500 ms, doubles with every failure in a
 * row and ends at 30 s. So clients that failed together do not come back together (AWS Architecture Blog,
 * "Exponential Backoff And Jitter", 2015).
 */
export function createBackoff({ monotonicNow, random }: BackoffDeps): Backoff {
  let failures = 0;
  let retryAt = 0;
  let serverRetryAt = 0;

  return {
    failed(waitMs) {
      const now = monotonicNow();
      const ceilingMs = Math.min(lastCeilingMs, firstCeilingMs * 2 ** failures);
      failures += 1;
      // Of several requests at a time one may be asked to wait for less than another.
      serverRetryAt = Math.max(serverRetryAt, now + waitMs);
      retryAt = Math.max(serverRetryAt, now + random() * ceilingMs);
    },
    succeeded() {
      failures = 0;
    },
    isFailing: () => failures > 0,
    retryAt: () => retryAt,
    serverRetryAt: () => serverRetryAt,
  };
}
