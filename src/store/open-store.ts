import { createDayOf, type DayOf } from '../domain/day.js';
import type { Clock, EventStore, Log } from '../domain/ports/index.js';
import { type GroupCommitLimits, groupCommitDefaults } from './commit/limits.js';
import type { SqlEngine } from './engine/sql-engine.js';
import { type MigrationTarget, migrate } from './migrations/migrate.js';
import { readMigrations } from './migrations/migrations-folder.js';
import { openPglite } from './pglite/pglite.js';
import { pgliteMigrationTarget } from './pglite/pglite-migration.js';
import { openPostgres } from './postgres/postgres.js';
import type { PostgresTimeouts } from './postgres/postgres-config.js';
import { postgresMigrationTarget } from './postgres/postgres-migration.js';
import { createPrismaClient, type PrismaClient } from './sql/prisma-client.js';
import { createSqlStore, type SqlStoreDeps } from './sql/sql-store.js';

export interface OpenStoreOptions {
  /** A PostgreSQL connection string; undefined: PGlite. */
  readonly databaseUrl?: string;
  /** PGlite's folder; undefined: in memory. */
  readonly dataDir?: string;
  /** A PGlite dump to start from. */
  readonly template?: Blob;
  /** `prisma/migrations`, wherever it lies beside the compiled code. */
  readonly migrationsDir: string;
  /** The IANA zone whose midnight turns the salt; undefined: UTC. */
  readonly dayZone?: string;
  readonly log: Log;
  readonly clock: Clock;
  /** The salt day of an instant; undefined: the day in that zone. */
  readonly dayOf?: DayOf;
  /** PostgreSQL connections at the most (default 10); one more while a job runs. */
  readonly poolMax?: number;
  /** Events taken and not yet committed; beyond it: OVERLOADED. */
  readonly maxPending?: number;
  readonly maxPendingBytes?: number;
  readonly timeouts?: Partial<PostgresTimeouts>;
  readonly onAppend?: NonNullable<SqlStoreDeps['onAppend']>;
}

export interface OpenedStore {
  readonly kind: 'postgres' | 'pglite';
  /** All roles; its `close` closes everything, Prisma included. */
  readonly store: EventStore;
  /** For tests and tools that look at the tables themselves. */
  readonly prisma: PrismaClient;
  /** Applies pending migrations; see `migrate`. */
  migrate(): Promise<{ applied: string[] }>;
}

/**
 * Opens the store that the settings name. PostgreSQL is not contacted yet, so this succeeds while it is away;
 * PGlite is started, and rejects with `data_folder_in_use` when another process has it. Nothing is migrated.
 */
export async function openStore(options: OpenStoreOptions): Promise<OpenedStore> {
  const folder = await readMigrations(options.migrationsDir);
  const { engine, kind, target, prisma } = await openEngine(options);
  const { log, clock, onAppend, dayZone = 'UTC', dayOf = createDayOf(dayZone) } = options;
  const store = createSqlStore({
    engine: { ...engine, close: () => prisma.$disconnect().then(engine.close) },
    prisma,
    migrations: folder.migrations.map(({ name }) => name),
    dayZone,
    clock,
    log,
    dayOf,
    limits: limitsOf(options),
    ...(onAppend && { onAppend }),
  });
  return { kind, store, prisma, migrate: () => migrate(target, { folder, log }) };
}

interface OpenedEngine {
  readonly kind: OpenedStore['kind'];
  readonly engine: SqlEngine;
  readonly target: MigrationTarget;
  readonly prisma: PrismaClient;
}

async function openEngine(options: OpenStoreOptions): Promise<OpenedEngine> {
  const { databaseUrl, dataDir, template, poolMax = 10, timeouts = {}, log, clock } = options;
  if (databaseUrl !== undefined) {
    const engine = openPostgres({ databaseUrl, poolMax, timeouts, log });
    const target = postgresMigrationTarget(databaseUrl, engine.query, log);
    return { kind: 'postgres', engine, target, prisma: createPrismaClient(engine.adapter) };
  }
  const engine = await openPglite({ ...(dataDir && { dataDir }), ...(template && { template }), clock });
  return {
    kind: 'pglite',
    engine,
    target: pgliteMigrationTarget(engine),
    prisma: createPrismaClient(engine.adapter),
  };
}

function limitsOf({ maxPending, maxPendingBytes }: OpenStoreOptions): Partial<GroupCommitLimits> {
  return {
    maxPending: maxPending ?? groupCommitDefaults.maxPending,
    maxPendingBytes: maxPendingBytes ?? groupCommitDefaults.maxPendingBytes,
  };
}
