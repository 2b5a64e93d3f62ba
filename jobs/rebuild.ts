import type { Coordination } from '../src/domain/ports/index.js';
import { beginOrRefuse, type CountNeeds, countDays } from './count-days.js';
import { JobRefusal, type JobReport, type JobRun, type JobWork } from './job.js';

export interface RebuildNeeds extends CountNeeds {
  readonly coordination: Pick<Coordination, 'withLock'>;
}

/**
 * Counts every day that has changed, however long it takes: after a migration that is every day there is. Interrupted,
 * it goes on where it stopped; the refresher does too.
 */
export function createCountStatistics(needs: RebuildNeeds): JobWork {
  return (run) =>
    aloneWithCounts(needs, async () => {
      if (!run.dryRun) await beginOrRefuse(needs.changed);
      return countAll(needs, 'count-statistics', run);
    });
}

/**
 * Counts every day anew whose raw rows are there, whatever was counted before. It is also the way to another
 * SIGNALS_DAY_ZONE: the counts of the old zone go, but for days whose raw rows are gone.
 */
export function createRebuild(needs: RebuildNeeds): JobWork {
  return (run) =>
    aloneWithCounts(needs, async () => {
      if (!run.dryRun) await needs.changed.changeAllDays();
      return countAll(needs, 'rebuild', run);
    });
}

/** A refresher of the old zone must not count while the zone changes. It runs for less than a minute. */
async function aloneWithCounts(
  { coordination }: RebuildNeeds,
  work: () => Promise<JobReport>,
): Promise<JobReport> {
  const held = await coordination.withLock('job:refresh-statistics', work);
  if (!held.ran) throw new JobRefusal('refresh_statistics_runs');
  return held.value;
}

async function countAll(needs: RebuildNeeds, job: string, run: JobRun): Promise<JobReport> {
  const days = (await needs.changed.changedDays()).map(({ day }) => day);
  if (run.dryRun) return { dryRun: true, changed: days.length };
  return countDays(needs, { job, days, stopped: run.stopped });
}
