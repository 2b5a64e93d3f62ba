import { Redis } from 'ioredis';
import type { Clock, Log, RateLimiter } from '../domain/ports/index.js';
import { createOutage, type Outage } from './outage.js';
import { createRateLimiter, type TakeShared } from './rate-limiter.js';
import { createRedisAllowance } from './redis-allowance.js';

/** Redis gets no time to be slow: the limiter falls back to memory instead. */
const commandTimeoutMs = 250;

export interface OpenRateLimiterOptions {
  /** Of a Redis that counts for all replicas; null: every replica counts for itself. */
  readonly url: string | null;
  /** Events per key and minute. */
  readonly perMinute: number;
  readonly clock: Clock;
  readonly log: Log;
}

export interface OpenRateLimiter extends RateLimiter {
  close(): void;
}

/** The rate limiter, with the counter in Redis where one is named. */
export function openRateLimiter({ url, perMinute, clock, log }: OpenRateLimiterOptions): OpenRateLimiter {
  if (url === null) {
    return { ...createRateLimiter({ perMinute, clock, shared: null }), close: () => undefined };
  }
  const outage = createOutage({ clock, log });
  const redis = connect(url, outage);
  const shared = sharedAllowance(redis, perMinute, outage);
  return { ...createRateLimiter({ perMinute, clock, shared }), close: () => redis.disconnect() };
}

function connect(url: string, outage: Outage): Redis {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    // A call that is sent again after the connection broke would take twice.
    autoResendUnfulfilledCommands: false,
    commandTimeout: commandTimeoutMs,
    maxRetriesPerRequest: 1,
    retryStrategy: (attempt) => Math.min(attempt * 200, 5_000),
  });
  redis.on('error', outage.began);
  redis.on('ready', outage.ended);
  return redis;
}

function sharedAllowance(redis: Redis, perMinute: number, outage: Outage): TakeShared {
  const take = createRedisAllowance(redis, perMinute);
  return async (...call) => {
    if (redis.status !== 'ready' || outage.rests()) return null;
    try {
      const granted = await take(...call);
      outage.ended();
      return granted;
    } catch (error) {
      outage.began(error);
      return null;
    }
  };
}
