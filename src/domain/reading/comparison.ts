import type { StatsComparison } from '../../contract/index.js';
import type { Bucket } from './buckets.js';
import { addMonths, dayMs } from './civil-date.js';
import type { CivilTime } from './civil-time.js';
import type { Span } from './plan.js';

/** What buckets are compared with. */
export interface Comparison {
  /** One per bucket, in order, none over another; null where there is nothing to compare with. */
  readonly spans: readonly (Span | null)[];
  /** Where it ends because the range is not over yet; else null. */
  readonly until: Date | null;
}

export interface ComparisonContext {
  readonly compare: StatsComparison;
  readonly civil: CivilTime;
  readonly now: Date;
  /** Whether the range was counted back in hours of the clock. */
  readonly ofHours: boolean;
}

/**
 * PREVIOUS_PERIOD lies as many calendar days before as the buckets take, or as many hours of the clock where they do
 * not begin and end with days. PREVIOUS_YEAR has the same dates a year before, 28 February for the 29th.
 *
 * By the calendar a bucket is compared with what begins at the wall time at which it begins, and ends at the wall time
 * at which it ends. So an hour is compared with the hour of the same name, however long that was. Where two would be
 * compared with the same (the repeated hour, 28 and 29 February), the first of them is, and the second with nothing.
 *
 * Where the buckets are not over yet, the comparison ends at the same wall time (or after as many hours) as it is now.
 */
export function compareBuckets(buckets: readonly Bucket[], context: ComparisonContext): Comparison {
  const range = wholeSpan(buckets);
  if (!range) return { spans: [], until: null };
  const shift = shiftOf(range, context);
  const now = context.now < range.start ? range.start : context.now;
  const until = now < range.end ? shift.start(now) : null;
  let free = Number.NEGATIVE_INFINITY;
  const spans = buckets.map(({ span }) => {
    const start = Math.max(shift.start(span.start), free);
    const end = Math.min(shift.end(span.end), until ?? Number.POSITIVE_INFINITY);
    if (start >= end) return null;
    free = end;
    return { start: new Date(start), end: new Date(end) };
  });
  return { spans, until: until === null ? null : new Date(until) };
}

/** What buckets take together; null where there are none. */
export function wholeSpan(buckets: readonly Bucket[]): Span | null {
  const [first, last] = [buckets[0], buckets.at(-1)];
  return first && last ? { start: first.span.start, end: last.span.end } : null;
}

/** Where an instant lies in the comparison, as the start of a bucket or as its end. */
interface Shift {
  start(instant: Date): number;
  end(instant: Date): number;
}

function shiftOf(range: Span, { compare, civil, ofHours }: ComparisonContext): Shift {
  switch (compare) {
    case 'PREVIOUS_YEAR':
      return byCalendar(civil, aYearBefore);
    case 'PREVIOUS_PERIOD': {
      const length = range.end.getTime() - range.start.getTime();
      if (ofHours || !isOfDays(range, civil)) {
        const before = (instant: Date): number => instant.getTime() - length;
        return { start: before, end: before };
      }
      const days = civil.dayOf(range.end.getTime()) - civil.dayOf(range.start.getTime());
      return byCalendar(civil, (wall) => wall - days * dayMs);
    }
  }
}

function byCalendar(civil: CivilTime, before: (wall: number) => number): Shift {
  return {
    start: (instant) => civil.instantOf(before(civil.wallOf(instant.getTime()))),
    // The wall time at which it ends is that of its last instant and a bit: the clock may be changed at the very end,
    // and the end of 28 February is not the beginning of the 29th.
    end: (instant) => civil.instantOf(before(civil.wallOf(instant.getTime() - 1)) + 1),
  };
}

function aYearBefore(wall: number): number {
  const day = Math.floor(wall / dayMs);
  return wall + (addMonths(day, -12) - day) * dayMs;
}

function isOfDays({ start, end }: Span, civil: CivilTime): boolean {
  return [start, end].every(
    (instant) => civil.startOfDay(civil.dayOf(instant.getTime())) === instant.getTime(),
  );
}
