import { join } from 'node:path';
import type { Clock, EventStore, Log } from '../../../src/domain/ports/index.js';
import type { SqlEngine } from '../../../src/store/engine/sql-engine.js';
import { openStore } from '../../../src/store/open-store.js';
import { openPglite } from '../../../src/store/pglite/pglite.js';
import { openPostgres } from '../../../src/store/postgres/postgres.js';
import { createPrismaClient, type PrismaClient } from '../../../src/store/sql/prisma-client.js';
import { createSqlStore } from '../../../src/store/sql/sql-store.js';
import { query } from '../database.js';

/** A migrated store, and the engine beneath it. */
export interface Site {
  readonly store: EventStore;
  readonly engine: SqlEngine;
  /** Runs a statement that no transaction may hold. */
  maintain(sql: string): Promise<void>;
  close(): Promise<void>;
}

/** The zone of the salt. */
export const benchZone = 'UTC';

/** A year of rows is not written in the five seconds that a service allows. */
const fillTimeoutMs = 900_000;

const nothing = (): void => undefined;
const silent: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
const clock: Clock = { now: () => new Date() };

export async function openPostgresSite(databaseUrl: string, root: string): Promise<Site> {
  await migrateAll({ databaseUrl }, root);
  const timeouts = { statementMs: fillTimeoutMs };
  const engine = openPostgres({ databaseUrl, poolMax: 10, timeouts, log: silent });
  const maintain = async (sql: string): Promise<void> => void (await query(databaseUrl, sql));
  return siteOf(engine, createPrismaClient(engine.adapter), maintain);
}

export async function openPgliteSite(dataDir: string, root: string): Promise<Site> {
  await migrateAll({ dataDir }, root);
  const engine = await openPglite({ dataDir, clock });
  const maintain = async (sql: string): Promise<void> => void (await engine.client.exec(sql));
  return siteOf(engine, createPrismaClient(engine.adapter), maintain);
}

async function migrateAll(
  where: { readonly databaseUrl: string } | { readonly dataDir: string },
  root: string,
): Promise<void> {
  const migrationsDir = join(root, 'prisma', 'migrations');
  const { store, migrate } = await openStore({ ...where, migrationsDir, log: silent, clock });
  try {
    await migrate();
  } finally {
    await store.close();
  }
}

function siteOf(engine: SqlEngine, prisma: PrismaClient, maintain: Site['maintain']): Site {
  const store = createSqlStore({
    engine: { ...engine, close: () => prisma.$disconnect().then(engine.close) },
    prisma,
    migrations: [],
    dayZone: benchZone,
    clock,
    log: silent,
  });
  return { store, engine, maintain, close: store.close };
}
