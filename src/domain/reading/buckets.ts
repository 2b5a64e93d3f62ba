import type { StatsInterval } from '../../contract/index.js';
import { type CivilDay, dayLabel, firstOfMonth, mondayOf, monthLabel, weekLabel } from './civil-date.js';
import type { CivilTime } from './civil-time.js';
import type { Span } from './plan.js';

/** An interval of the zone, and what of it lies in the range. */
export interface Bucket extends Span {
  readonly label: string;
  /** Cut to the range. */
  readonly span: Span;
}

/**
 * Cuts a range into intervals of the zone: each instant of the range lies in exactly one. This is the only list of
 * buckets that there is. `start` and `end` are the interval's own, also where the range begins or ends inside.
 *
 * Hours begin whenever the zone's clock shows a full hour and whenever it is changed, so the hour that a change repeats
 * is two buckets, told apart by the offset in the label. On Lord Howe Island, where clocks change by half an hour, the
 * day of a change has one bucket of half an hour. With NONE the range is the interval, and never cut.
 */
export function bucketsOf(range: Span, interval: StatsInterval, civil: CivilTime): Bucket[] {
  if (range.start >= range.end) return [];
  const buckets = intervalsOf(range, interval, civil).map((bucket) => ({
    ...bucket,
    span: cut(bucket, range),
  }));
  // A zone that changes its clocks after midnight, back into the day before, has left a day that it returns to.
  return buckets.filter(({ span }) => span.start < span.end);
}

type Interval = Omit<Bucket, 'span'>;

function intervalsOf(range: Span, interval: StatsInterval, civil: CivilTime): Interval[] {
  switch (interval) {
    case 'NONE':
      return [{ label: wholeLabel(range, civil), start: range.start, end: range.end }];
    case 'HOUR':
      return hoursOf(range, civil);
    case 'DAY':
      return daysOf(range, civil, { first: (day) => day, next: (day) => day + 1, label: dayLabel });
    case 'WEEK':
      return daysOf(range, civil, { first: mondayOf, next: (day) => day + 7, label: weekLabel });
    case 'MONTH':
      return daysOf(range, civil, {
        first: (day) => firstOfMonth(day),
        next: (day) => firstOfMonth(day, 1),
        label: monthLabel,
      });
  }
}

/** `2026-10-01/2026-10-31`: the first day and the last. */
function wholeLabel({ start, end }: Span, civil: CivilTime): string {
  return `${dayLabel(civil.dayOf(start.getTime()))}/${dayLabel(civil.dayOf(end.getTime() - 1))}`;
}

function hoursOf(range: Span, civil: CivilTime): Interval[] {
  const hours: Interval[] = [];
  let start = civil.startOfHour(range.start.getTime());
  while (start < range.end.getTime()) {
    const end = civil.endOfHour(start);
    hours.push({ label: civil.labelOf(start), start: new Date(start), end: new Date(end) });
    start = end;
  }
  return hours;
}

interface DaySteps {
  first(day: CivilDay): CivilDay;
  next(day: CivilDay): CivilDay;
  label(day: CivilDay): string;
}

/** Intervals of whole days. A day that the zone skipped has no instant, and no bucket. */
function daysOf(range: Span, civil: CivilTime, { first, next, label }: DaySteps): Interval[] {
  const intervals: Interval[] = [];
  let day = first(civil.dayOf(range.start.getTime()));
  let start = civil.startOfDay(day);
  while (start < range.end.getTime()) {
    const following = next(day);
    const end = civil.startOfDay(following);
    if (end > start) intervals.push({ label: label(day), start: new Date(start), end: new Date(end) });
    day = following;
    start = end;
  }
  return intervals;
}

function cut({ start, end }: Span, range: Span): Span {
  return { start: start < range.start ? range.start : start, end: end > range.end ? range.end : end };
}
