import { parseArgs } from 'node:util';

export const readEngines = ['postgres', 'pglite'] as const;
export type ReadEngine = (typeof readEngines)[number];

/** The data of one store that questions are asked of. */
export interface Size {
  readonly events: number;
  readonly days: number;
  /** On a weekday. */
  readonly visitors: number;
}

export interface ReadOptions {
  readonly help: boolean;
  readonly json: boolean;
  readonly engine: ReadEngine;
  /** Smallest first for each number of visitors, so that growth is read from the first to the last. */
  readonly sizes: readonly Size[];
  /** Times that every question is asked and counted. */
  readonly rounds: number;
}

export const help = `Usage: npm run bench:read -- [--events <numbers>] [--days <number>] [--visitors <numbers>]
                         [--engine postgres|pglite] [--rounds <number>] [--json]

Asks statistics of stores full of events, and the same of the raw rows in plain SQL, and compares answers and times.
The standard run fills four databases, which takes about half an hour and 8 GB.

  --events <numbers>    events of a store, such as 1000000,10000000 (the standard on PostgreSQL; 1000000 on PGlite);
                        at least 1600 a day
  --days <number>       days that they lie on: 180 unless given, at least 31
  --visitors <numbers>  visitors on a weekday: 400,4000 unless given
  --engine <name>       postgres (the standard) or pglite
  --rounds <number>     times that every question is asked: 7 unless given
  --json                one JSON object instead of tables
  --help                this text

Exits with 1 when an answer differs from that of the raw rows. A goal that is missed is said and is no failure.
`;

/** With fewer events a day a question could find none, and its answer would prove nothing. */
const least = { eventsPerDay: 1_600, days: 31, visitors: 10, rounds: 1 };

/** Reads the command line; null when it is used wrongly. */
export function readOptions(argv: readonly string[]): ReadOptions | null {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        events: { type: 'string' },
        days: { type: 'string', default: '180' },
        visitors: { type: 'string', default: '400,4000' },
        engine: { type: 'string', default: 'postgres' },
        rounds: { type: 'string', default: '7' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    const engine = readEngines.find((name) => name === values.engine);
    const standard = engine === 'pglite' ? '1000000' : '1000000,10000000';
    const visitors = readNumbers(values.visitors, least.visitors);
    const [days, ...moreDays] = readNumbers(values.days, least.days) ?? [];
    const events = readNumbers(values.events ?? standard, least.eventsPerDay * (days ?? 0));
    const [rounds, ...moreRounds] = readNumbers(values.rounds, least.rounds) ?? [];
    if (!engine || !events || !visitors || !days || !rounds) return null;
    if (moreDays.length + moreRounds.length > 0) return null;
    const sizes = visitors.flatMap((some) => events.map((all) => ({ events: all, days, visitors: some })));
    return { help: values.help, json: values.json, engine, sizes, rounds };
  } catch {
    return null;
  }
}

/** Numbers with commas between them, each once and in order; null where one is none or too small. */
function readNumbers(text: string, atLeast: number): readonly number[] | null {
  const parts = text.split(',');
  if (!parts.every((part) => /^\d{1,9}$/.test(part) && Number(part) >= atLeast)) return null;
  return [...new Set(parts.map(Number))].sort((a, b) => a - b);
}
