import { retentionCutoff } from '../src/domain/retention.js';
import { type Job, type JobDeps, JobRefusal, type JobReport, type JobRun } from './job.js';

/** Rows per transaction: a few milliseconds of locks on rows that nobody writes any more. */
const batchSize = 5_000;
/** A dimension row is kept this long after its last use, far beyond what any replica remembers of it. */
const dimensionGraceMs = 3 * 86_400_000;

/**
 * Deletes the events of days that are over by the retention, in bounded batches, oldest first, and the dimension rows
 * that no event uses any more. Ingestion goes on beside it: no table lock, no long transaction. Interrupted at any
 * point, the next run goes on where it stopped.
 */
export const purge: Job = {
  name: 'purge',
  description: 'Deletes events of days that SIGNALS_RETENTION_DAYS no longer keeps.',
  cron: '17 3 * * *',
  run: async (deps, run) => {
    const now = deps.clock.now();
    const verdict = retentionCutoff(now, deps.retentionDays, deps.dayOf);
    if (!verdict.ok) throw new JobRefusal(verdict.error);
    await refuseForeignClock(deps, now);
    const cutoff = verdict.value;
    const common = { cutoff: cutoff.toISOString(), retentionDays: deps.retentionDays, dryRun: run.dryRun };
    if (run.dryRun) return { ...common, events: await deps.store.countBefore(cutoff) };
    return { ...common, ...(await deleteAll(deps, run, cutoff, now)) };
  },
};

/** More than this between our clock and the database's, and one of them is wrong. */
const toleratedSkewMs = 3_600_000;

/** A wrong clock ahead of time would delete what must be kept; the database's own is the second witness. */
async function refuseForeignClock({ store }: JobDeps, now: Date): Promise<void> {
  const theirs = await store.now();
  if (theirs && Math.abs(theirs.getTime() - now.getTime()) > toleratedSkewMs)
    throw new JobRefusal('clock_differs_from_database');
}

async function deleteAll(deps: JobDeps, run: JobRun, cutoff: Date, now: Date): Promise<JobReport> {
  let events = 0;
  let batches = 0;
  let deleted = 0;
  do {
    deleted = await deps.store.deleteBefore(cutoff, batchSize);
    events += deleted;
    batches += deleted > 0 ? 1 : 0;
    deps.metrics.count('signals_purged_events_total', {}, deleted);
    if (batches > 0 && batches % 20 === 0) deps.log.info({ job: 'purge', events }, 'purge goes on');
  } while (deleted === batchSize && !run.stopped());
  const complete = deleted < batchSize;
  const dimensions = complete
    ? await deps.store.deleteUnusedDimensions(new Date(now.getTime() - dimensionGraceMs))
    : 0;
  return { events, batches, dimensions, complete };
}
