/**
 * Since 1980 every zone in use has been off UTC by a multiple of 15 minutes, changes of clocks included, so
 * no local midnight falls inside such a quarter of an hour (IANA tz database, 2025b).
 */
const quarterHourMs = 15 * 60_000;
const quarterHoursHoldFrom = Date.UTC(1980, 0, 1);

/**
 * Makes a function that names the calendar day (`YYYY-MM-DD`, Gregorian) on which an instant falls
 * in the IANA zone. Days of 23 and 25 hours come out right because the zone's own rules decide. Throws at once
 * for an unknown zone; the function it makes throws a RangeError for an invalid Date only.
 */
export function createDayOf(zone: string): (instant: Date) => string {
  const formatter = formatterFor(zone);
  let cachedQuarter = Number.NaN;
  let cachedDay = '';
  return (instant) => {
    const time = instant.getTime();
    const quarter = Math.floor(time / quarterHourMs);
    if (quarter === cachedQuarter) return cachedDay;
    const day = format(formatter, instant);
    if (time >= quarterHoursHoldFrom) {
      cachedQuarter = quarter;
      cachedDay = day;
    }
    return day;
  };
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
