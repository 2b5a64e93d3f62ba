import type { EventRow } from '../rows/view.js';
import type { Joiner } from './joiner.js';
import { median, nearest } from './match.js';

/** Milliseconds since 1970 in the first 48 bits of a UUID; null where the version promises none. */
function timeBits(uuid: string | null, versions: string): number | null {
  if (!uuid || !versions.includes(uuid.charAt(14))) return null;
  return Number.parseInt(uuid.slice(0, 8) + uuid.slice(9, 13), 16);
}

const differences: readonly { readonly name: string; readonly of: (row: EventRow) => number | null }[] = [
  {
    name: 'client id − occurred_at',
    of: (row) => minus(timeBits(row.clientEventId, '7'), row.occurredAt),
  },
  { name: 'client id − created_at', of: (row) => minus(timeBits(row.clientEventId, '7'), row.createdAt) },
  { name: 'id − occurred_at', of: (row) => minus(timeBits(row.id, '8'), row.occurredAt) },
  { name: 'id − created_at', of: (row) => minus(timeBits(row.id, '8'), row.createdAt) },
  { name: 'created_at − occurred_at', of: (row) => minus(row.createdAt, row.occurredAt) },
  {
    name: 'created_at − occurred_at, within a minute',
    of: (row) => residue(minus(row.createdAt, row.occurredAt), 60_000),
  },
  { name: 'occurred_at within a minute', of: (row) => residue(row.occurredAt, 60_000) },
  { name: 'occurred_at within a second', of: (row) => residue(row.occurredAt, 1_000) },
  { name: 'client id within a second', of: (row) => residue(timeBits(row.clientEventId, '7'), 1_000) },
];

/** Marks of a device's own clock: two clocks meet in one row, and their difference is the device's on every day. */
export const clockJoiners: readonly Joiner[] = differences.map(({ name, of }) => ({
  name,
  describe: `The middle value of ${name} is the device's, every day.`,
  guess: (view) => nearest(view, ({ rows }) => median(rows.map(of)), 2_000),
}));

/** Ids that grow with time lie in the order of their makers' clocks. */
export const idOrderJoiner: Joiner = {
  name: 'order of id',
  describe: "The units of two days stand in one order when they are sorted by their rows' ids.",
  guess: (view) => nearest(view, ({ rows }) => median(rows.map(({ id }) => timeBits(id, '8'))), Infinity),
};

/** The same for the client's ids. */
export const clientIdOrderJoiner: Joiner = {
  name: 'order of client ids',
  describe: 'The units of two days stand in one order when they are sorted by their client ids.',
  guess: (view) =>
    nearest(
      view,
      ({ rows }) => median(rows.map(({ clientEventId }) => timeBits(clientEventId, '7'))),
      Infinity,
    ),
};

function minus(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a - b;
}

function residue(value: number | null, of: number): number | null {
  return value === null ? null : ((value % of) + of) % of;
}
