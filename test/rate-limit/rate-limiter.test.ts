import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryAllowance } from '../../src/rate-limit/memory-allowance.js';
import { minuteAt } from '../../src/rate-limit/minute.js';
import { createRateLimiter, type TakeShared } from '../../src/rate-limit/rate-limiter.js';
import { movableClock } from '../auth/fixtures.js';

const minute = 60_000;

/** A limiter at the beginning of a minute. */
function setUp({ perMinute, shared = null }: { perMinute: number; shared?: TakeShared | null }) {
  const clock = movableClock(new Date('2026-11-28T12:00:00.000Z'));
  const limiter = createRateLimiter({ perMinute, clock, shared });
  const take = async (key: string, wanted: number) => (await limiter.take(key, wanted)).granted;
  return { clock, limiter, take };
}

describe('the allowance, in memory', () => {
  it('is granted up to its end, in parts as well', async () => {
    const { take } = setUp({ perMinute: 10 });
    expect([await take('a', 4), await take('a', 4), await take('a', 4), await take('a', 1)]).toEqual([
      4, 4, 2, 0,
    ]);
  });

  it('is not used up by what it refused, and nothing is given back later', async () => {
    const { clock, take } = setUp({ perMinute: 10 });
    expect([await take('b', 9), await take('b', 200), await take('b', 200)]).toEqual([9, 1, 0]);
    clock.advance(minute);
    expect([await take('b', 9), await take('b', 200)]).toEqual([9, 1]);
  });

  it('is each caller’s own', async () => {
    const { take } = setUp({ perMinute: 1 });
    expect([await take('a', 1), await take('b', 1)]).toEqual([1, 1]);
  });

  it('says when the minute is over, and is whole again then', async () => {
    const { clock, limiter, take } = setUp({ perMinute: 1 });
    clock.advance(59_999);
    expect(await limiter.take('a', 1)).toEqual({ granted: 1, retryAfterMs: 1 });
    clock.advance(1);
    expect(await limiter.take('a', 2)).toEqual({ granted: 1, retryAfterMs: minute });
    expect(await take('a', 1)).toBe(0);
  });

  it('is twice the limit at the most in any sixty seconds, and the limit in a minute of the clock', async () => {
    const call = fc.record({ afterMs: fc.nat(40_000), wanted: fc.integer({ min: 1, max: 30 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 60 }), async (calls) => {
        const { clock, take } = setUp({ perMinute: 10 });
        const granted: { at: number; count: number }[] = [];
        for (const { afterMs, wanted } of calls) {
          clock.advance(afterMs);
          granted.push({ at: clock.now().getTime(), count: await take('a', wanted) });
        }
        const sum = (from: number, to: number) =>
          granted.filter(({ at }) => from <= at && at < to).reduce((total, { count }) => total + count, 0);
        for (const { at } of granted) {
          expect(sum(at, at + minute)).toBeLessThanOrEqual(20);
          const start = minuteAt(new Date(at)).number * minute;
          expect(sum(start, start + minute)).toBeLessThanOrEqual(10);
        }
      }),
    );
  });

  it('does not outlast the clock being set back', async () => {
    const { clock, take } = setUp({ perMinute: 1 });
    await take('a', 1);
    clock.advance(-60 * minute);
    expect(await take('a', 1)).toBe(1);
  });

  it('is bounded in bytes: of 200,000 callers in one minute the youngest are remembered', () => {
    const allowance = createMemoryAllowance(1, 20_000);
    for (let caller = 0; caller < 200_000; caller++) allowance.take(`caller-${caller}`, 1, 1);
    expect(allowance.take('caller-199999', 1, 1)).toBe(0);
    expect(allowance.take('caller-199900', 1, 1)).toBe(0);
    // Forgotten, so it may take again: a full memory fails open.
    expect(allowance.take('caller-0', 1, 1)).toBe(1);
  });
});

describe('the allowance, with a shared one behind it', () => {
  it('grants what the shared one grants', async () => {
    const { take } = setUp({ perMinute: 10, shared: async (_key, _minute, wanted) => Math.min(wanted, 3) });
    expect(await take('a', 8)).toBe(3);
  });

  it('asks no more than this process has left itself, and not at all when that is nothing', async () => {
    const asked: number[] = [];
    const shared: TakeShared = async (_key, _minute, wanted) => {
      asked.push(wanted);
      return wanted;
    };
    const { take } = setUp({ perMinute: 10, shared });
    for (const wanted of [8, 8, 8]) await take('a', wanted);
    expect(asked).toEqual([8, 2]);
  });

  it('never grants more than the limit in a minute, however the shared one comes and goes', async () => {
    const answers = fc.array(fc.constantFrom('all', 'half', 'away'), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(answers, async (script) => {
        let turn = 0;
        const shared: TakeShared = async (_key, _minute, wanted) => {
          const answer = script[turn++ % script.length];
          await Promise.resolve();
          return answer === 'away' ? null : answer === 'all' ? wanted : Math.floor(wanted / 2);
        };
        const { take } = setUp({ perMinute: 10, shared });
        const granted = await Promise.all(script.map(() => take('a', 3)));
        expect(granted.reduce((total, count) => total + count, 0)).toBeLessThanOrEqual(10);
      }),
    );
  });
});
