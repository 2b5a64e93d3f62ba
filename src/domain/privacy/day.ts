/**
 * Since 1973 every offset from UTC is of whole minutes and every change of clocks falls on one: measured over
 * all 418 zones of tz 2025c up to 2038. A quarter of an hour would be too long: until 2011 Newfoundland changed its
 * clocks at one minute past midnight, back into the day before.
 */
const minuteMs = 60_000;
const minutesHoldFrom = Date.UTC(1973, 0, 1);

/**
 * Makes a function that names the calendar day (`YYYY-MM-DD`, Gregorian) on which an instant falls
 * in the IANA zone. Days of 23 and 25 hours come out right because the zone's own rules decide. Throws at once
 * for an unknown zone; the function it makes throws a RangeError for an invalid Date only.
 */
export function createDayOf(zone: string): (instant: Date) => string {
  const formatter = formatterFor(zone);
  let cachedMinute = Number.NaN;
  let cachedDay = '';
  return (instant) => {
    const time = instant.getTime();
    const minute = Math.floor(time / minuteMs);
    if (minute === cachedMinute) return cachedDay;
    const day = format(formatter, instant);
    if (time >= minutesHoldFrom) {
      cachedMinute = minute;
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
