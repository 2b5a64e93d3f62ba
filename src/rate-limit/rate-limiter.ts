import type { Clock, RateLimiter } from '../domain/ports/index.js';
import { createMemoryAllowance } from './memory-allowance.js';
import { minuteAt } from './minute.js';

/** Takes from the allowance that all replicas share; null while it cannot be had. Never rejects. */
export type TakeShared = (key: string, minute: number, wanted: number) => Promise<number | null>;

export interface RateLimiterDeps {
  /** Events per key and minute. */
  readonly perMinute: number;
  readonly clock: Clock;
  /** Null: every replica counts for itself. */
  readonly shared: TakeShared | null;
}

/**
 * Allowance per key in minutes of the clock. Any sixty seconds touch two of them, so they never hold more than twice
 * the limit.
 *
 * Every event is taken from the allowance of this process first, and then from the shared one. What the shared one
 * does not grant is not given back: it is empty then, until the minute is over. So a replica alone never grants more
 * than the limit, whether the shared count comes, goes or hangs. While it cannot be had every replica counts for
 * itself (fails open), since losing events would be worse than counting some twice.
 */
export function createRateLimiter({ perMinute, clock, shared }: RateLimiterDeps): RateLimiter {
  const own = createMemoryAllowance(perMinute);
  return {
    async take(key, wanted) {
      const { number, endsInMs } = minuteAt(clock.now());
      const taken = own.take(key, number, wanted);
      const granted = shared && taken > 0 ? await shared(key, number, taken) : taken;
      return { granted: granted ?? taken, retryAfterMs: endsInMs };
    },
  };
}
