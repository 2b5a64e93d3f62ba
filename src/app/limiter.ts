import { Redis } from 'ioredis';
import type { Config } from '../config/index.js';
import type { Log, RateLimiter } from '../domain/ports/index.js';
import { describeError } from '../observability/log.js';
import { createRateLimiter } from '../rate-limit/rate-limiter.js';

/** Redis gets no time to be slow: the limiter falls back to memory instead. */
const commandTimeoutMs = 250;

/** The rate limiter, with the counter in Redis where one is named. */
export function createLimiter(config: Config, log: Log): { limiter: RateLimiter; close: () => void } {
  const perMinute = config.rateLimitPerMinute;
  if (!config.redisUrl) return { limiter: createRateLimiter({ perMinute }), close: () => undefined };
  const redis = new Redis(config.redisUrl.reveal().toString('utf8'), {
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
  return { limiter: createRateLimiter({ perMinute, redis }), close: () => redis.disconnect() };
}
