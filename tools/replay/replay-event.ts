import { createHash } from 'node:crypto';
import { limits, type TrackEventInput } from '../../src/contract/index.js';
import type { LogRecord } from '../../src/leak-scan/combined-log.js';

export const replayApp = 'web';
export const replayEventType = 'page_viewed';

/** Who made the request, as the headers of a replayed one say it. */
export interface Caller {
  readonly address: string;
  /** Fit for a header; null: no header at all. */
  readonly userAgent: string | null;
}

/** One line of the log, ready to be sent. */
export interface ReplayEvent {
  readonly caller: Caller;
  readonly input: TrackEventInput & { readonly clientEventId: string };
  /** UTC day after the shift, `YYYY-MM-DD`. */
  readonly day: string;
}

const dayMs = 86_400_000;

/** Whole days, in milliseconds, that bring the day of `newest` to the day before `now`; both days are UTC. */
export function shiftToYesterday(newest: Date, now: Date): number {
  const dayOf = (instant: Date) => Math.floor(instant.getTime() / dayMs);
  return (dayOf(now) - 1 - dayOf(newest)) * dayMs;
}

/**
 * The `page_viewed` event of a line. The path is its route, referrers keep their host name only, and only
 * where it is another host than `ownHost`. The id depends on the line and its number alone: a second replay of
 * the same log, on any day, is all duplicates.
 */
export function toReplayEvent(
  record: LogRecord,
  line: { readonly number: number; readonly text: string },
  options: { readonly shiftMs: number; readonly ownHost: string | null },
): ReplayEvent {
  const occurredAt = new Date(record.time.getTime() + options.shiftMs).toISOString();
  const host = record.referrer === null ? null : referrerHostOf(record.referrer);
  const referrerHost = host === null || isSameSite(host, options.ownHost) ? null : host;
  return {
    caller: { address: record.address, userAgent: headerText(record.userAgent) },
    day: occurredAt.slice(0, 10),
    input: {
      eventType: replayEventType,
      appName: replayApp,
      clientEventId: idOfLine(line.number, line.text),
      source: 'replay',
      route: record.path,
      occurredAt,
      properties: { status: record.status, ...(referrerHost !== null && { referrerHost }) },
    },
  };
}

/** UUID version 8 (RFC 9562 section 5.8) made of the SHA-256 of line number and line. */
export function idOfLine(number: number, text: string): string {
  const bytes = createHash('sha256').update(`${number}\n`).update(text, 'latin1').digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

const hostName =
  /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)+$/;

/**
 * Lower-case host name of an http(s) URL; null for anything else. An address is no host name: it would be
 * personal data, and the server would refuse the event for it.
 */
export function referrerHostOf(referrer: string): string | null {
  // RFC 3986: a URL is printable ASCII without spaces; raw bytes of some other encoding are no host.
  if (!/^https?:\/\/[\x21-\x7e]+$/i.test(referrer) || !URL.canParse(referrer)) return null;
  const host = new URL(referrer).hostname;
  return hostName.test(host) && !/^[\d.]+$/.test(host) && host.length <= limits.defaultTextLength
    ? host
    : null;
}

/** `www.example.org` is no other place than `example.org`. */
function isSameSite(host: string, ownHost: string | null): boolean {
  return ownHost !== null && withoutWww(host) === withoutWww(ownHost.toLowerCase());
}

function withoutWww(host: string): string {
  return host.replace(/^www\./, '');
}

/** A header cannot hold control characters; a log line can. */
function headerText(userAgent: string | null): string | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters in question.
  const text = userAgent?.replace(/[\x00-\x1f\x7f]/g, ' ').trim() ?? '';
  return text === '' ? null : text;
}
