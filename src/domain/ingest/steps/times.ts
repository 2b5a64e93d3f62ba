import { limits } from '../../../contract/index.js';
import { firstKeptDay } from '../../retention.js';
import type { Call } from '../call.js';
import type { SentEvent, Step } from '../pipeline.js';
import { type Refusal, reject } from '../refusal.js';

// ISO 8601: a date and a time of day, both with or without separators, minutes and seconds optional, and an offset.
const isoInstant =
  /^(\d{4})(-?)(\d\d)\2(\d\d)[Tt ](\d\d)(?:(:?)(\d\d)(?:\6(\d\d)(?:[.,](\d{1,12}))?)?)?(?:[Zz]|([+-])(\d\d):?(\d\d)?)$/;

/**
 * The instant that an ISO 8601 text names, cut to the millisecond, or null: no date, no offset, 30 February, a leap
 * second. Never throws.
 */
export function toInstant(text: unknown): Date | null {
  if (typeof text !== 'string' || text.length > 40) return null;
  const match = isoInstant.exec(text);
  if (!match) return null;
  const part = (index: number): number => Number(match[index] ?? 0);
  const [hour, minute, second] = [part(5), part(7), part(8)];
  const millisecond = Number((match[9] ?? '').padEnd(3, '0').slice(0, 3));
  if (hour > 24 || minute > 59 || second > 59) return null;
  if (hour === 24 && minute + second + millisecond > 0) return null;
  const date = midnight(part(1), part(3), part(4));
  if (date === null) return null;
  if (part(11) > 23 || part(12) > 59) return null;
  const offset = (part(11) * 60 + part(12)) * (match[10] === '-' ? -60_000 : 60_000);
  return new Date(date + ((hour * 60 + minute) * 60 + second) * 1_000 + millisecond - offset);
}

/** When a day begins, UTC; null where the calendar has no such day. */
function midnight(year: number, month: number, day: number): number | null {
  // Not with the year at once: Date.UTC takes the years 0 to 99 for those of the twentieth century.
  const date = new Date(Date.UTC(2000, 0));
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getTime() : null;
}

interface Times {
  readonly day: string;
  readonly createdAt: Date;
  readonly occurredAt: Date | null;
}

/**
 * When an event happened, and on which day. An event belongs to the day on which it happened: if that is the day of
 * arrival, it was created when it arrived; if it is an earlier one, it was created when it happened, and nothing in
 * the row tells when it arrived. An event that does not say when it happened, happened when it arrived.
 */
export const putTimes: Step<SentEvent, Times> = {
  name: 'putTimes',
  run(event, call) {
    const occurredAt = occurrenceOf(event, call);
    const { receivedAt, policy } = call;
    const today = policy.dayOf(receivedAt);
    if (occurredAt === null) return { day: today, createdAt: receivedAt, occurredAt };
    if (!(occurredAt instanceof Date)) return occurredAt;
    if (!call.author.mayBackfill && occurredAt.getTime() < receivedAt.getTime() - policy.maxAgeMs)
      return reject('TOO_OLD', '/occurredAt', 'maxAge');
    const day = policy.dayOf(occurredAt);
    if (day === today) return { day, createdAt: receivedAt, occurredAt };
    if (day < firstKeptDay(today, policy.retentionDays)) return reject('TOO_OLD', '/occurredAt', 'retention');
    return { day, createdAt: occurredAt, occurredAt };
  },
};

/** When the event happened, by a clock that is as right as can be known; never ahead of its arrival. */
function occurrenceOf({ input }: SentEvent, call: Call): Date | Refusal | null {
  const ownSentAt = toOptionalInstant(input.sentAt);
  if (ownSentAt === undefined) return reject('INVALID_TIMESTAMP', '/sentAt', 'instant');
  const occurred = toOptionalInstant(input.occurredAt);
  if (occurred === undefined) return reject('INVALID_TIMESTAMP', '/occurredAt', 'instant');
  if (occurred === null) return null;
  const sentAt = call.sentAt ?? ownSentAt;
  const { receivedAt } = call;
  const time = sentAt
    ? occurred.getTime() + receivedAt.getTime() - sentAt.getTime()
    : withoutSentAt(occurred, call);
  return new Date(Math.min(time, receivedAt.getTime()));
}

const minuteMs = 60_000;

/**
 * A clock that nobody corrects marks its device: the milliseconds by which it is off are the same every day. So what
 * is close to the arrival is the arrival, and anything else is only good to the minute. The clocks of servers and
 * importers are no person's, and are kept.
 */
function withoutSentAt(occurred: Date, { author, receivedAt }: Call): number {
  const time = occurred.getTime();
  if (author.mayBackfill || author.isService) return time;
  const arrival = receivedAt.getTime();
  if (Math.abs(arrival - time) <= limits.uncorrectedSkewMs) return arrival;
  return Math.floor(time / minuteMs) * minuteMs;
}

/** Null where nothing was said, undefined where what was said is no instant. */
function toOptionalInstant(text: unknown): Date | null | undefined {
  if (text == null || text === '') return null;
  return toInstant(text) ?? undefined;
}
