import { createHash } from 'node:crypto';
import { createDayOf } from '../../../src/domain/day.js';
import type { TruthfulRow } from '../../../tools/linkage/rows/tsv.js';

type Columns = Record<string, string | null>;

/**
 * Rows that a write path made which linked days, as the contract wants them ("Time", "What is stored"): by a second,
 * short writing of its rules, so that a mistake in the real ones does not hide here. It needs rows whose `occurred_at`
 * is right, or the device's own where no `sentAt` came along (source `cli`).
 */
export function contractRows(rows: readonly TruthfulRow[], zone: string): readonly TruthfulRow[] {
  const dayOf = createDayOf(zone);
  return rows.flatMap(({ row, sender }) => {
    if (row.table !== 'events') return [{ row, sender }];
    const columns = contractRow(row.columns, sender ?? '', (time) => dayOf(new Date(time)));
    return columns ? [{ row: { ...row, columns }, sender }] : [];
  });
}

function contractRow(
  old: Readonly<Columns>,
  sender: string,
  dayOf: (time: number) => string,
): Columns | null {
  const version = old.client_event_id?.charAt(14) ?? '';
  if ('1236'.includes(version)) return null;
  const arrival = Date.parse(old.created_at ?? '');
  const happened = Math.min(arrival, claimed(old, sender, arrival));
  const day = dayOf(happened);
  const created = day < dayOf(arrival) ? happened : arrival;
  const columns: Columns = { ...old, id: uuid8(`${old.id}`) };
  if (!old.user_hash && !old.session_hash && sender.startsWith('web')) {
    const hour = created - (created % 3_600_000);
    return { ...columns, created_at: iso(hour), occurred_at: null, client_event_id: null, seq: null };
  }
  return {
    ...columns,
    created_at: iso(created),
    occurred_at: iso(happened),
    client_event_id:
      version === '7' ? cut(old.client_event_id ?? '', created) : (old.client_event_id ?? null),
    user_hash: (old.user_hash ?? null) && hash(`visitor ${day} ${sender}`),
    session_hash: (old.session_hash ?? null) && hash(`session ${day} ${old.session_hash}`),
    seq: old.seq == null ? null : String(Number(old.seq) + shift(`${day} ${sender} ${old.session_hash}`)),
  };
}

function claimed(old: Readonly<Columns>, sender: string, arrival: number): number {
  const said = Date.parse(old.occurred_at ?? '');
  if (!sender.startsWith('cli')) return said;
  return Math.abs(arrival - said) <= 300_000 ? arrival : said - (said % 60_000);
}

function cut(uuid: string, created: number): string {
  const time = (created - (created % 86_400_000)).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}${uuid.slice(13)}`;
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
const hash = (text: string): string => `\\x${digest(text).slice(0, 32)}`;
const shift = (text: string): number => Number.parseInt(digest(text).slice(0, 12), 16) % 2 ** 30;
const iso = (time: number): string => new Date(time).toISOString();

function uuid8(text: string): string {
  const hex = digest(text);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
