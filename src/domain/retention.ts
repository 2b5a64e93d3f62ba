import type { Result } from '../contract/index.js';
import { addDays, type DayOf, startOfDay } from './day.js';
import type { SaltDay } from './reading/plan.js';

/** Clocks outside of this are broken ones: a factory reset (1970), a wrong century. */
const earliest = Date.UTC(2026, 0, 1);
const latest = Date.UTC(2076, 0, 1);

/**
 * The first salt day that is still kept: today and the `retentionDays` − 1 days before it are. An event of an
 * earlier day is neither taken nor left: the write path and the purge both ask here.
 */
export function firstKeptDay(today: string, retentionDays: number): string {
  return addDays(today, 1 - retentionDays);
}

export type RetentionRefusal = 'retention_out_of_range' | 'clock_out_of_range';

/**
 * Events created before the cut-off belong to days that are over: it is the beginning of `firstKeptDay`. Refuses to
 * name one where a wrong setting or a wrong clock would delete what must be kept: retention is a whole number of
 * days from 2 to 3650.
 */
export function retentionCutoff(
  now: Date,
  retentionDays: number,
  dayOf: DayOf,
): Result<Date, RetentionRefusal> {
  if (!Number.isInteger(retentionDays) || retentionDays < 2 || retentionDays > 3650) {
    return { ok: false, error: 'retention_out_of_range' };
  }
  const time = now.getTime();
  if (!(time >= earliest && time < latest)) return { ok: false, error: 'clock_out_of_range' };
  return { ok: true, value: startOfDay(firstKeptDay(dayOf(now), retentionDays), dayOf) };
}

/** The salt day of this name, from its beginning to that of the next. */
export function saltDay(day: string, dayOf: DayOf): SaltDay {
  return { day, start: startOfDay(day, dayOf), end: startOfDay(addDays(day, 1), dayOf) };
}
