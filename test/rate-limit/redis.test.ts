import { Redis } from 'ioredis';
import { afterEach, describe, expect, it } from 'vitest';
import { createLog } from '../../src/observability/log.js';
import { openRateLimiter } from '../../src/rate-limit/open-rate-limiter.js';
import { movableClock } from '../auth/fixtures.js';
import { redisIsHere, startRedis, type TestRedis } from '../support/redis.js';

const minute = 60_000;
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function started(): Promise<TestRedis> {
  const redis = await startRedis();
  closers.push(redis.stop);
  return redis;
}

/** Looks into the server beside the limiters. */
function visitor(url: string): Redis {
  const redis = new Redis(url);
  // A test stops the server while this is connected.
  redis.on('error', () => undefined);
  closers.push(() => redis.disconnect());
  return redis;
}

/** As many replicas as clocks, all connected. */
async function replicasOn(
  { url }: TestRedis,
  { perMinute, clocks }: { perMinute: number; clocks: readonly { now(): Date }[] },
) {
  const lines: string[] = [];
  const log = createLog({ level: 'debug', destination: { write: (line) => lines.push(line) } });
  const limiters = clocks.map((clock) => openRateLimiter({ url, perMinute, clock, log }));
  closers.push(...limiters.map(({ close }) => close));
  const redis = visitor(url);
  for (const [index, limiter] of limiters.entries()) {
    // What comes before the connection is counted in memory, and leaves nothing in Redis.
    const key = `warm-up-${index}`;
    const arrived = async (): Promise<boolean> => {
      await limiter.take(key, 1);
      return (await redis.exists(`signals:rate:${key}`)) === 1;
    };
    await expect.poll(arrived, { timeout: 5_000 }).toBe(true);
  }
  const take = async (replica: number, key: string, wanted: number): Promise<number> =>
    (await limiters[replica % limiters.length]?.take(key, wanted))?.granted ?? 0;
  const said = (text: string) => lines.filter((line) => line.includes(text)).length;
  return { take, said, lines, redis };
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
const atNoon = () => movableClock(new Date('2026-11-28T12:00:30.000Z'));

describe.runIf(redisIsHere())('the allowance, shared through Redis', () => {
  it('18,000 events in batches of 200 over the border of two minutes get the limit of each', async () => {
    const clock = atNoon();
    const { take } = await replicasOn(await started(), { perMinute: 600, clocks: [clock, clock] });
    const before = Array.from({ length: 45 }, (_, index) => take(index, 'user', 200));
    // The answers of the first minute are still on their way.
    clock.advance(minute);
    const after = Array.from({ length: 45 }, (_, index) => take(index, 'user', 200));
    expect(sum(await Promise.all(before))).toBe(600);
    expect(sum(await Promise.all(after))).toBe(600);
    expect(await take(0, 'user', 200)).toBe(0);
  });

  it('is one for all replicas, to the last event', async () => {
    const clock = atNoon();
    const { take } = await replicasOn(await started(), { perMinute: 60, clocks: [clock, clock, clock] });
    const answers = await Promise.all(Array.from({ length: 100 }, (_, index) => take(index, 'user', 7)));
    expect(sum(answers)).toBe(60);
    expect(await take(0, 'another', 7)).toBe(7);
  });

  it('is that of the fastest clock where the clocks of replicas differ', async () => {
    const fast = atNoon();
    const slow = atNoon();
    fast.advance(minute);
    const { take } = await replicasOn(await started(), { perMinute: 60, clocks: [fast, slow] });
    expect([await take(0, 'user', 50), await take(1, 'user', 50), await take(1, 'user', 50)]).toEqual([
      50, 10, 0,
    ]);
  });

  it('leaves nothing behind: each key has an end', async () => {
    const clock = atNoon();
    const { take, redis } = await replicasOn(await started(), { perMinute: 60, clocks: [clock] });
    await take(0, 'user', 5);
    clock.advance(minute);
    await take(0, 'user', 5);
    expect(await redis.hgetall('signals:rate:user')).toMatchObject({ taken: '5' });
    expect(await redis.pttl('signals:rate:user')).toBeGreaterThan(0);
    expect(await redis.pttl('signals:rate:user')).toBeLessThanOrEqual(2 * minute);
  });

  it('goes on when Redis has forgotten the script', async () => {
    const clock = atNoon();
    const { take, redis, said } = await replicasOn(await started(), { perMinute: 60, clocks: [clock] });
    await redis.script('FLUSH');
    expect(await take(0, 'user', 5)).toBe(5);
    expect(await redis.hget('signals:rate:user', 'taken')).toBe('5');
    expect(said('redis is away')).toBe(0);
  });

  it('holds for each replica while Redis goes away in between, and the log says so once', async () => {
    const clock = atNoon();
    const server = await started();
    const { take, said, lines } = await replicasOn(server, { perMinute: 600, clocks: [clock, clock] });
    const shared = await Promise.all([take(0, 'user', 200), take(1, 'user', 200)]);
    const during = Array.from({ length: 20 }, (_, index) => take(index, 'user', 200));
    await server.stop();
    const after = Array.from({ length: 20 }, (_, index) => take(index, 'user', 200));
    const granted = sum([...shared, ...(await Promise.all(during)), ...(await Promise.all(after))]);
    expect(granted).toBeGreaterThanOrEqual(600);
    expect(granted).toBeLessThanOrEqual(2 * 600);
    clock.advance(minute);
    expect([await take(0, 'user', 700), await take(1, 'user', 700)]).toEqual([600, 600]);
    await expect.poll(() => said('redis is away')).toBe(2); // one line of each replica
    expect(lines.join()).not.toContain(server.url);
  });

  it('does not wait for a Redis that hangs, and uses it again when it is back', async () => {
    const clock = atNoon();
    const server = await started();
    const { take, said } = await replicasOn(server, { perMinute: 600, clocks: [clock] });
    server.pause();
    expect(await take(0, 'user', 1)).toBe(1);
    // It has just failed, so that nobody else waits for it.
    const began = performance.now();
    for (let count = 0; count < 50; count++) expect(await take(0, 'user', 1)).toBe(1);
    expect(performance.now() - began).toBeLessThan(200);
    expect(said('redis is away')).toBe(1);
    server.resume();
    const isBack = async (): Promise<number> => {
      clock.advance(1_000);
      await take(0, 'user', 1);
      return said('redis is back');
    };
    await expect.poll(isBack, { timeout: 5_000 }).toBe(1);
  });
});
