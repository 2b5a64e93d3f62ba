import { parseArgs } from 'node:util';
import { leastPeople } from './simulate/people.js';

export interface Options {
  readonly help: boolean;
  readonly json: boolean;
  readonly seed: number;
  readonly users: number;
  readonly days: number;
  readonly zones: readonly string[];
  /** Whether what cannot be taken away is measured, too. */
  readonly beside: boolean;
  /** A file to write the rows of the first zone to, with their senders; null: none. */
  readonly dump: string | null;
}

export const defaults = { seed: 20_261_025, users: 40, days: 5, zones: ['UTC', 'Europe/Berlin'] } as const;

export const help = `Usage: npm run linkage -- [--seed N] [--users N] [--days N] [--zone ZONE]... [--no-beside] [--json] [--dump FILE]

Simulates users over several days with the real client and the real server, and tries from the stored rows alone to
find out which rows of two days belong to the same user.

  --seed N      another world; the same seed stores the same rows (${defaults.seed})
  --users N     how many people, ${leastPeople} to 200 (${defaults.users})
  --days N      how many salt days from 2026-10-23 on, 2 to 14 (${defaults.days}; the third changes the clocks in Europe)
  --zone ZONE   whose midnight turns the salt; may be repeated (${defaults.zones.join(', ')})
  --no-beside   leaves out what is measured beside it and fails nothing (order of writing, habits)
  --json        one JSON object instead of tables
  --dump FILE   writes the rows of the first zone and their senders as tab-separated text
  --help        this text

A link that is over its limit (chance + 3σ) is tried again in a second world, with the next seed, and counts when it is
over it there, too.

Exits with 0 when no link is better than chance, with 1 when one is, with 2 when it is used wrongly, and with 3 when
the simulation stored too little to be judged.
`;

/** Reads the command line; null when it is used wrongly. */
export function readOptions(argv: readonly string[]): Options | null {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        seed: { type: 'string', default: String(defaults.seed) },
        users: { type: 'string', default: String(defaults.users) },
        days: { type: 'string', default: String(defaults.days) },
        zone: { type: 'string', multiple: true, default: [...defaults.zones] },
        'no-beside': { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        dump: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    const seed = whole(values.seed, 0, 0xffff_ffff);
    const users = whole(values.users, leastPeople, 200);
    const days = whole(values.days, 2, 14);
    if (seed === null || users === null || days === null || !values.zone.every(isZone)) return null;
    return {
      help: values.help,
      json: values.json,
      seed,
      users,
      days,
      zones: values.zone,
      beside: !values['no-beside'],
      dump: values.dump ?? null,
    };
  } catch {
    return null;
  }
}

function whole(text: string, least: number, most: number): number | null {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : null;
}

function isZone(zone: string): boolean {
  try {
    return zone !== '' && Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }));
  } catch {
    return false;
  }
}
