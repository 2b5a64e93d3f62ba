import { parseArgs } from 'node:util';

/** The parts of the run, in their order. */
export const parts = ['start', 'load', 'storage', 'steps', 'client'] as const;
export type Part = (typeof parts)[number];

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

export const help = `Usage: npm run bench -- [--quick] [--json] [--only <part>]... [--profile <dir>]

Measures Signals on this machine and prints Markdown tables. Everything runs on 127.0.0.1 and is ended afterwards.
The full run takes about seven minutes on two cores.

  --quick         a smoke run of less than 40 seconds; its figures say little
  --json          one JSON object instead of tables
  --only <part>   ${parts.join(', ')}; may be repeated
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
        help: { type: 'boolean', default: false },
      },
    });
    const wanted = parts.filter((part) => values.only.length === 0 || values.only.includes(part));
    const unknown = values.only.some((name) => !parts.some((part) => part === name));
    if (unknown) return null;
    return {
      help: values.help,
      json: values.json,
      quick: values.quick,
      profile: values.profile ?? null,
      parts: wanted,
      plan: values.quick ? quick : full,
    };
  } catch {
    return null;
  }
}
