import { describe, expect, it } from 'vitest';
import { createCountWatch } from '../../jobs/count-watch.js';
import { createCountStatistics, createRebuild } from '../../jobs/rebuild.js';
import { createRefreshStatistics } from '../../jobs/refresh-statistics.js';
import { createDayOf } from '../../src/domain/day.js';
import type { ChangedDay, ChangedDays } from '../../src/domain/ports/index.js';
import { createLog } from '../../src/observability/log.js';
import { createMetrics } from '../../src/observability/metrics.js';
import { createMemoryStore } from '../../src/store/memory/memory-store.js';

const once = { dryRun: false, stopped: () => false };

/** Changed days that are counted in a list, each of which takes `seconds`. */
function createCounting(
  days: readonly ChangedDay[],
  { seconds = 0, ...overrides }: Partial<ChangedDays> & { readonly seconds?: number } = {},
) {
  const calls: string[] = [];
  const lines: string[] = [];
  const metrics = createMetrics();
  let now = new Date('2026-11-20T12:00:00.000Z').getTime();
  const changed: ChangedDays = {
    beginCounting: async () => {
      calls.push('begin');
      return 'GOES_ON';
    },
    changeAllDays: async () => void calls.push('all'),
    changedDays: async () => days,
    countDay: async (day) => {
      calls.push(day);
      now += seconds * 1_000;
      return 'COUNTED';
    },
    ...overrides,
  };
  const needs = {
    ...{ changed, metrics, countWatch: createCountWatch(metrics), dayOf: createDayOf('UTC') },
    ...{ clock: { now: () => new Date(now) }, coordination: createMemoryStore() },
    log: createLog({ level: 'info', destination: { write: (line) => lines.push(line) } }),
  };
  return { needs, calls, lines };
}

const ago = (day: string, countedSecondsAgo: number | null): ChangedDay => ({ day, countedSecondsAgo });

describe('the refresher', () => {
  it('counts today first, then what has waited longest, and nothing too soon', async () => {
    const { needs, calls } = createCounting([
      ago('2026-11-16', 599),
      ago('2026-11-17', 600),
      ago('2026-11-18', 4_000),
      ago('2026-11-19', null),
      ago('2026-11-20', 55),
    ]);
    expect(await createRefreshStatistics(needs)(once)).toEqual({
      dryRun: false,
      counted: 4,
      busy: 0,
      complete: true,
    });
    expect(calls).toEqual(['begin', '2026-11-20', '2026-11-19', '2026-11-18', '2026-11-17']);
    expect(await needs.metrics.render()).toContain('\nsignals_changed_days 5\n');
  });
  it('leaves today for as long as it was counted less than a minute ago', async () => {
    const { needs, calls } = createCounting([ago('2026-11-20', 40)]);
    await createRefreshStatistics(needs)(once);
    expect(calls).toEqual(['begin']);
  });
  it('ends after a while, and leaves the rest to the next run', async () => {
    const days = ['2026-11-17', '2026-11-18', '2026-11-19'].map((day) => ago(day, null));
    const { needs } = createCounting(days, { seconds: 25 });
    expect(await createRefreshStatistics(needs)(once)).toMatchObject({ counted: 2, complete: false });
    expect(await needs.metrics.render()).toContain('\nsignals_count_day_seconds 25\n');
  });
  it('says which days it would count, and changes nothing, in a dry run', async () => {
    const { needs, calls } = createCounting([ago('2026-11-18', null), ago('2026-11-19', 5)]);
    expect(await createRefreshStatistics(needs)({ ...once, dryRun: true })).toEqual({
      ...{ dryRun: true, changed: 2, days: '2026-11-18' },
    });
    expect(calls).toEqual([]);
  });
  it('refuses days of another zone', async () => {
    const { needs } = createCounting([], { beginCounting: async () => 'OTHER_ZONE' });
    await expect(createRefreshStatistics(needs)(once)).rejects.toThrow('day_zone_differs');
  });
});

describe('counting all days', () => {
  const days = ['2026-11-17', '2026-11-18', '2026-11-19'].map((day) => ago(day, 5));

  it('goes through all of them after a migration, and says how far it is', async () => {
    const { needs, calls, lines } = createCounting(days, { seconds: 6 });
    expect(await createCountStatistics(needs)(once)).toMatchObject({ counted: 3, complete: true });
    expect(calls).toEqual(['begin', '2026-11-17', '2026-11-18', '2026-11-19']);
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([1, 2, 3].map((day) => ({ day, days: 3 })));
  });
  it('begins with all days for a rebuild, and with none in a dry run', async () => {
    const { needs, calls } = createCounting(days);
    expect(await createRebuild(needs)({ ...once, dryRun: true })).toEqual({ dryRun: true, changed: 3 });
    expect(calls).toEqual([]);
    await createRebuild(needs)(once);
    expect(calls[0]).toBe('all');
    expect(calls).toHaveLength(4);
  });
  it('does not run beside the refresher', async () => {
    const { needs } = createCounting(days);
    const both = needs.coordination.withLock('job:refresh-statistics', () => createRebuild(needs)(once));
    await expect(both).rejects.toThrow('refresh_statistics_runs');
  });
  it('stops between two days, and counts a busy one as left', async () => {
    const busy = createCounting(days, { countDay: async () => 'BUSY' });
    expect(await createRebuild(busy.needs)(once)).toEqual({
      dryRun: false,
      counted: 0,
      busy: 3,
      complete: false,
    });
    const { needs, calls } = createCounting(days);
    const stopped = () => calls.length > 1;
    expect(await createRebuild(needs)({ ...once, stopped })).toMatchObject({ counted: 1, complete: false });
  });
});
