import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import pg from 'pg';
import type { Log } from '../../domain/ports/index.js';
import type { SqlEngine } from '../engine/sql-engine.js';
import type { MigrationTarget } from '../migrations/migrate.js';
import { wholeScripts } from '../migrations/whole-scripts.js';
import { lockKey } from './lock-key.js';
import { connect, endQuietly } from './postgres.js';
import { type PostgresTarget, postgresTarget } from './postgres-config.js';
import { settledClient } from './settled-client.js';
import { settingsText } from './settled-query.js';
import { createStatementNames, type StatementNames } from './statement-names.js';
import { type LockWait, waitForLocks } from './transaction-lock.js';
import { engineLock, withoutEngineLock } from './without-engine-lock.js';

const patient: LockWait = { waitMs: 120_000, everyMs: 200 };

/**
 * The migration target of a PostgreSQL database: its own connections, directly or through a pooler, and locks that end
 * with their transaction.
 */
export function postgresMigrationTarget(
  databaseUrl: string,
  query: SqlEngine['query'],
  log: Log,
  wait: LockWait = patient,
): MigrationTarget {
  const target = postgresTarget(databaseUrl, null);
  const names = createStatementNames(log);
  return {
    query,
    async exclusively(work) {
      const holder = await connect(target, names);
      try {
        await waitForLocks(holder, [lockKey('migrate'), engineLock], wait);
        return await withAdapter(target, names, work);
      } finally {
        await holder.query('ROLLBACK').catch(() => undefined);
        await endQuietly(holder);
      }
    },
  };
}

/** The engine does not end its connections: the pool is ours. */
async function withAdapter<T>(
  { client, settings, schema }: PostgresTarget,
  names: StatementNames,
  work: (adapter: SqlMigrationAwareDriverAdapterFactory) => Promise<T>,
): Promise<T> {
  const pool = new pg.Pool({ ...client, Client: settledClient(settings, names), max: 1 });
  pool.on('error', () => undefined);
  try {
    if (schema) await createSchema(pool, schema);
    const adapter = withoutEngineLock(new PrismaPg(pool, schema ? { schema } : {}));
    return await work(wholeScripts(adapter, (script) => runScript(pool, settings, script)));
  } finally {
    await pool.end();
  }
}

async function createSchema(pool: pg.Pool, schema: string): Promise<void> {
  const { rows } = await pool.query('SELECT 1 FROM pg_namespace WHERE nspname = $1', [schema]);
  if (rows.length === 0) await pool.query(`CREATE SCHEMA ${pg.escapeIdentifier(schema)}`);
}

/**
 * Runs a script and its settings as one transaction. What PostgreSQL refuses to do in one goes as it is.
 */
async function runScript(pool: pg.Pool, settings: PostgresTarget['settings'], script: string): Promise<void> {
  const alone = /\bCONCURRENTLY\b/i.test(script);
  await pool.query(new pg.Query(alone ? script : `${settingsText(settings)};\n${script}`));
}
