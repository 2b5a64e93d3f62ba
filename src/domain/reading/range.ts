import { type Result, readingLimits, type StatsInterval } from '../../contract/index.js';
import { type BadArgument, bad } from './bad-argument.js';
import { addMonths, type CivilDay } from './civil-date.js';
import type { CivilTime } from './civil-time.js';
import { type Duration, parseDuration } from './duration.js';
import type { Span } from './plan.js';
import type { StatsInput } from './question.js';

/** The range of a question, from ≤ t < to. */
export interface Range extends Span {
  /** It was counted back in hours of the clock, and so is its comparison. */
  readonly ofHours: boolean;
  /** The argument that says where it begins. */
  readonly argument: 'input.last' | 'input.from';
}

export interface RangeContext {
  readonly civil: CivilTime;
  readonly interval: StatsInterval;
  readonly now: Date;
}

/**
 * The range that is asked for: `last`, or `from` and `to`. Equal ones are an empty range. Days are counted before any
 * of them is made, so that a range of thousands of years is refused at once.
 *
 * `last` counts whole calendar days of the zone, today included: P30D is today and the 29 days before, and P1M begins
 * on the day after the same date of the month before (its last day, where that month is shorter). With HOUR, or as a
 * duration in hours, it counts whole hours, the running one included. The range ends with the end of today or of the
 * running hour, so that the running bucket is a whole one.
 */
export function readRange(input: StatsInput, context: RangeContext): Result<Range, BadArgument> {
  const { last, from, to } = input;
  if (last != null) {
    if (from != null) return bad('input.from', 'cannot stand beside input.last');
    if (to != null) return bad('input.to', 'cannot stand beside input.last');
    return readLast(last, context);
  }
  if (from == null && to == null)
    return bad('input.last', 'is missing: a range is input.last, or input.from and input.to');
  if (from == null) return bad('input.from', 'is missing beside input.to');
  if (to == null) return bad('input.to', 'is missing beside input.from');
  return readInstants(from, to, context.civil);
}

function readLast(last: string, { civil, interval, now }: RangeContext): Result<Range, BadArgument> {
  const duration = parseDuration(last);
  if (!duration)
    return bad(
      'input.last',
      'is no ISO 8601 duration of whole days, weeks, months or years (P30D) or of whole hours (PT24H)',
    );
  const today = civil.dayOf(now.getTime());
  const days = daysOf(duration, today);
  if (days > readingLimits.maxStatsDays) return tooLong('input.last');
  const ofHours = duration.by === 'clock' || interval === 'HOUR';
  const range = ofHours
    ? lastHours(duration.by === 'clock' ? duration.hours : days * 24, civil, now.getTime())
    : { start: civil.startOfDay(today - days + 1), end: civil.startOfDay(today + 1) };
  return {
    ok: true,
    value: { start: new Date(range.start), end: new Date(range.end), ofHours, argument: 'input.last' },
  };
}

/** How many calendar days a duration takes that ends with today. */
function daysOf(duration: Duration, today: CivilDay): number {
  if (duration.by === 'clock') return duration.hours / 24;
  return today - addMonths(today, -duration.months) + duration.days;
}

function lastHours(hours: number, civil: CivilTime, now: number): { start: number; end: number } {
  const end = civil.endOfHour(now);
  // Where clocks change by half an hour, so many hours before would be in the middle of one.
  return { start: civil.startOfHour(end - hours * 3_600_000), end };
}

/**
 * Far enough from the years 0001 and 9999 that whatever follows from a range (whole months, days of the salt, the
 * five years before) has a year of four digits too, which is what ISO 8601 and PostgreSQL agree on.
 */
const firstInstant = Date.parse('0010-01-01T00:00:00.000Z');
const lastInstant = Date.parse('9989-12-31T23:59:59.999Z');
const isAskable = (instant: Date): boolean =>
  instant.getTime() >= firstInstant && instant.getTime() <= lastInstant;
const notAskable = 'is outside of the years 0010 to 9989, in UTC';

function readInstants(from: Date, to: Date, civil: CivilTime): Result<Range, BadArgument> {
  if (!isAskable(from)) return bad('input.from', notAskable);
  if (!isAskable(to)) return bad('input.to', notAskable);
  if (from > to) return bad('input.from', 'is later than input.to');
  const days = civil.dayOf(to.getTime() - 1) - civil.dayOf(from.getTime()) + 1;
  if (days > readingLimits.maxStatsDays) return tooLong('input.to');
  return { ok: true, value: { start: from, end: to, ofHours: false, argument: 'input.from' } };
}

function tooLong(argument: string) {
  return bad(argument, `makes a range of more than ${readingLimits.maxStatsDays} days`);
}
