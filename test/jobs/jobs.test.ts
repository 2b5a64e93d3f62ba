import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createCountWatch } from '../../jobs/count-watch.js';
import { type JobNeeds, jobNames, jobs } from '../../jobs/index.js';
import type { Job, JobRun } from '../../jobs/job.js';
import { createPurge } from '../../jobs/purge.js';
import { type RunnerDeps, runJob } from '../../jobs/run-job.js';
import { startSchedule } from '../../jobs/schedule.js';
import { createJobSuccesses } from '../../jobs/successes.js';
import { createDayOf } from '../../src/domain/day.js';
import type { EventStore, ForgettingRules } from '../../src/domain/ports/index.js';
import type { SaltDay } from '../../src/domain/reading/plan.js';
import { firstKeptDay, retentionCutoff } from '../../src/domain/retention.js';
import { createLog } from '../../src/observability/log.js';
import { createMetrics } from '../../src/observability/metrics.js';
import { createMemoryStore } from '../../src/store/memory/memory-store.js';
import { createPipeline, pageViewed, person, testCatalogue } from '../support/pipeline.js';

const now = new Date('2026-11-20T12:00:00.000Z');
const once = { dryRun: false, stopped: () => false };

type Parts = JobNeeds & RunnerDeps;

function partsWith(
  overrides: Partial<Parts> = {},
  store: EventStore = createMemoryStore(),
): Parts & { lines: string[] } {
  const lines: string[] = [];
  const metrics = createMetrics();
  return {
    ...{ retention: store, upgrade: store, changed: store, coordination: store },
    clock: { now: () => now },
    log: createLog({ level: 'debug', destination: { write: (line) => lines.push(line) } }),
    ...{ metrics, countWatch: createCountWatch(metrics) },
    successes: createJobSuccesses({ now: () => now }),
    retentionDays: 180,
    minGroup: 5,
    readCatalogue: async () => testCatalogue(),
    dayOf: createDayOf('UTC'),
    lines,
    ...overrides,
  };
}

/** One run of the purge, on its own store. */
function purge(store: EventStore, overrides: Partial<Parts> = {}, run: JobRun = once) {
  const parts = partsWith(overrides, store);
  return runJob({ name: 'purge', cron: jobs.purge.cron, work: createPurge(parts) }, parts, run);
}

/** A store with one event at each of the given ages, imported as history. */
async function storeWith(ages: readonly string[]) {
  const pipeline = createPipeline();
  pipeline.time.now = now;
  const author = { ...person, mayBackfill: true };
  for (const occurredAt of ages) await pipeline.one(pageViewed({ occurredAt }), { author });
  return pipeline.store;
}

describe('the retention', () => {
  it('counts whole days: today and those before it', () => {
    expect(retentionCutoff(now, 180, createDayOf('UTC'))).toEqual({
      ok: true,
      value: new Date('2026-05-25T00:00:00.000Z'),
    });
    expect(firstKeptDay('2026-11-20', 180)).toBe('2026-05-25');
  });
  it('ends with a day of the zone, also where clocks changed in between', () => {
    expect(retentionCutoff(now, 30, createDayOf('Europe/Berlin'))).toEqual({
      ok: true,
      value: new Date('2026-10-21T22:00:00.000Z'),
    });
    expect(retentionCutoff(now, 2, createDayOf('Asia/Kolkata'))).toEqual({
      ok: true,
      value: new Date('2026-11-18T18:30:00.000Z'),
    });
  });
  it.each([0, 1, -1, Number.NaN, 1.5, 3_651, Number.POSITIVE_INFINITY])('of %s days is refused', (days) => {
    expect(retentionCutoff(now, days, createDayOf('UTC'))).toEqual({
      ok: false,
      error: 'retention_out_of_range',
    });
  });
  it.each(['1970-01-01T00:00:00Z', '2099-01-01T00:00:00Z', 'never'])(
    'by a clock at %s is refused',
    (time) => {
      expect(retentionCutoff(new Date(time), 180, createDayOf('UTC'))).toEqual({
        ok: false,
        error: 'clock_out_of_range',
      });
    },
  );
});

