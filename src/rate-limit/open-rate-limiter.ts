import { Redis } from 'ioredis';
import type { Log, RateLimiter } from '../domain/ports/index.js';
import { describeError } from '../observability/log.js';
import { createRateLimiter } from './rate-limiter.js';

/** Redis gets no time to be slow: the limiter falls back to memory instead. */
const commandTimeoutMs = 250;

export interface OpenRateLimiterOptions {
  /** Of a Redis that counts for all replicas; null: every replica counts for itself. */
  readonly url: string | null;
  /** Events per key and minute. */
  readonly perMinute: number;
  readonly log: Log;
}

export interface OpenRateLimiter extends RateLimiter {
  close(): void;
}

/** The rate limiter, with the counter in Redis where one is named. */
export function openRateLimiter({ url, perMinute, log }: OpenRateLimiterOptions): OpenRateLimiter {
  if (url === null) return { ...createRateLimiter({ perMinute }), close: () => undefined };
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    commandTimeout: commandTimeoutMs,
    maxRetriesPerRequest: 1,
    retryStrategy: (attempt) => Math.min(attempt * 200, 5_000),
  });
  let down = false;
  redis.on('error', (error) => {
    if (!down) log.warn(describeError(error), 'redis is away; every replica counts for itself');
    down = true;
  });
  redis.on('ready', () => {
    down = false;
  });
  return { ...createRateLimiter({ perMinute, redis }), close: () => redis.disconnect() };
}
