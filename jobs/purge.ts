import type { Catalogue } from '../src/domain/catalogue.js';
import { addDays, type DayOf } from '../src/domain/day.js';
import type { Clock, Coordination, EventRetention, ForgettingRules, Log } from '../src/domain/ports/index.js';
import { retentionCutoff, saltDay } from '../src/domain/retention.js';
import type { Metrics } from '../src/observability/metrics.js';
import { JobRefusal, type JobReport, type JobRun, type JobWork } from './job.js';

/** Rows per transaction: a few milliseconds of locks on rows that nobody writes any more. */
const batchSize = 5_000;
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
  /** Groups of fewer visitors keep no name in what outlives the raw rows. */
  readonly minGroup: number;
  /** Says which entity types keep totals, and how long. */
  readonly readCatalogue: () => Promise<Catalogue>;
  /** The day of an instant, in the zone whose midnight turns the salt. */
  readonly dayOf: DayOf;
}

/**
 * Forgets the salt days that are over by the retention, one after the other, oldest first: a day is sealed with the
 * first of its batches, and its totals stay. Ingestion goes on beside it: no lock that writers wait for, no long
 * transaction on what they write. Interrupted at any point, the next run goes on where it stopped.
 */
export function createPurge(needs: PurgeNeeds): JobWork {
  return async (run) => {
    const { retention, clock, retentionDays, dayOf } = needs;
    const now = clock.now();
    const verdict = retentionCutoff(now, retentionDays, dayOf);
    if (!verdict.ok) throw new JobRefusal(verdict.error);
    await refuseForeignClock(needs, now);
    const cutoff = verdict.value;
    const common = { cutoff: cutoff.toISOString(), retentionDays, dryRun: run.dryRun };
    if (run.dryRun) return { ...common, events: await retention.countBefore(cutoff) };
    return { ...common, ...(await forgetDays(needs, run, now, cutoff)) };
  };
}

/** A wrong clock ahead of time would delete what must be kept. */
async function refuseForeignClock({ coordination }: PurgeNeeds, now: Date): Promise<void> {
  const theirs = await coordination.now();
  if (theirs && Math.abs(theirs.getTime() - now.getTime()) > toleratedSkewMs)
    throw new JobRefusal('clock_differs_from_database');
}

async function forgetDays(needs: PurgeNeeds, run: JobRun, now: Date, cutoff: Date): Promise<JobReport> {
  const { retention, dayOf } = needs;
  const rules = await rulesAt(needs, dayOf(now));
  const firstKept = dayOf(cutoff);
  const done = { days: 0, events: 0, batches: 0 };
  let last: string | null = null;
  let complete = false;
  while (!complete && !(last !== null && run.stopped())) {
    const day = await oldestDay(needs, cutoff, firstKept);
    complete = day === null;
    // What was not to be had a moment ago, because somebody else holds it, is left to the next run.
    if (day === null || day === last) break;
    last = day;
    if (await forgetDay(needs, run, rules, day, done)) done.days += 1;
  }
  const totals = await retention.forgetTotals(firstKept, rules);
  const dimensions = complete ? await retention.cleanUp() : 0;
  return { ...done, totals, dimensions, complete };
}

/** Deletes the rows of one day; false where the run was stopped before the last of them. */
async function forgetDay(
  { retention, metrics, log, dayOf }: PurgeNeeds,
  run: JobRun,
  rules: ForgettingRules,
  day: string,
  done: { events: number; batches: number },
): Promise<boolean> {
  const over = saltDay(day, dayOf);
  for (;;) {
    const deleted = await retention.forgetDay(over, batchSize, rules);
    done.events += deleted;
    done.batches += deleted > 0 ? 1 : 0;
    metrics.count('signals_purged_events_total', {}, deleted);
    if (deleted < batchSize) return true;
    if (done.batches % 20 === 0) log.info({ job: 'purge', events: done.events }, 'purge goes on');
    if (run.stopped()) return false;
  }
}

/** The oldest day of which anything is left; null where the purge is done. */
async function oldestDay(
  { retention, dayOf }: PurgeNeeds,
  start: Date,
  firstKept: string,
): Promise<string | null> {
  const { event, counts } = await retention.oldestBefore({ day: firstKept, start });
  const days = [event && dayOf(event), counts].filter((day) => day !== null);
  return days.sort()[0] ?? null;
}

/** What stays, by the settings and the catalogue of today. */
async function rulesAt({ minGroup, readCatalogue }: PurgeNeeds, today: string): Promise<ForgettingRules> {
  const totalsKeptFrom = new Map<string, string>();
  const { entityTypes } = await readCatalogue();
  for (const { name, keepTotalsDays } of entityTypes.values())
    if (keepTotalsDays !== null) totalsKeptFrom.set(name, addDays(today, 1 - keepTotalsDays));
  return { minGroup, totalsKeptFrom };
}