describe('the purge', () => {
  const ages = [
    '2026-11-10T23:59:59.999Z',
    '2026-11-11T00:00:00.000Z',
    '2026-11-15T00:00:00.000Z',
    '2026-11-01T00:00:00.000Z',
  ];

  it('deletes what is older than the retention and nothing that is not', async () => {
    const store = await storeWith(ages);
    const outcome = await purge(store, { retentionDays: 10 });
    expect(outcome).toMatchObject({
      outcome: 'done',
      report: { events: 2, cutoff: '2026-11-11T00:00:00.000Z', complete: true },
    });
    expect(store.rows().map(({ createdAt }) => createdAt.toISOString())).toEqual([ages[1], ages[2]]);
  });
  it('finds nothing left the second time', async () => {
    const store = await storeWith(ages);
    await purge(store, { retentionDays: 10 });
    expect(await purge(store, { retentionDays: 10 })).toMatchObject({ report: { events: 0, batches: 0 } });
  });
  it('says what it would delete, and deletes nothing, in a dry run', async () => {
    const store = await storeWith(ages);
    const outcome = await purge(store, { retentionDays: 10 }, { ...once, dryRun: true });
    expect(outcome).toMatchObject({ outcome: 'done', report: { dryRun: true, events: 2 } });
    expect(store.rows()).toHaveLength(4);
  });
  it('goes in batches, and stops between them when asked', async () => {
    let left = 12_345;
    const asked: number[] = [];
    const store = {
      ...createMemoryStore(),
      oldestBefore: async () => ({ event: left > 0 ? new Date('2026-01-01T12:00:00Z') : null, counts: null }),
      forgetDay: async (_day: SaltDay, limit: number) => {
        asked.push(limit);
        const gone = Math.min(left, limit);
        left -= gone;
        return gone;
      },
    };
    expect(await purge(store)).toMatchObject({
      report: { events: 12_345, batches: 3, days: 1, complete: true },
    });
    expect(Math.max(...asked)).toBeLessThanOrEqual(5_000);
    left = 12_345;
    expect(await purge(store, {}, { dryRun: false, stopped: () => true })).toMatchObject({
      report: { events: 5_000, days: 0, complete: false },
    });
  });
  it('goes day by day, the oldest first, also over a day of which only counts are left', async () => {
    const store = createMemoryStore();
    const left = ['2026-01-03', '2026-01-05'];
    const forgotten: string[] = [];
    const purged = purge({
      ...store,
      oldestBefore: async () => ({
        event: left[0] === undefined ? null : new Date(`${left[0]}T08:00:00Z`),
        counts: forgotten.includes('2026-01-04') ? null : '2026-01-04',
      }),
      forgetDay: async ({ day }: SaltDay) => {
        forgotten.push(day);
        if (left[0] === day) left.shift();
        return 0;
      },
    });
    expect(await purged).toMatchObject({ report: { days: 3, complete: true } });
    expect(forgotten).toEqual(['2026-01-03', '2026-01-04', '2026-01-05']);
  });
  it('leaves what somebody else holds to the next run', async () => {
    const store = {
      ...createMemoryStore(),
      oldestBefore: async () => ({ event: new Date('2026-01-03T08:00:00Z'), counts: null }),
      forgetDay: async () => 0,
    };
    expect(await purge(store)).toMatchObject({ outcome: 'done', report: { complete: false } });
  });
  it('tells the store which totals the catalogue keeps, and how large a group must be', async () => {
    const told: ForgettingRules[] = [];
    const store = {
      ...createMemoryStore(),
      forgetTotals: async (_day: string, rules: ForgettingRules) => told.push(rules),
    };
    const readCatalogue = async () =>
      testCatalogue((file) => {
        Object.assign(file.entityTypes?.journey ?? {}, { keepTotalsDays: 400 });
      });
    await purge(store, { minGroup: 7, readCatalogue });
    expect(told).toEqual([{ minGroup: 7, totalsKeptFrom: new Map([['journey', '2025-10-17']]) }]);
  });
  it('refuses a clock that is not the database’s', async () => {
    const store = { ...(await storeWith(ages)), now: async () => new Date('2026-11-20T09:00:00.000Z') };
    expect(await purge(store, { retentionDays: 10 })).toEqual({
      job: 'purge',
      outcome: 'refused',
      reason: 'clock_differs_from_database',
    });
    expect(store.rows()).toHaveLength(4);
  });
  it.each([0, -1, Number.NaN])('refuses a retention of %s days', async (retentionDays) => {
    const store = await storeWith(ages);
    expect(await purge(store, { retentionDays })).toMatchObject({
      outcome: 'refused',
    });
    expect(store.rows()).toHaveLength(4);
  });
});

