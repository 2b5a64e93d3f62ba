import type { Redis } from 'ioredis';
import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
} from 'rate-limiter-flexible';
import type { RateLimiter } from '../domain/ports/index.js';

export interface RateLimitOptions {
  /** Events per key and minute. */
  readonly perMinute: number;
  /** Shares the allowance between replicas; while it is away every replica counts for itself. */
  readonly redis?: Redis;
}

const windowSeconds = 60;

/**
 * Allowance per key in windows of one minute. Fails open: an outage of the shared counter falls back to
 * counting in memory, since losing events would be worse than counting some twice.
 */
export function createRateLimiter({ perMinute, redis }: RateLimitOptions): RateLimiter {
  const memory = new RateLimiterMemory({ points: perMinute, duration: windowSeconds });
  const limiter: RateLimiterAbstract = redis
    ? new RateLimiterRedis({
        storeClient: redis,
        points: perMinute,
        duration: windowSeconds,
        keyPrefix: 'signals',
        insuranceLimiter: memory,
      })
    : memory;
  return {
    async take(key, wanted) {
      const taken = await limiter.consume(key, wanted).catch((refused: unknown) => {
        if (refused instanceof RateLimiterRes) return refused;
        throw refused;
      });
      const before = taken.consumedPoints - wanted;
      const granted = Math.min(wanted, Math.max(0, perMinute - before));
      // A refused batch was charged as a whole: give back what it did not get.
      if (granted < wanted) await limiter.reward(key, wanted - granted);
      return { granted, retryAfterMs: Math.max(1, Math.ceil(taken.msBeforeNext)) };
    },
  };
}
