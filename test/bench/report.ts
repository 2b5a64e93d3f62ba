import { availableParallelism, loadavg } from 'node:os';
import { type Engine, engines } from './bench-context.js';
import { clientSection } from './client/section.js';
import { idsSection } from './ids/section.js';
import type { ClientResult } from './parts/client.js';
import type { IdsResult } from './parts/ids.js';
import type { LoadPart, LoadRow } from './parts/load.js';
import type { StartResult } from './parts/start.js';
import type { StorageResult } from './parts/storage.js';
import { names } from './parts/targets.js';
import { ratio, type Spread, spread } from './stats.js';
import { cell, number, table } from './table.js';
import type { StepCost } from './workers/jobs.js';

export interface Facts {
  readonly date: string;
  readonly cores: number;
  /** Processes that wanted to run before the benchmark did, over the minute before: above 0.5, somebody else was at work. */
  readonly load: number;
  readonly platform: string;
  readonly node: string;
  readonly postgres: string | null;
  readonly durable: boolean | null;
  readonly quick: boolean;
}

/** Everything that was measured; a part that did not run is absent. */
export interface Results {
  readonly facts: Facts;
  readonly start?: readonly StartResult[];
  readonly load?: LoadPart;
  readonly storage?: readonly StorageResult[];
  readonly steps?: readonly StepCost[];
  /** Null: there is no browser here. */
  readonly client?: ClientResult | null;
  /** Null: there is no PostgreSQL here. */
  readonly ids?: IdsResult | null;
}

/** The machine, without names and paths. */
export function machineFacts(
  date: Date,
  postgres: { version: string; durable: boolean } | null,
  quick: boolean,
): Facts {
  return {
    date: date.toISOString().slice(0, 10),
    cores: availableParallelism(),
    load: loadavg()[0] ?? Number.NaN,
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    postgres: postgres?.version ?? null,
    durable: postgres?.durable ?? null,
    quick,
  };
}

/** Why the run is worth nothing, one line each; empty for a good one. */
export function failures({ load, storage, client, ids }: Results): readonly string[] {
  const stored = [
    ...(load?.checks.map((check) => ({ ...check, what: `load, ${check.what}` })) ?? []),
    ...(storage?.map((result) => ({ ...result, stored: result.rows })) ?? []),
    ...(ids?.stores.map((store) => ({ ...store, what: `ids, ${store.what}` })) ?? []),
  ];
  return [
    ...(load?.refusals ?? []),
    ...(client?.lost ?? []),
    ...stored
      .filter((check) => check.stored !== check.acknowledged)
      .map((check) => `${check.what}: ${check.acknowledged} events acknowledged, ${check.stored} stored`),
  ];
}

/** Markdown, ready for the documentation. */
export function report(results: Results): string {
  const { facts, load, storage, start, steps, client, ids } = results;
  return [
    intro(facts),
    ...(load ? loadSections(load) : []),
    ...(storage && storage.length > 0 ? [storageSection(storage)] : []),
    ...(start || load ? [startSection(start ?? [], load)] : []),
    ...(steps ? [stepsSection(steps)] : []),
    ...(client ? [clientSection(client)] : []),
    ...(ids ? [idsSection(ids)] : []),
  ].join('\n');
}

function intro({ date, cores, load, platform, node, postgres, durable, quick }: Facts): string {
  const database =
    postgres === null
      ? 'no PostgreSQL'
      : `PostgreSQL ${postgres} ${durable ? 'with fsync and synchronous_commit on' : '**without durability: compare these figures with nothing**'}, on a Unix socket`;
  return `${date}, ${cores} cores (${platform}) that hold client, server and database together, Node ${node}, ${database}.
Load of the machine before the run: ${number(load, 2)}. Medians, with least and greatest of the repetitions, which took turns.${quick ? ' **A smoke run: its figures say little.**' : ''}
`;
}

