import { join } from 'node:path';
import { dimensionKey } from '../../../src/domain/dimension-key.js';
import type { AnonymousEvent } from '../../../src/domain/event.js';
import type { Log } from '../../../src/domain/ports/index.js';
import type { Statement } from '../../../src/store/engine/sql-engine.js';
import { openStore } from '../../../src/store/open-store.js';
import { openPostgres, type PostgresEngine } from '../../../src/store/postgres/postgres.js';
import { appendStatement, toAppendRow } from '../../../src/store/sql/append-statement.js';
import { createDimensionCache } from '../../../src/store/sql/dimension-cache.js';
import { dimensionId } from '../../../src/store/sql/dimension-id.js';
import type { BenchContext } from '../bench-context.js';
import { type BenchDatabase, query } from '../database.js';
import { type IdOrder, startFill } from './fill.js';
import { combinations, createEventSource, inOrderOfTime, withoutLookUp } from './rows.js';

/** A database full of rows, and how rows are appended to it. */
export interface FilledStore {
  readonly what: string;
  readonly url: string;
  /** The append statement for these events, which come in the form of today and get the ids of the store. */
  statement(events: readonly AnonymousEvent[]): Statement;
}

const letters: Readonly<Record<IdOrder, string>> = { random: 'A', ordered: 'B' };

/** Seconds per million rows. Random ids cost more the more there are: these are for ten million. */
const seconds = { random: 40, ordered: 20, finish: 15, copy: 8 };

/** Rows of one statement that fills: few enough to show progress. */
const chunk = 1_000_000;
const spanMs = 180 * 86_400_000;

/** Seconds that filling will take. */
export function fillSeconds(rows: number): number {
  const { random, ordered, finish, copy } = seconds;
  return (rows / 1e6) * (random + ordered + 2 * finish + copy);
}

/**
 * A: ids of today. B: the same rows, with ids in the order of `created_at`. C: a copy of A without the index of rows
 * in the old form, whose append statement does not look for them. The rows lie in the 180 days before `endMs`.
 */
export async function fillStores(
  context: BenchContext,
  database: BenchDatabase,
  endMs: number,
): Promise<readonly FilledStore[]> {
  const { progress, plan } = context;
  const today = await fill(context, database, 'random', endMs);
  const copied = await progress.step(
    'ids: a copy of A is C',
    (plan.idRows / 1e6) * seconds.copy,
    async () => {
      const url = await database.create('ids_copy', today);
      await query(url, 'DROP INDEX events_old_form_idx');
      return url;
    },
  );
  const ordered = await fill(context, database, 'ordered', endMs);
  const inRandomOrder = createAppend('random', true);
  return [
    { what: 'A: ids of today', url: today, statement: inRandomOrder },
    { what: 'B: ids in order of time', url: ordered, statement: createAppend('ordered', true) },
    {
      what: 'C: ids of today, no look-up for the old form',
      url: copied,
      statement: (events) => withoutLookUp(inRandomOrder(events)),
    },
  ];
}

/** Opens one connection for appends. */
export function openForAppends(url: string): PostgresEngine {
  // No statement is lost because a checkpoint keeps the disk busy.
  return openPostgres({ databaseUrl: url, poolMax: 2, timeouts: { statementMs: 120_000 }, log: silent });
}

async function fill(
  { root, progress, plan }: BenchContext,
  database: BenchDatabase,
  order: IdOrder,
  endMs: number,
): Promise<string> {
  const url = await database.create(`ids_${order}`);
  await migrateEmpty(url, join(root, 'prisma', 'migrations'));
  const startMs = endMs - spanMs;
  // The product's own statement writes the combinations of words, and with them the first rows.
  const first = createEventSource(startMs - combinations.length).next(combinations.length);
  const engine = openForAppends(url);
  await engine.write(createAppend(order, false)(first));
  await engine.close();

  const filler = await startFill(url, {
    order,
    dimensionIds: combinations.map((words) => String(dimensionId(dimensionKey(words)))),
    startMs,
    stepMs: spanMs / plan.idRows,
  });
  for (let from = combinations.length; from < plan.idRows; from += chunk) {
    const to = Math.min(from + chunk, plan.idRows);
    await progress.step(
      `ids: filling ${letters[order]}, row ${from} to ${to} of ${plan.idRows}`,
      ((to - from) / 1e6) * seconds[order],
      () => filler.add(from, to - 1),
    );
  }
  await progress.step(
    `ids: indexes of ${letters[order]}`,
    (plan.idRows / 1e6) * seconds.finish,
    filler.finish,
  );
  return url;
}

async function migrateEmpty(url: string, migrationsDir: string): Promise<void> {
  const clock = { now: () => new Date() };
  const { store, migrate } = await openStore({ databaseUrl: url, migrationsDir, log: silent, clock });
  try {
    await migrate();
  } finally {
    await store.close();
  }
}

/** Makes the product's append statement. It names no combination of words that is `known`, as in a running service. */
function createAppend(order: IdOrder, known: boolean): FilledStore['statement'] {
  const cache = createDimensionCache(combinations.length);
  return (events) => {
    const own = order === 'ordered' ? events.map(inOrderOfTime) : events;
    const rows = own.map((event) => toAppendRow(event, cache));
    return appendStatement(rows, () => known).statement;
  };
}

const nothing = (): void => undefined;
const silent: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