describe('a run', () => {
  const held = () => {
    let release = (): void => undefined;
    const done = new Promise<void>((resolve) => {
      release = resolve;
    });
    const job: Job = {
      name: 'held',
      cron: '* * * * *',
      work: () => done.then(() => ({ ok: true })),
    };
    return { job, release };
  };

  it('is skipped while another one of the same job holds the lock', async () => {
    const deps = partsWith();
    const { job, release } = held();
    const first = runJob(job, deps, once);
    expect(await runJob(job, deps, once)).toEqual({
      job: 'held',
      outcome: 'skipped',
      reason: 'runs_elsewhere',
    });
    release();
    expect(await first).toMatchObject({ outcome: 'done' });
    expect(await runJob(job, deps, once)).toMatchObject({ outcome: 'done' });
  });
  it('that fails is reported and counted, without the words of the error', async () => {
    const deps = partsWith();
    const job: Job = {
      name: 'bad',
      cron: '* * * * *',
      work: () => Promise.reject(new Error('alice@example.org')),
    };
    expect(await runJob(job, deps, once)).toEqual({ job: 'bad', outcome: 'failed' });
    expect(deps.lines.join()).not.toContain('alice');
    expect(await deps.metrics.render()).toContain('signals_job_runs_total{job="bad",outcome="failed"} 1');
  });
});

describe('the schedule', () => {
  beforeEach(() => vi.useFakeTimers({ now: new Date('2026-11-20T03:16:30.000Z') }));
  afterEach(() => vi.useRealTimers());

  it('runs every job by its line, in UTC, and not after it was stopped', async () => {
    const runs: string[] = [];
    const hourly = jobNames.filter((name) => name !== 'refresh-statistics');
    const counted = hourly.map((name) => ({
      ...{ name, cron: jobs[name].cron },
      work: async () => ({ runs: runs.push(name) }),
    }));
    const schedule = startSchedule(counted, partsWith());
    await vi.advanceTimersByTimeAsync(20_000);
    expect(runs).toEqual([]);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(runs).toEqual(['purge']);
    await schedule.stop();
    await vi.advanceTimersByTimeAsync(24 * 3_600_000);
    for (const job of counted) schedule.run(job);
    expect(runs).toEqual(['purge']);
  });
  it('tells a running job to stop, and waits for it', async () => {
    let ended = false;
    const long: Job = {
      name: 'long',
      cron: '17 3 * * *',
      work: async ({ stopped }) => {
        while (!stopped()) await new Promise((resolve) => setTimeout(resolve, 100));
        ended = true;
        return {};
      },
    };
    const schedule = startSchedule([long], partsWith());
    await vi.advanceTimersByTimeAsync(40_000);
    expect(ended).toBe(false);
    const stopping = schedule.stop();
    await vi.advanceTimersByTimeAsync(200);
    await stopping;
    expect(ended).toBe(true);
  });
});

describe('the time since a job succeeded', () => {
  it('begins anew with a run that did the work, and with no other', async () => {
    let at = now;
    const clock = { now: () => at };
    const store = createMemoryStore();
    const successes = createJobSuccesses(clock);
    const elsewhere: EventStore = { ...store, withLock: async () => ({ ran: false }) };
    const pass = (seconds: number): void => {
      at = new Date(at.getTime() + seconds * 1_000);
    };
    const run = (on: EventStore, what: JobRun = once) => purge(on, { clock, successes }, what);
    pass(10);
    expect(successes.secondsSince('purge')).toBe(10);
    expect((await run(elsewhere)).outcome).toBe('skipped');
    expect((await run(store, { ...once, dryRun: true })).outcome).toBe('done');
    expect(successes.secondsSince('purge')).toBe(10);
    expect((await run(store)).outcome).toBe('done');
    expect(successes.secondsSince('purge')).toBe(0);
    pass(5);
    expect((await run({ ...store, oldestBefore: () => Promise.reject(new Error('away')) })).outcome).toBe(
      'failed',
    );
    expect(successes.secondsSince('purge')).toBe(5);
    expect(successes.secondsSince('rewrite-rows')).toBe(15);
  });
});
