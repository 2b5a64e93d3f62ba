import type { AnonymousEvent } from '../../domain/event.js';
import type { Clock, EventStore, Log } from '../../domain/ports/index.js';
import { createGroupCommit } from '../commit/group-commit.js';
import type { GroupCommitLimits } from '../commit/limits.js';
import { type AppendRow, appendStatement, toAppendRow } from './append-statement.js';
import { createDimensionCache, type DimensionCache } from './dimension-cache.js';
import { createReadiness } from './readiness.js';
import { countOldRows, rewriteOldRows } from './rewrite-rows.js';
import type { SqlEngine } from './sql-engine.js';
import { classifyFailure, failureCode } from './sql-failure.js';

export interface SqlStoreDeps {
  readonly engine: SqlEngine;
  /** Names of the migrations that the code came with. */
  readonly migrations: readonly string[];
  readonly clock: Clock;
  readonly log: Log;
  readonly limits?: Partial<GroupCommitLimits>;
  /** Told of every committed statement: rows in it, and how long it took. */
  readonly onAppend?: (append: { readonly rows: number; readonly seconds: number }) => void;
}

/** Combinations that a process remembers; more of them than any catalogue with its apps and versions has. */
const rememberedDimensions = 10_000;

/** The store port over any engine that speaks PostgreSQL. */
export function createSqlStore(deps: SqlStoreDeps): EventStore {
  const { engine, log } = deps;
  const cache = createDimensionCache(rememberedDimensions);
  const commits = createGroupCommit<AnonymousEvent, AppendRow>({
    prepare: (event) => toAppendRow(event, cache),
    write: (rows) => write(deps, cache, rows),
    classify: classifyFailure,
    limits: { lanes: engine.lanes, ...deps.limits },
    onFailure: ({ kind, error, rows, again }) =>
      log.warn({ kind, code: failureCode(error), rows, again }, 'a write to the store failed'),
  });
  const readiness = createReadiness(engine.query, deps.migrations);
  let closing: Promise<void> | null = null;
  return {
    append: commits.append,
    countBefore: (cutoff) => countBefore(engine, cutoff),
    deleteBefore: (cutoff, limit) => deleteBefore(engine, cutoff, limit),
    deleteUnusedDimensions: (lastUsedBefore) => deleteUnusedDimensions(engine, lastUsedBefore),
    countOldRows: () => countOldRows(engine),
    rewriteOldRows: (limit) => rewriteOldRows(engine, limit),
    withLock: engine.withLock,
    now: engine.now,
    readiness: () => (closing ? Promise.resolve({ ready: false, reason: 'store_closed' }) : readiness()),
    pending: commits.pending,
    close() {
      closing ??= commits.drain().then(engine.close);
      return closing;
    },
  };
}

async function write(
  { engine, clock, onAppend }: SqlStoreDeps,
  cache: DimensionCache,
  rows: readonly AppendRow[],
): Promise<ReadonlySet<string>> {
  // The time before the statement: an entry must not outlive what it stands for.
  const nowMs = clock.now().getTime();
  const began = performance.now();
  const { statement, stale } = appendStatement(rows, (dimension) => cache.isFresh(dimension, nowMs));
  const { rows: stored } = await engine.write(statement);
  for (const dimension of stale) dimension.touchedAt = nowMs;
  onAppend?.({ rows: rows.length, seconds: (performance.now() - began) / 1_000 });
  return new Set(stored.map((row) => String(row.id)));
}

async function countBefore({ query }: SqlEngine, cutoff: Date): Promise<number> {
  const text = 'SELECT count(*)::int AS count FROM events WHERE created_at < $1';
  const { rows } = await query({ text, values: [cutoff] });
  return Number(rows[0]?.count);
}

/**
 * By physical address, because the rows are locked and events are never updated. What another purge has locked
 * is skipped, not waited for.
 */
async function deleteBefore({ query }: SqlEngine, cutoff: Date, limit: number): Promise<number> {
  const text = `DELETE FROM events WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM events WHERE created_at < $1 ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED))`;
  return (await query({ text, values: [cutoff, limit] })).affected;
}

/**
 * Never a row that was used in the last two days, whatever is asked: a writer relies on a row for six hours
 * after it marked it as used (`touchLifetimeMs`), so none can be deleted from under its next event. A writer
 * that marks the row at this very moment makes this statement skip it, or stores it anew after it.
 */
async function deleteUnusedDimensions({ query }: SqlEngine, lastUsedBefore: Date): Promise<number> {
  const text = `DELETE FROM event_dimensions d
    WHERE d.last_used < least(($1::timestamptz AT TIME ZONE 'UTC')::date, (now() AT TIME ZONE 'UTC')::date - 2)
      AND NOT EXISTS (SELECT FROM events e WHERE e.dimension_id = d.id)`;
  return (await query({ text, values: [lastUsedBefore] })).affected;
}