function loadSections({ rows, checks }: LoadPart): readonly string[] {
  const connections = [...new Set(rows.map((row) => row.connections))];
  const targets = [...new Set(rows.map(({ target }) => target))];
  const head = (first: string): string[] => [first, ...connections.map((count) => `${count} conn.`)];
  const find = (target: string, count: number): LoadRow | undefined =>
    rows.find((row) => row.target === target && row.connections === count);
  const grid = (first: string, of: (row: LoadRow) => string): string =>
    table(
      head(first),
      targets.map((target) => [
        target,
        ...connections.map((count) => {
          const row = find(target, count);
          return row ? of(row) : '–';
        }),
      ]),
    );
  const compared = comparisons(targets).map(([ours, theirs]) => [
    `${ours} ÷ ${theirs}`,
    ...connections.map((count) =>
      cell(ratio(find(ours, count)?.eventsPerSecond ?? [], find(theirs, count)?.eventsPerSecond ?? []), 2),
    ),
  ]);
  const stored = checks.map(
    ({ what, acknowledged, stored: kept }) =>
      `${what}: ${number(acknowledged, 9)} events acknowledged, ${number(kept, 9)} rows.`,
  );
  return [
    'Stock Yoga runs the same mutation and stores nothing; the bare INSERT is one prepared statement and one commit an event from node-postgres, without HTTP, into a copy of our table.\n',
    `### Events per second\n\n${grid('', (row) => cell(spread(row.eventsPerSecond)))}\n${stored.join(' ')}\n`,
    `### Ratios of events per second\n\n${table(head(''), compared)}`,
    `### Latency of a request, p50 / p99 in ms\n\n${grid('', (row) => `${middle(row.p50)} / ${middle(row.p99)}`)}`,
    `### CPU: µs of the Signals process per event / load client’s share of a core\n\n${grid('', (row) => `${middle(row.serverMicros)} / ${middle(row.clientCpu.map((share) => share * 100))} %`)}`,
  ];
}

function middle(values: readonly number[]): string {
  return number(spread(values).median);
}

/** What is compared with what: each of ours with what it could at best be. */
function comparisons(targets: readonly string[]): readonly (readonly [string, string])[] {
  const pairs = engines.flatMap((engine: Engine) => [
    [names.one(engine), names.yoga] as const,
    [names.one(engine), names.insert] as const,
    [names.batch(engine), names.insert] as const,
  ]);
  return [...pairs, [names.one('PostgreSQL'), names.echo] as const].filter((pair) =>
    pair.every((name) => targets.includes(name)),
  );
}

function storageSection(storage: readonly StorageResult[]): string {
  const tables = storage.map(({ what, rows, bytesPerEvent, propertiesBytes, parts }) =>
    table(
      [`${what}, ${number(rows, 9)} rows`, 'bytes per event'],
      [
        ...parts.map((part) => [part.name, number(part.bytesPerEvent)]),
        ['**all**', `**${number(bytesPerEvent)}**`],
        ['of which the event’s own properties', number(propertiesBytes)],
      ],
    ),
  );
  return `### Bytes of a stored event on PostgreSQL\n\n${tables.join('\n')}`;
}

function startSection(start: readonly StartResult[], load: LoadPart | undefined): string {
  const none: Spread = spread([]);
  const rows = engines.flatMap((engine) => {
    const started = start.find((one) => one.engine === engine);
    const check = load?.memory.find((one) => one.engine === engine);
    if (!started && !check) return [];
    const { readyMs, restBytes } = started ?? { readyMs: none, restBytes: none };
    const mebi = (bytes: Spread): Spread => ({
      median: bytes.median / 2 ** 20,
      min: bytes.min / 2 ** 20,
      max: bytes.max / 2 ** 20,
    });
    const after = (check?.residentBytes ?? Number.NaN) / 2 ** 20;
    return [[engine, cell(readyMs), cell(mebi(restBytes)), number(after)]];
  });
  const head = ['', 'process start to ready, ms', 'resident at rest, MiB', 'resident after the load, MiB'];
  return `### Start and memory of the Node process\n\n${table(head, rows)}`;
}

function stepsSection(steps: readonly StepCost[]): string {
  const rows = steps.map(({ name, micros }) => [name, cell(spread(micros), 2)]);
  return `### Cost of the pipeline, µs per event\n\n${table(['', 'µs'], rows)}`;
}
