import type { DayOf } from '../src/domain/day.js';
import type { Clock, Coordination, EventRetention, Log } from '../src/domain/ports/index.js';
import { retentionCutoff } from '../src/domain/retention.js';
import type { Metrics } from '../src/observability/metrics.js';
import { JobRefusal, type JobReport, type JobRun, type JobWork } from './job.js';

/** Rows per transaction: a few milliseconds of locks on rows that nobody writes any more. */
const batchSize = 5_000;
/** A dimension row is kept this long after its last use, far beyond what any replica remembers of it. */
const dimensionGraceMs = 3 * 86_400_000;
/** More than this between our clock and the database's, and one of them is wrong. */
const toleratedSkewMs = 3_600_000;

export interface PurgeNeeds {
  readonly retention: EventRetention;
  /** The database's own clock is a second witness of the time. */
  readonly coordination: Pick<Coordination, 'now'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly retentionDays: number;
  /** The day of an instant, in the zone whose midnight turns the salt. */
  readonly dayOf: DayOf;
}

/**
 * Deletes the events of days that are over by the retention, in bounded batches, oldest first, and the dimension rows
 * that no event uses any more. Ingestion goes on beside it: no table lock, no long transaction. Interrupted at any
 * point, the next run goes on where it stopped.
 */
export function createPurge(needs: PurgeNeeds): JobWork {
  return async (run) => {
    const { retention, clock, retentionDays, dayOf } = needs;
    const now = clock.now();
    const verdict = retentionCutoff(now, retentionDays, dayOf);
    if (!verdict.ok) throw new JobRefusal(verdict.why);
    await refuseForeignClock(needs, now);
    const { cutoff } = verdict;
    const common = { cutoff: cutoff.toISOString(), retentionDays, dryRun: run.dryRun };
    if (run.dryRun) return { ...common, events: await retention.countBefore(cutoff) };
    return { ...common, ...(await deleteAll(needs, run, cutoff, now)) };
  };
}

/** A wrong clock ahead of time would delete what must be kept. */
async function refuseForeignClock({ coordination }: PurgeNeeds, now: Date): Promise<void> {
  const theirs = await coordination.now();
  if (theirs && Math.abs(theirs.getTime() - now.getTime()) > toleratedSkewMs)
    throw new JobRefusal('clock_differs_from_database');
}

async function deleteAll(
  { retention, metrics, log }: PurgeNeeds,
  run: JobRun,
  cutoff: Date,
  now: Date,
): Promise<JobReport> {
  let events = 0;
  let batches = 0;
  let deleted = 0;
  do {
    deleted = await retention.deleteBefore(cutoff, batchSize);
    events += deleted;
    batches += deleted > 0 ? 1 : 0;
    metrics.count('signals_purged_events_total', {}, deleted);
    if (batches > 0 && batches % 20 === 0) log.info({ job: 'purge', events }, 'purge goes on');
  } while (deleted === batchSize && !run.stopped());
  const complete = deleted < batchSize;
  const unusedSince = new Date(now.getTime() - dimensionGraceMs);
  const dimensions = complete ? await retention.deleteUnusedDimensions(unusedSince) : 0;
  return { events, batches, dimensions, complete };
}
