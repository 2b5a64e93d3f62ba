import { parseCombinedLine } from '../../src/leak-scan/combined-log.js';
import { referrerHostOf } from './replay-event.js';

/** What has to be known of a log before its first line can be sent. */
export interface Survey {
  readonly lines: number;
  /** Time of the newest line; null where no line could be read. */
  readonly newest: Date | null;
  /**
   * The site's own host, which a combined log does not name: the most frequent host of the referrers, because
   * every image and script of a page is asked for with that page as referrer. Null where there are none.
   */
  readonly ownHost: string | null;
}

/** Referrer hosts that are counted; a log with more different ones than that is not searched further. */
const maxHosts = 10_000;

/** Reads the whole log once. Keeps nothing of a line but its time and the host of its referrer. */
export async function surveyLog(lines: AsyncIterable<string>): Promise<Survey> {
  let count = 0;
  let newest: Date | null = null;
  const hosts = new Map<string, number>();
  for await (const line of lines) {
    count += 1;
    const record = parseCombinedLine(line);
    if (record === null) continue;
    if (newest === null || record.time > newest) newest = record.time;
    const host = record.referrer === null ? null : referrerHostOf(record.referrer);
    if (host !== null && (hosts.has(host) || hosts.size < maxHosts))
      hosts.set(host, (hosts.get(host) ?? 0) + 1);
  }
  const ownHost = [...hosts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? null;
  return { lines: count, newest, ownHost };
}
