/**
 * A calendar day, as days since 1 January 1970 (Gregorian, also before there was such a calendar). Arithmetic on days
 * is arithmetic on whole numbers, and knows of no zone.
 */
export type CivilDay = number;

export const dayMs = 86_400_000;

/** The first day of the month that is `count` months after the day's; before it where `count` is negative. */
export function firstOfMonth(day: CivilDay, count = 0): CivilDay {
  const date = new Date(day * dayMs);
  return fromParts(date.getUTCFullYear(), date.getUTCMonth() + count, 1);
}

/** The same date `count` months later; the last day of a month that is too short. */
export function addMonths(day: CivilDay, count: number): CivilDay {
  const first = firstOfMonth(day, count);
  return first + Math.min(day - firstOfMonth(day), firstOfMonth(first, 1) - first - 1);
}

/** The Monday of the day's ISO week. */
export function mondayOf(day: CivilDay): CivilDay {
  // 1 January 1970 was a Thursday, three days after a Monday.
  return day - modulo(day + 3, 7);
}

/** `2026-10-25` */
export function dayLabel(day: CivilDay): string {
  return `${monthLabel(day)}-${padded(new Date(day * dayMs).getUTCDate())}`;
}

/** `2026-10` */
export function monthLabel(day: CivilDay): string {
  const date = new Date(day * dayMs);
  return `${padded(date.getUTCFullYear(), 4)}-${padded(date.getUTCMonth() + 1)}`;
}

/** `2026-W43`: the week's year is that of its Thursday (ISO 8601). */
export function weekLabel(day: CivilDay): string {
  const thursday = mondayOf(day) + 3;
  const year = new Date(thursday * dayMs).getUTCFullYear();
  const week = Math.floor((thursday - fromParts(year, 0, 1)) / 7) + 1;
  return `${padded(year, 4)}-W${padded(week)}`;
}

function fromParts(year: number, month: number, date: number): CivilDay {
  // Date.UTC takes the years 0 to 99 for those of the twentieth century.
  return new Date(0).setUTCFullYear(year, month, date) / dayMs;
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}

export function padded(value: number, length = 2): string {
  return String(value).padStart(length, '0');
}
