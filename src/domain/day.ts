import { createBoundedCache } from './bounded-cache.js';

/**
 * Since 1973 every offset from UTC is of whole minutes and every change of clocks falls on one: measured over
 * all 418 zones of tz 2025c up to 2038. A quarter of an hour would be too long: until 2011 Newfoundland changed its
 * clocks at one minute past midnight, back into the day before.
 */
const minuteMs = 60_000;
const minutesHoldFrom = Date.UTC(1973, 0, 1);

/** Minutes whose day is remembered: a day and a half of them. */
const rememberedMinutes = 2_048;

/** Names the calendar day (`YYYY-MM-DD`, Gregorian) on which an instant falls. */
export type DayOf = (instant: Date) => string;

/**
 * Makes a function that names the calendar day on which an instant falls in the IANA zone. Days of 23 and 25 hours
 * come out right because the zone's own rules decide. Throws at once for an unknown zone; the function it makes
 * throws a RangeError for an invalid Date only.
 */
export function createDayOf(zone: string): DayOf {
  const formatter = formatterFor(zone);
  const days = createBoundedCache<number, string>(rememberedMinutes);
  return (instant) => {
    const time = instant.getTime();
    const name = (): string => format(formatter, instant);
    return time >= minutesHoldFrom ? days.getOrMake(Math.floor(time / minuteMs), name) : name();
  };
}

const dayMs = 86_400_000;

/** The calendar day that is `count` days after `day`; before it where `count` is negative. */
export function addDays(day: string, count: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * dayMs).toISOString().slice(0, 10);
}

/**
 * The instant with which a day begins, to the minute. No zone is more than 14 hours from UTC, so it lies within a
 * day of midnight UTC. Where a zone skipped the day, it is the beginning of the next one.
 */
export function startOfDay(day: string, dayOf: DayOf): Date {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  let before = (midnight - dayMs) / minuteMs;
  let within = (midnight + dayMs) / minuteMs;
  while (within - before > 1) {
    const middle = Math.floor((before + within) / 2);
    if (dayOf(new Date(middle * minuteMs)) < day) before = middle;
    else within = middle;
  }
  return new Date(within * minuteMs);
}

/**
 * The instant cut to the hour, for rows that shall not tell more. Where a day begins at half past an hour of UTC
 * (Asia/Kolkata), the hour would lie in the day before; then it is cut to less, so that the day stays the same.
 */
export function cutToHour(instant: Date, dayOf: DayOf): Date {
  const day = dayOf(instant);
  for (const minutes of [60, 30, 15]) {
    const length = minutes * minuteMs;
    const cut = new Date(Math.floor(instant.getTime() / length) * length);
    if (dayOf(cut) === day) return cut;
  }
  return new Date(Math.floor(instant.getTime() / minuteMs) * minuteMs);
}

function formatterFor(zone: string): Intl.DateTimeFormat {
  try {
    // An empty zone would silently mean the host's own.
    if (zone === '') throw new RangeError('empty');
    return new Intl.DateTimeFormat('en-US-u-ca-iso8601-nu-latn', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
  } catch {
    throw new Error(
      'The day zone is not an IANA time zone that this Node.js knows (such as UTC or Europe/Berlin).',
    );
  }
}

function format(formatter: Intl.DateTimeFormat, instant: Date): string {
  const parts = new Map(formatter.formatToParts(instant).map(({ type, value }) => [type, value]));
  return `${parts.get('year')?.padStart(4, '0')}-${parts.get('month')}-${parts.get('day')}`;
}
