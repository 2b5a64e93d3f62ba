import type { ChangedDays, Clock, Log } from '../src/domain/ports/index.js';
import type { CountWatch } from './count-watch.js';
import { JobRefusal, type JobReport } from './job.js';

export interface CountNeeds {
  readonly changed: ChangedDays;
  readonly countWatch: CountWatch;
  readonly clock: Clock;
  readonly log: Log;
}

/** Counting that takes longer than this says how far it is. */
const progressMs = 5_000;

/** Begins to count where nothing ever was. Refuses where the days are of another zone: mixed, both would be wrong. */
export async function beginOrRefuse(changed: ChangedDays): Promise<void> {
  if ((await changed.beginCounting()) === 'OTHER_ZONE') throw new JobRefusal('day_zone_differs');
}

/** Counts these days in their order, until it is told to stop between two of them; then it says how many are left. */
export async function countDays(
  { changed, countWatch, clock, log }: CountNeeds,
  { job, days, stopped }: { readonly job: string; readonly days: readonly string[]; stopped(): boolean },
): Promise<JobReport> {
  let counted = 0;
  let busy = 0;
  let saidAt = clock.now().getTime();
  for (const [index, day] of days.entries()) {
    if (stopped()) break;
    const began = clock.now().getTime();
    if ((await changed.countDay(day)) === 'BUSY') busy += 1;
    else counted += 1;
    const now = clock.now().getTime();
    countWatch.took((now - began) / 1_000);
    if (now - saidAt > progressMs) {
      saidAt = now;
      log.info({ job, day: index + 1, days: days.length }, 'days are being counted');
    }
  }
  return { dryRun: false, counted, busy, complete: counted === days.length };
}
