import { createDayOf } from '../../../src/domain/day.js';
import type { Row } from './row.js';

/** An event as a joiner sees it: the row, and the words that it points at. */
export interface EventRow {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly occurredAt: number | null;
  readonly clientEventId: string | null;
  readonly userHash: string | null;
  readonly sessionHash: string | null;
  readonly seq: number | null;
  /** Of `event_dimensions`. */
  readonly words: Readonly<Record<string, string | null>>;
  readonly columns: Row['columns'];
}

/**
 * Rows of one salt day that openly belong together: by the visitor's hash, else by the session's. A row without
 * either stands alone.
 */
export interface Unit {
  readonly day: string;
  readonly kind: 'visitor' | 'session' | 'row';
  /**
   * What everybody sees of it and many share: program, browser, system, device, versions of its ids. A joiner looks for
   * partners among units of the same group, and has to do better than chance among those.
   */
  readonly group: string;
  readonly rows: readonly EventRow[];
}

/** All that a joiner may look at. */
export interface View {
  readonly days: readonly string[];
  readonly units: readonly Unit[];
  readonly unitsOf: (day: string) => readonly Unit[];
  readonly events: readonly EventRow[];
  /** Which unit a row of `events` is in. */
  readonly unitOf: (event: EventRow) => Unit;
  /** Rows of all tables, `events` included, as they came. */
  readonly rows: readonly Row[];
}

/** The zone is the one whose midnight turns the salt: anybody can tell it from the rows. */
export function viewOf(rows: readonly Row[], zone: string): View {
  const words = new Map<string, Row['columns']>();
  for (const { table, columns } of rows)
    if (table === 'event_dimensions') words.set(columns.id ?? '', columns);
  const events = rows.filter(({ table }) => table === 'events').map((row) => toEvent(row, words));
  const dayOf = createDayOf(zone);
  const members = new Map<string, { day: string; kind: Unit['kind']; rows: EventRow[] }>();
  for (const event of events) {
    const day = dayOf(new Date(event.createdAt));
    const kind = event.userHash ? 'visitor' : event.sessionHash ? 'session' : 'row';
    const key = `${day} ${event.userHash ?? event.sessionHash ?? event.id}`;
    const known = members.get(key);
    if (known) known.rows.push(event);
    else members.set(key, { day, kind, rows: [event] });
  }
  const units = [...members.values()].map((unit) => ({ ...unit, group: groupOf(unit.kind, unit.rows) }));
  const byDay = new Map<string, Unit[]>();
  const unitOf = new Map<string, Unit>();
  for (const unit of units) {
    byDay.set(unit.day, [...(byDay.get(unit.day) ?? []), unit]);
    for (const row of unit.rows) unitOf.set(row.id, unit);
  }
  return {
    days: [...byDay.keys()].sort(),
    units,
    unitsOf: (day) => byDay.get(day) ?? [],
    events,
    unitOf(event) {
      const unit = unitOf.get(event.id);
      if (!unit) throw new Error('a row of another view');
      return unit;
    },
    rows,
  };
}

function toEvent({ columns }: Row, words: ReadonlyMap<string, Row['columns']>): EventRow {
  return {
    id: columns.id ?? '',
    createdAt: Date.parse(columns.created_at ?? ''),
    occurredAt: instant(columns.occurred_at),
    clientEventId: columns.client_event_id ?? null,
    userHash: columns.user_hash ?? null,
    sessionHash: columns.session_hash ?? null,
    seq: columns.seq == null ? null : Number(columns.seq),
    words: words.get(columns.dimension_id ?? '') ?? {},
    columns,
  };
}

const instant = (text: string | null | undefined): number | null => (text == null ? null : Date.parse(text));

function groupOf(kind: Unit['kind'], rows: readonly EventRow[]): string {
  const words: EventRow['words'] = rows[0]?.words ?? {};
  const versions = new Set(rows.map(({ clientEventId }) => clientEventId?.[14] ?? '-'));
  const shared = [words.source, words.browser_family, words.os_family, words.device_type];
  return [kind, ...shared.map((word) => word ?? '-'), [...versions].sort().join('')].join(' ');
}
