import type { DayOf } from '../src/domain/day.js';
import type { ChangedDay } from '../src/domain/ports/index.js';
import { beginOrRefuse, type CountNeeds, countDays } from './count-days.js';
import type { JobWork } from './job.js';

/** A changed day is counted again after this long; meanwhile readers take it from raw rows. */
const waits = {
  /** Less than the minute between two runs, which do not begin to the second. */
  today: 50,
  earlier: 600,
} as const;

/** A run that takes longer leaves the rest to the next one. */
const longestMs = 40_000;

export interface RefreshNeeds extends CountNeeds {
  /** The day of an instant, in the zone whose midnight turns the salt. */
  readonly dayOf: DayOf;
}

/**
 * Counts days that have changed, so that statistics need not read their raw rows: today at most once a minute, an
 * earlier day at most every ten minutes. Answers are exact whether it runs or not; it makes them fast.
 */
export function createRefreshStatistics(needs: RefreshNeeds): JobWork {
  return async (run) => {
    const { changed, clock, countWatch, dayOf } = needs;
    const began = clock.now();
    if (!run.dryRun) await beginOrRefuse(changed);
    const found = await changed.changedDays();
    const days = dueDays(found, dayOf(began));
    countWatch.waiting(found.length);
    if (run.dryRun) return { dryRun: true, changed: found.length, days: days.join(' ') };
    const stopped = () => run.stopped() || clock.now().getTime() - began.getTime() > longestMs;
    return countDays(needs, { job: 'refresh-statistics', days, stopped });
  };
}

/** Today first, then those that have waited longest, never counted ones before all. */
function dueDays(found: readonly ChangedDay[], today: string): readonly string[] {
  const waited = ({ countedSecondsAgo }: ChangedDay): number => countedSecondsAgo ?? Number.MAX_VALUE;
  const isToday = ({ day }: ChangedDay): number => (day === today ? 1 : 0);
  return found
    .filter((one) => waited(one) >= (isToday(one) ? waits.today : waits.earlier))
    .sort((a, b) => isToday(b) - isToday(a) || waited(b) - waited(a))
    .map(({ day }) => day);
}
