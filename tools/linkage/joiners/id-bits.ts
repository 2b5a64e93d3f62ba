import type { EventRow, Unit } from '../rows/view.js';
import type { Joiner } from './joiner.js';
import { shared } from './match.js';

/** Parts of a UUID that a maker may repeat. */
const parts: readonly {
  readonly name: string;
  readonly describe: string;
  of(uuid: string): string | null;
}[] = [
  {
    name: 'node of a client id',
    describe: 'Version 1 and 6 ids end in the network address of their maker.',
    of: (uuid) => ('16'.includes(uuid.charAt(14)) ? uuid.slice(19) : null),
  },
  {
    name: 'low bits of a client id',
    describe: 'The last 48 bits of a client id, of whatever version, come again.',
    of: (uuid) => uuid.slice(24),
  },
  {
    name: 'last 32 bits of a client id',
    describe: 'The last 32 bits of a client id come again.',
    of: (uuid) => uuid.slice(28),
  },
  {
    name: 'middle bits of a client id',
    describe: 'The bits between time and tail of a client id come again.',
    of: (uuid) => uuid.slice(14, 23),
  },
];

export const idBitJoiners: readonly Joiner[] = [
  ...parts.map(({ name, describe, of }) => ({
    name,
    describe,
    guess: (view: Parameters<Joiner['guess']>[0]) =>
      shared(view, (unit) => marks(unit, ({ clientEventId }) => clientEventId && of(clientEventId))),
  })),
  {
    name: 'low bits of id',
    describe: "The last 48 bits of the row's own id come again.",
    guess: (view) => shared(view, (unit) => marks(unit, ({ id }) => id.slice(24))),
  },
];

function marks({ rows }: Unit, of: (row: EventRow) => string | null): ReadonlySet<string> {
  return new Set(rows.map(of).filter((mark): mark is string => mark !== null && mark !== ''));
}
