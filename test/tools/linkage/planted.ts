import { createHash } from 'node:crypto';
import { createDayOf } from '../../../src/domain/day.js';
import type { TruthfulRow } from '../../../tools/linkage/rows/tsv.js';
import { defaultFirstDay } from '../../../tools/linkage/simulate/simulate.js';
import { goldenZone } from './evidence.js';

type Columns = Readonly<Record<string, string | null>>;

/** A row of `events` that a leak is put into. */
export interface Place {
  readonly columns: Columns;
  readonly sender: string;
  /** The sender's number, from 0. */
  readonly who: number;
  /** The day's number, from 0 at the first simulated one. */
  readonly day: number;
  /** The row's number among the sender's of this day, from 0. */
  readonly index: number;
}

/** Changes rows of people who are scored; anything else stays. */
export function plant(rows: readonly TruthfulRow[], leak: (place: Place) => Columns): readonly TruthfulRow[] {
  const dayOf = createDayOf(goldenZone);
  const senders = new Map<string, number>();
  const counts = new Map<string, number>();
  return rows.map(({ row, sender }) => {
    if (row.table !== 'events' || sender === null || sender.includes('(')) return { row, sender };
    const who = senders.get(sender) ?? senders.size;
    senders.set(sender, who);
    const day = (Date.parse(dayOf(new Date(timeOf(row.columns.created_at)))) - firstDay) / 86_400_000;
    const index = counts.get(`${sender} ${day}`) ?? 0;
    counts.set(`${sender} ${day}`, index + 1);
    return { row: { ...row, columns: leak({ columns: row.columns, sender, who, day, index }) }, sender };
  });
}

const firstDay = Date.parse(defaultFirstDay);
const bytes = (text: string): string => `\\x${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
const timeOf = (text: string | null | undefined): number => Date.parse(text ?? '');
const iso = (time: number): string => new Date(time).toISOString();
const minuteOf = (time: number): number => time - (time % 60_000);
const withTime = (uuid: string | null | undefined, time: number): string => {
  const hex = time.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}${(uuid ?? '').slice(13)}`;
};
/** Milliseconds within a minute that are a sender's own. */
const residue = (who: number): number => (who * 2_357) % 60_000;

/** Leaks that the rows of the golden file do not have, one for each joiner that finds nothing there. */
export const plantedLeaks: Readonly<Record<string, (place: Place) => Columns>> = {
  'same user_hash': ({ columns, sender }) => ({
    ...columns,
    user_hash: columns.user_hash ? bytes(sender) : null,
  }),
  'same session_hash': ({ columns, sender }) => ({
    ...columns,
    session_hash: columns.session_hash ? bytes(sender) : null,
  }),
  'instant in common': ({ columns, who, index }) =>
    index > 0 ? columns : { ...columns, received_at: iso(1_790_000_000_123 + who * 7_919) },
  'seq fills a gap': ({ columns, who, day, index }) => ({
    ...columns,
    seq: gapped(who * 1_000 + day * 100_000, day, index),
    session_hash: columns.session_hash ? bytes(`${who} ${day}`) : null,
  }),
  'seq has one shift': ({ columns, who, day, index }) => ({
    ...columns,
    seq: String(who * 40_000_000 + day * 90 + index),
  }),
  'created_at − occurred_at': ({ columns, who }) => ({
    ...columns,
    occurred_at: iso(timeOf(columns.created_at) - who * 3_777_000),
  }),
  'created_at − occurred_at, within a minute': ({ columns, who, index }) => ({
    ...columns,
    occurred_at: iso(timeOf(columns.created_at) - residue(who) - ((index * 13) % 7) * 60_000),
  }),
  'occurred_at within a minute': ({ columns, who }) => ({
    ...columns,
    occurred_at: iso(minuteOf(timeOf(columns.created_at)) + residue(who)),
  }),
  'occurred_at within a second': ({ columns, who, index }) => ({
    ...columns,
    occurred_at: iso(minuteOf(timeOf(columns.created_at)) + ((who * 41) % 1_000) + index * 1_000),
  }),
  'client id within a second': ({ columns, who, index }) => ({
    ...columns,
    client_event_id:
      columns.client_event_id?.charAt(14) === '7'
        ? withTime(columns.client_event_id, 1_790_000_000_000 + index * 77_000 + ((who * 41) % 1_000))
        : (columns.client_event_id ?? null),
  }),
  'order of client ids': ({ columns, who, day }) => ({
    ...columns,
    client_event_id:
      columns.client_event_id?.charAt(14) === '7'
        ? withTime(columns.client_event_id, who * 60_000_000_000 + day * 86_400_000)
        : (columns.client_event_id ?? null),
  }),
  'fingerprint comes again': ({ columns, sender, index }) =>
    index > 0 ? columns : { ...columns, fingerprint: `screen of ${sender}` },
  "session ends at the device's midnight": ({ columns, who, day, index }) => ({
    ...columns,
    session_hash: index > 1 ? null : columns.session_hash ? bytes(`${who} ${day} ${index}`) : null,
    occurred_at: iso(
      Date.UTC(2026, 9, 23 + day, 7) +
        who * 1_200_000 +
        (index === 0 ? -30_000 - day * 7_000 : 30_000 - day * 5_000),
    ),
  }),
};

/** Leaks in the row's own id, which the truth is found by; each with a joiner that sees it. */
export const plantedIds: Readonly<Record<string, (place: Place) => string>> = {
  'order of id': ({ columns, who, day }) => withTime(columns.id, who * 60_000_000_000 + day * 86_400_000),
  'low bits of id': ({ columns, who }) => (columns.id ?? '').slice(0, 24) + String(who).padStart(12, '0'),
  'late rows in the order of id': ({ columns, who, index }) => withTime(columns.id, who * 1_000 + index),
};

function gapped(base: number, day: number, index: number): string | null {
  if (day === 0) return String(base + index * 2);
  if (day === 1) return index === 0 ? String(base - 100_000 + 1) : null;
  return String(base + index);
}
