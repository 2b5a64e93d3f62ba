import { describe, expect, it } from 'vitest';
import { createCountWatch } from '../../jobs/count-watch.js';
import { createJobSuccesses } from '../../jobs/successes.js';
import { type JobParts, openJobs, runNamedJob } from '../../src/app/jobs.js';
import { createDayOf } from '../../src/domain/day.js';
import type { EventStore } from '../../src/domain/ports/index.js';
import { createLog } from '../../src/observability/log.js';
import { createMetrics } from '../../src/observability/metrics.js';
import { createMemoryStore } from '../../src/store/memory/memory-store.js';
import { testCatalogue } from '../support/pipeline.js';

/** Parts on a store that counts how often rows of older versions are asked for. */
function createParts(): { parts: JobParts; asked: () => number } {
  let asked = 0;
  const store: EventStore = {
    ...createMemoryStore(),
    rewriteOldRows: async () => {
      asked++;
      return 0;
    },
  };
  const metrics = createMetrics();
  const parts: JobParts = {
    ...{ retention: store, upgrade: store, changed: store, coordination: store },
    clock: { now: () => new Date('2026-11-20T12:00:00.000Z') },
    log: createLog({ level: 'silent' }),
    ...{ metrics, countWatch: createCountWatch(metrics) },
    successes: createJobSuccesses({ now: () => new Date() }),
    retentionDays: 180,
    minGroup: 5,
    readCatalogue: async () => testCatalogue(),
    dayOf: createDayOf('UTC'),
  };
  return { parts, asked: () => asked };
}

describe('the jobs of the service', () => {
  it('rewrite rows once after a migration that came before the schedule', async () => {
    const { parts, asked } = createParts();
    const jobs = openJobs(parts);
    jobs.migrated();
    expect(asked()).toBe(0);
    jobs.start();
    jobs.start();
    await expect.poll(asked).toBe(1);
    await jobs.close();
    expect(asked()).toBe(1);
  });
  it('rewrite rows after a migration that came later, and none after the end', async () => {
    const { parts, asked } = createParts();
    const jobs = openJobs(parts);
    jobs.start();
    expect(asked()).toBe(0);
    jobs.migrated();
    await expect.poll(asked).toBe(1);
    await jobs.close();
    jobs.migrated();
    await jobs.close();
    expect(asked()).toBe(1);
  });
  it('can be run by name, each with what it needs', async () => {
    const { parts } = createParts();
    expect(await runNamedJob('purge', parts, true)).toMatchObject({
      ...{ job: 'purge', outcome: 'done' },
      report: { dryRun: true, retentionDays: 180, events: 0 },
    });
    expect(await runNamedJob('rewrite-rows', parts)).toMatchObject({ report: { rows: 0, complete: true } });
  });
});
