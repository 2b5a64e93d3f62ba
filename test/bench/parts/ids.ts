import type { Statement } from '../../../src/store/engine/sql-engine.js';
import type { PostgresEngine } from '../../../src/store/postgres/postgres.js';
import type { BenchContext, Sizing } from '../bench-context.js';
import { query } from '../database.js';
import { createEventSource, type EventSource } from '../ids/rows.js';
import { type FilledStore, fillSeconds, fillStores, openForAppends } from '../ids/stores.js';
import { type Quartiles, ratioQuartiles } from '../stats.js';

/** One of the databases. */
export interface IdStore {
  readonly what: string;
  /** Rows before the first append. */
  readonly rows: number;
  /** Appended rows, by what the statements answered, and by what the table holds. */
  readonly acknowledged: number;
  readonly stored: number;
  /** Size of the primary key per row of the table, before the first append and after the last. */
  readonly keyBytesBefore: number;
  readonly keyBytesAfter: number;
}

/** One store in one series; both lists have one number per round. */
export interface IdRates {
  readonly what: string;
  readonly rowsPerSecond: readonly number[];
  readonly walBytesPerRow: readonly number[];
}

/** Appends in batches of one size. */
export interface IdSeries {
  readonly batch: number;
  readonly rowsPerRound: number;
  readonly stores: readonly IdRates[];
  /** Rows per second of the first store ÷ those of each other one, round by round. */
  readonly ratios: readonly (Quartiles & { readonly what: string; readonly to: string })[];
}

export interface IdsResult {
  readonly rows: number;
  /** How much of its tables and indexes PostgreSQL keeps in memory itself, as it shows the setting. */
  readonly sharedBuffers: string;
  readonly stores: readonly IdStore[];
  readonly series: readonly IdSeries[];
}

interface Lane {
  readonly store: FilledStore;
  readonly engine: PostgresEngine;
  readonly before: Size;
  acknowledged: number;
}

interface Size {
  readonly rows: number;
  readonly keyBytes: number;
}

const batches: readonly { readonly batch: number; readonly perRound: number }[] = [
  { batch: 500, perRound: 4 },
  { batch: 50, perRound: 10 },
];
const roundSeconds = 0.7;

/** Seconds that the part will take. */
export function idsSeconds({ plan, database }: Sizing): number {
  return database ? fillSeconds(plan.idRows) + batches.length * plan.idRounds * roundSeconds : 0;
}

/**
 * What an append costs because `events.id` has no order in time, in tables that hold many rows already. The stores
 * take turns on one connection each. Timed is the product's own append statement alone: its rows are made before.
 * Null: there is no PostgreSQL here.
 */
export async function measureIds(context: BenchContext): Promise<IdsResult | null> {
  const { database, plan } = context;
  if (!database) return null;
  const endMs = Date.now();
  const stores = await database.filling(() => fillStores(context, database, endMs));
  const source = createEventSource(endMs);
  const lanes: Lane[] = [];
  try {
    for (const store of stores) {
      const before = await sizeOf(store.url);
      lanes.push({ store, engine: openForAppends(store.url), before, acknowledged: 0 });
    }
    const series: IdSeries[] = [];
    for (const { batch, perRound } of batches)
      series.push(await measureSeries(context, lanes, source, batch, perRound));
    return {
      rows: plan.idRows,
      sharedBuffers: await sharedBuffers(stores),
      stores: await Promise.all(lanes.map(storeResult)),
      series,
    };
  } finally {
    for (const { engine } of lanes) await engine.close();
  }
}

async function measureSeries(
  { plan, progress }: BenchContext,
  lanes: readonly Lane[],
  source: EventSource,
  batch: number,
  perRound: number,
): Promise<IdSeries> {
  const rowsPerRound = batch * perRound;
  const found = lanes.map((lane) => ({
    lane,
    what: lane.store.what,
    rowsPerSecond: [] as number[],
    walBytesPerRow: [] as number[],
  }));
  const label = `ids: ${plan.idRounds} rounds of ${perRound} batches of ${batch} rows`;
  await progress.step(label, plan.idRounds * roundSeconds, async () => {
    // One for all databases of the server. What follows is left to PostgreSQL, as in operation.
    await lanes[0]?.engine.query({ text: 'CHECKPOINT', values: [] });
    // Round 0 is not counted: PostgreSQL plans a prepared statement anew in its first five executions.
    for (let round = 0; round <= plan.idRounds; round++) {
      const events = Array.from({ length: perRound }, () => source.next(batch));
      for (const { lane, rowsPerSecond, walBytesPerRow } of startingAt(found, round)) {
        const { seconds, walBytes } = await append(lane, events.map(lane.store.statement));
        if (round === 0) continue;
        rowsPerSecond.push(rowsPerRound / seconds);
        walBytesPerRow.push(walBytes / rowsPerRound);
      }
    }
  });
  const stores: readonly IdRates[] = found.map(({ lane: _lane, ...rates }) => rates);
  return { batch, rowsPerRound, stores, ratios: ratiosOf(stores) };
}

/** Everybody's turn, beginning with another one in every round: what goes first follows a pause. */
function startingAt<T>(all: readonly T[], round: number): readonly T[] {
  const first = round % all.length;
  return [...all.slice(first), ...all.slice(0, first)];
}

function ratiosOf([first, ...others]: readonly IdRates[]): IdSeries['ratios'] {
  if (!first) return [];
  return others.map((other) => ({
    what: first.what,
    to: other.what,
    ...ratioQuartiles(first.rowsPerSecond, other.rowsPerSecond),
  }));
}

async function append(
  lane: Lane,
  statements: readonly Statement[],
): Promise<{ readonly seconds: number; readonly walBytes: number }> {
  const walBefore = await walPosition(lane.engine);
  const startedAt = performance.now();
  let stored = 0;
  for (const statement of statements) stored += (await lane.engine.write(statement)).rows.length;
  const seconds = (performance.now() - startedAt) / 1_000;
  lane.acknowledged += stored;
  return { seconds, walBytes: (await walPosition(lane.engine)) - walBefore };
}

/** Bytes of the write-ahead log so far; it is the whole server's, and only one store is written to at a time. */
async function walPosition({ query: run }: PostgresEngine): Promise<number> {
  const { rows } = await run({
    text: "SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::float8 AS bytes",
    values: [],
  });
  return Number(rows[0]?.bytes);
}

async function sizeOf(url: string): Promise<Size> {
  const [size] = await query(
    url,
    "SELECT count(*)::float8 AS rows, pg_relation_size('events_pkey')::float8 AS bytes FROM events",
  );
  return { rows: Number(size?.rows), keyBytes: Number(size?.bytes) };
}

async function sharedBuffers([store]: readonly FilledStore[]): Promise<string> {
  const [setting] = store ? await query(store.url, 'SHOW shared_buffers') : [];
  return String(setting?.shared_buffers);
}

async function storeResult({ store, before, acknowledged }: Lane): Promise<IdStore> {
  const after = await sizeOf(store.url);
  return {
    what: store.what,
    rows: before.rows,
    acknowledged,
    stored: after.rows - before.rows,
    keyBytesBefore: before.keyBytes / before.rows,
    keyBytesAfter: after.keyBytes / after.rows,
  };
}
