/** A length of time: by the calendar, or by the clock. */
export type Duration =
  | { readonly by: 'calendar'; readonly months: number; readonly days: number }
  | { readonly by: 'clock'; readonly hours: number };

const calendar = /^P(?=\d)(?:(\d{1,4})Y)?(?:(\d{1,5})M)?(?:(\d{1,5})W)?(?:(\d{1,5})D)?$/;
const clock = /^PT(\d{1,6})H$/;

/**
 * Reads an ISO 8601 duration of whole years, months, weeks and days (P30D, P2W, P1Y6M) or of whole hours (PT24H).
 * Null for everything else: zero, fractions, signs, minutes, and days together with hours, which would be neither
 * whole days nor whole hours.
 */
export function parseDuration(text: string): Duration | null {
  const byClock = clock.exec(text);
  if (byClock) {
    const hours = Number(byClock[1]);
    return hours === 0 ? null : { by: 'clock', hours };
  }
  const byCalendar = calendar.exec(text);
  if (!byCalendar) return null;
  const [years, months, weeks, days] = byCalendar.slice(1).map((part) => Number(part ?? 0));
  const whole = { months: (years ?? 0) * 12 + (months ?? 0), days: (weeks ?? 0) * 7 + (days ?? 0) };
  return whole.months === 0 && whole.days === 0 ? null : { by: 'calendar', ...whole };
}
