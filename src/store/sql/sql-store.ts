import { createDayOf } from '../../domain/day.js';
import type { AnonymousEvent } from '../../domain/event.js';
import type { Clock, EventStore, Log } from '../../domain/ports/index.js';
import { createGroupCommit } from '../commit/group-commit.js';
import type { GroupCommitLimits } from '../commit/limits.js';
import { withReason } from '../engine/reason-of.js';
import { storeReasons } from '../engine/reasons.js';
import type { SqlEngine } from '../engine/sql-engine.js';
import { classifyFailure, failureCode } from '../engine/sql-failure.js';
import { type AppendRow, appendStatement, toAppendRow } from './append-statement.js';
import { createDimensionCache, type DimensionCache } from './dimension-cache.js';
import { createEventReader } from './event-reader.js';
import { createEventRetention } from './event-retention.js';
import type { PrismaClient } from './prisma-client.js';
import { createReadiness, unready } from './readiness.js';
import { countOldRows, rewriteOldRows } from './rewrite-rows.js';
import { createChangedDays } from './stats/changed-days.js';
import { createZoneGate } from './stats/kept-zone.js';
import { createSqlStats } from './stats/sql-stats.js';

export interface SqlStoreDeps {
  readonly engine: SqlEngine;
  /** Prisma on the connections of the engine, for reading. The store does not close it. */
  readonly prisma: PrismaClient;
  /** Names of the migrations that the code came with. */
  readonly migrations: readonly string[];
  /** The IANA zone whose midnight turns the salt. */
  readonly dayZone: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits?: Partial<GroupCommitLimits>;
  /** Told of every committed statement: rows in it, and how long it took. */
  readonly onAppend?: (append: { readonly rows: number; readonly seconds: number }) => void;
}

/** Combinations that a process remembers; more of them than any catalogue with its apps and versions has. */
const rememberedDimensions = 10_000;

/** All roles of a store, over any engine that speaks PostgreSQL. */
export function createSqlStore(deps: SqlStoreDeps): EventStore {
  const { engine, log, dayZone } = deps;
  const dayOf = createDayOf(dayZone);
  const cache = createDimensionCache(rememberedDimensions);
  const zoneGate = createZoneGate(engine.probe, dayZone);
  const commits = createGroupCommit<AnonymousEvent, AppendRow>({
    prepare: (event) => toAppendRow(event, cache),
    write: (rows) => zoneGate().then(() => write(deps, cache, rows)),
    classify: classifyFailure,
    limits: { lanes: engine.lanes, ...deps.limits },
    onFailure: ({ kind, error, rows, again }) =>
      log.warn({ kind, code: failureCode(error), rows, again }, 'a write to the store failed'),
  });
  const explained: SqlEngine = {
    ...engine,
    query: (statement) => withReason(() => engine.query(statement)),
    snapshot: (kind, work) => withReason(() => engine.snapshot(kind, work)),
  };
  const readiness = createReadiness(engine.probe, deps.migrations, dayZone);
  let closing: Promise<void> | null = null;
  return {
    append: commits.append,
    pending: commits.pending,
    knowsWords: cache.isStored,
    ...createEventReader(deps.prisma),
    ...createEventRetention(explained),
    ...createSqlStats(explained, dayOf),
    countOldRows: () => countOldRows(explained),
    rewriteOldRows: (limit) => rewriteOldRows(explained, dayOf, limit),
    ...createChangedDays(explained, { zone: dayZone, dayOf }),
    withLock: (name, work) => withReason(() => engine.withLock(name, work)),
    now: () => withReason(engine.now),
    readiness: () => (closing ? Promise.resolve(unready(storeReasons.closed)) : readiness()),
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
): Promise<ReadonlySet<string> | 'TOO_OLD'> {
  // The time before the statement: an entry must not outlive what it stands for.
  const nowMs = clock.now().getTime();
  const began = performance.now();
  const { statement, stale } = appendStatement(rows, (dimension) => cache.isFresh(dimension, nowMs));
  const { rows: stored } = await engine.write(statement);
  for (const dimension of stale) dimension.touchedAt = nowMs;
  onAppend?.({ rows: rows.length, seconds: (performance.now() - began) / 1_000 });
  // The one row without an id: the day is closed.
  if (stored[0]?.id === null) return 'TOO_OLD';
  return new Set(stored.map((row) => String(row.id)));
}
