import { setTimeout as sleep } from 'node:timers/promises';
import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import pg from 'pg';
import type { SqlEngine } from '../engine/sql-engine.js';
import { storeError } from '../engine/store-error.js';
import type { MigrationTarget } from '../migrations/migrate.js';
import { wholeScripts } from '../migrations/whole-scripts.js';
import { lockKey } from './lock-key.js';
import { connect } from './postgres.js';
import { type PostgresTarget, postgresTarget } from './postgres-config.js';

export interface MigrationLockWait {
  /** How long to wait for another process that migrates. */
  readonly waitMs: number;
  readonly everyMs: number;
}

const patient: MigrationLockWait = { waitMs: 120_000, everyMs: 200 };

/** The migration target of a PostgreSQL database: its own connections, and a lock that ends with its session. */
export function postgresMigrationTarget(
  databaseUrl: string,
  query: SqlEngine['query'],
  wait: MigrationLockWait = patient,
): MigrationTarget {
  const target = postgresTarget(databaseUrl, null);
  return {
    query,
    async exclusively(work) {
      const holder = await connect(target);
      try {
        await acquire(holder, wait);
        if (target.schema) await createSchema(holder, target.schema);
        return await withAdapter(target, work);
      } finally {
        await holder.end().catch(() => undefined);
      }
    },
  };
}

/** Asks again and again instead of waiting inside PostgreSQL: a statement that waits would hold up `CREATE INDEX CONCURRENTLY`. */
async function acquire(holder: pg.Client, { waitMs, everyMs }: MigrationLockWait): Promise<void> {
  const text = 'SELECT pg_try_advisory_lock($1::bigint) AS held';
  for (let waited = 0; ; waited += everyMs) {
    const { rows } = await holder.query(text, [lockKey('migrate')]);
    if (rows[0]?.held === true) return;
    if (waited >= waitMs)
      throw storeError('migration_lock_busy', 'Another process is migrating the database.');
    await sleep(everyMs);
  }
}

async function createSchema(holder: pg.Client, schema: string): Promise<void> {
  const { rows } = await holder.query('SELECT 1 FROM pg_namespace WHERE nspname = $1', [schema]);
  if (rows.length === 0) await holder.query(`CREATE SCHEMA ${pg.escapeIdentifier(schema)}`);
}

/** The engine does not end its connections: the pool is ours. */
async function withAdapter<T>(
  { client, schema }: PostgresTarget,
  work: (adapter: SqlMigrationAwareDriverAdapterFactory) => Promise<T>,
): Promise<T> {
  const pool = new pg.Pool({ ...client, max: 1 });
  pool.on('error', () => undefined);
  try {
    const adapter = new PrismaPg(pool, schema ? { schema } : {});
    return await work(wholeScripts(adapter, (script) => pool.query(script)));
  } finally {
    await pool.end();
  }
}
