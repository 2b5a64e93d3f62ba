import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

/** As much of a Redis client as is needed. */
export type ScriptRunner = Pick<Redis, 'eval' | 'evalsha'>;

/** Takes up to `wanted` of what is left to the caller in this minute, and answers how much; rejects with Redis. */
export type TakeFromRedis = (key: string, minute: number, wanted: number) => Promise<number>;

/**
 * Takes what is left, in one step: Redis runs nothing else in between, so no two calls take the same, and nothing is
 * ever given back. The minute never goes backwards, so replicas whose clocks differ share the minute of the fastest
 * one. The key leaves by itself.
 */
const script = `
local held = redis.call('HMGET', KEYS[1], 'minute', 'taken')
local minute, wanted, limit = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local running = held[1] and tonumber(held[1]) >= minute
local taken = running and tonumber(held[2]) or 0
local granted = math.max(0, math.min(wanted, limit - taken))
if not running then
  redis.call('HSET', KEYS[1], 'minute', minute, 'taken', granted)
  redis.call('PEXPIRE', KEYS[1], ARGV[4])
elseif granted > 0 then
  redis.call('HINCRBY', KEYS[1], 'taken', granted)
end
return granted
`;
const digest = createHash('sha1').update(script).digest('hex');

/** Two minutes from the first event of a minute: its end, with room for clocks that differ. */
const keptMs = 120_000;

/** The allowance that all replicas share. */
export function createRedisAllowance(redis: ScriptRunner, perMinute: number): TakeFromRedis {
  return async (key, minute, wanted) => {
    const call = [1, `signals:rate:${key}`, minute, wanted, perMinute, keptMs] as const;
    const granted = await redis.evalsha(digest, ...call).catch((error: unknown) => {
      // A Redis that was started anew does not know the script; with its text it knows it again.
      if (isUnknownScript(error)) return redis.eval(script, ...call);
      throw error;
    });
    return Number(granted);
  };
}

function isUnknownScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT');
}
