import { parseArgs } from 'node:util';

/** The parts of the run, in their order. */
export const parts = ['start', 'load', 'storage', 'steps', 'client', 'ids'] as const;
export type Part = (typeof parts)[number];

/** The part that runs only when it is named: it takes longer than all others together. */
const onlyByName: Part = 'ids';
const standard = parts.filter((part) => part !== onlyByName);

/** What is measured how often and how long. */
export interface Plan {
  readonly connections: readonly number[];
  readonly repetitions: number;
  /** Measured time of one case in one repetition, in ms. */
  readonly measureMs: number;
  /** Load before it that is not measured, in ms. */
  readonly rampMs: number;
  /** Load on every target before the first repetition, in ms. */
  readonly warmUpMs: number;
  readonly starts: number;
  /** Time without requests before resident memory is read, in ms. */
  readonly restMs: number;
  readonly storedEvents: number;
  readonly stepRounds: number;
  /** Calls of `track` in a browser that are timed one by one, per case and over all rounds. */
  readonly clientCalls: number;
  readonly clientRounds: number;
  /** Calls per case that are not counted. */
  readonly clientWarmUp: number;
  /** Pages that are loaded to see the first calls of each. */
  readonly clientPages: number;
  /** Rows that each of the stores holds before rows are appended to it. */
  readonly idRows: number;
  /** Rounds in which every store is appended to once, per size of batch. */
  readonly idRounds: number;
}

export interface Options {
  readonly help: boolean;
  readonly json: boolean;
  readonly quick: boolean;
  /** Folder for CPU profiles of the servers under load; null: none, since profiling slows them down. */
  readonly profile: string | null;
  readonly parts: readonly Part[];
  readonly plan: Plan;
}

/** Fewer would not hold one row of each combination of words, and fill no index. */
const leastRows = 1_000;

export const help = `Usage: npm run bench -- [--quick] [--json] [--only <part>]... [--rows <number>] [--profile <dir>]

Measures Signals on this machine and prints Markdown tables. Everything runs on 127.0.0.1 and is ended afterwards.
The full run takes about seven minutes on two cores.

  --quick         a smoke run of less than 40 seconds; its figures say little
  --json          one JSON object instead of tables
  --only <part>   ${standard.join(', ')}; may be repeated
  --only ids      what an append costs because ids have no order in time. It is no part of the full run, because
                  it fills three databases with ten million rows each and takes about 20 minutes and 15 GB
  --rows <number> rows in each of these databases instead, at least ${leastRows}; only with --only ids
  --profile <dir> CPU profiles of the Signals processes under load and of the client's page, for a browser's
                  developer tools
  --help          this text

Exits with 1 when the rows in a database differ from the events that were acknowledged, or the client lost one.
A goal that is missed is said and is no failure.
`;

const full: Plan = {
  connections: [1, 16, 64],
  repetitions: 3,
  measureMs: 2_300,
  rampMs: 250,
  warmUpMs: 1_500,
  starts: 3,
  restMs: 2_000,
  storedEvents: 60_000,
  stepRounds: 11,
  clientCalls: 20_000,
  clientRounds: 5,
  clientWarmUp: 2_000,
  clientPages: 15,
  idRows: 10_000_000,
  idRounds: 80,
};

const quick: Plan = {
  connections: [1, 16],
  repetitions: 1,
  measureMs: 300,
  rampMs: 100,
  warmUpMs: 200,
  starts: 1,
  restMs: 200,
  storedEvents: 1_200,
  stepRounds: 2,
  clientCalls: 400,
  clientRounds: 1,
  clientWarmUp: 200,
  clientPages: 2,
  idRows: 20_000,
  idRounds: 4,
};

/** Reads the command line; null when it is used wrongly. */
export function readOptions(argv: readonly string[]): Options | null {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        quick: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        profile: { type: 'string' },
        only: { type: 'string', multiple: true, default: [] },
        rows: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    const wanted = values.only.length === 0 ? standard : parts.filter((part) => values.only.includes(part));
    const unknown = values.only.some((name) => !parts.some((part) => part === name));
    const plan = values.quick ? quick : full;
    const idRows = values.rows === undefined ? plan.idRows : readRows(values.rows);
    if (unknown || idRows === null || (values.rows !== undefined && !wanted.includes('ids'))) return null;
    return {
      help: values.help,
      json: values.json,
      quick: values.quick,
      profile: values.profile ?? null,
      parts: wanted,
      plan: { ...plan, idRows },
    };
  } catch {
    return null;
  }
}

function readRows(text: string): number | null {
  const rows = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  return rows >= leastRows ? rows : null;
}
