import { afterEach, describe, expect, it } from 'vitest';
import { createLog } from '../../src/observability/log.js';
import { openRateLimiter } from '../../src/rate-limit/open-rate-limiter.js';
import { createRateLimiter } from '../../src/rate-limit/rate-limiter.js';
import { redisIsHere, startRedis } from '../support/redis.js';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

describe('the allowance, in memory', () => {
  it('is granted up to its end, in parts as well', async () => {
    const limiter = createRateLimiter({ perMinute: 10 });
    expect((await limiter.take('a', 4)).granted).toBe(4);
    expect((await limiter.take('a', 4)).granted).toBe(4);
    expect(await limiter.take('a', 4)).toMatchObject({ granted: 2 });
    expect(await limiter.take('a', 1)).toMatchObject({ granted: 0 });
  });
  it('is not used up by what it refused', async () => {
    const limiter = createRateLimiter({ perMinute: 10 });
    expect((await limiter.take('a', 200)).granted).toBe(10);
    expect((await limiter.take('b', 9)).granted).toBe(9);
    expect((await limiter.take('b', 200)).granted).toBe(1);
  });
  it('is each caller’s own', async () => {
    const limiter = createRateLimiter({ perMinute: 1 });
    expect((await limiter.take('a', 1)).granted).toBe(1);
    expect((await limiter.take('b', 1)).granted).toBe(1);
  });
  it('says when the minute is over', async () => {
    const limiter = createRateLimiter({ perMinute: 1 });
    await limiter.take('a', 1);
    const { retryAfterMs } = await limiter.take('a', 1);
    expect(retryAfterMs).toBeGreaterThan(0);
    expect(retryAfterMs).toBeLessThanOrEqual(60_000);
  });
});

describe.runIf(redisIsHere())('the allowance, shared through Redis', () => {
  const limiterOn = (url: string) => {
    const lines: string[] = [];
    const log = createLog({ level: 'debug', destination: { write: (line) => lines.push(line) } });
    const limiter = openRateLimiter({ url, perMinute: 60, log });
    closers.push(limiter.close);
    return { limiter, lines };
  };
  const started = async () => {
    const redis = await startRedis();
    closers.push(redis.stop);
    return redis;
  };
  const connected = async (limiter: ReturnType<typeof limiterOn>['limiter']) => {
    // The first commands may come before the connection; they count in memory, under a key of their own.
    await expect.poll(async () => (await limiter.take('warm-up', 1)).granted, { timeout: 5_000 }).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 100));
  };

  it('is one for all replicas: a hundred at once get exactly sixty', async () => {
    const redis = await started();
    const replicas = [limiterOn(redis.url), limiterOn(redis.url)];
    for (const { limiter } of replicas) await connected(limiter);
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) => replicas[index % 2]?.limiter.take('user', 1)),
    );
    expect(answers.reduce((sum, answer) => sum + (answer?.granted ?? 0), 0)).toBe(60);
  });
  it('falls back to memory when Redis goes away, and says so once', async () => {
    const redis = await started();
    const { limiter, lines } = limiterOn(redis.url);
    await connected(limiter);
    await redis.stop();
    for (let attempt = 0; attempt < 5; attempt++) expect((await limiter.take('user', 1)).granted).toBe(1);
    await expect.poll(() => lines.filter((line) => line.includes('redis is away')).length).toBe(1);
    expect(lines.join()).not.toContain(redis.url);
  });
});
