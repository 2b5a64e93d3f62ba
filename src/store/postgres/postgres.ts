import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import type { Log } from '../../domain/ports/index.js';
import type { SqlEngine, SqlResult, Statement } from '../engine/sql-engine.js';
import { failureCode } from '../engine/sql-failure.js';
import { storeError } from '../engine/store-error.js';
import { lockKey } from './lock-key.js';
import {
  type PostgresTarget,
  type PostgresTimeouts,
  postgresTarget,
  postgresTimeouts,
} from './postgres-config.js';
import { type Connection, createWriteLanes } from './write-lanes.js';

export interface PostgresOptions {
  readonly databaseUrl: string;
  /** Connections at the most, 2 at the least; one more for as long as a job or a migration runs. */
  readonly poolMax: number;
  readonly timeouts?: Partial<PostgresTimeouts>;
  readonly log: Log;
}

export interface PostgresEngine extends SqlEngine {
  /** Prisma's driver adapter on the same pool as `query`. */
  readonly adapter: PrismaPg;
}

/**
 * PostgreSQL behind one or two connections for ingestion and a pool for everything else. Nothing is opened
 * before it is needed: a service starts while its database is away, and finds it when it comes back.
 */
export function openPostgres({ databaseUrl, poolMax, timeouts, log }: PostgresOptions): PostgresEngine {
  const target = postgresTarget(databaseUrl, { ...postgresTimeouts, ...timeouts });
  const lanes = poolMax >= 4 ? 2 : 1;
  const writers = createWriteLanes(async () => connectionOf(await connect(target)));
  const pool = new pg.Pool({
    ...target.client,
    max: Math.max(1, poolMax - lanes),
    idleTimeoutMillis: 30_000,
  });
  const onLost = (error: Error): void =>
    log.warn({ code: failureCode(error) }, 'an idle database connection was lost');
  // Without a listener a connection lost while idle would end the process.
  pool.on('error', onLost);
  return {
    lanes,
    adapter: new PrismaPg(pool, { ...(target.schema && { schema: target.schema }) }),
    write: writers.write,
    query: async (statement) => runOn(pool, statement),
    withLock: (name, work) => withSessionLock(target, name, work),
    async now() {
      const { rows } = await runOn(pool, { text: 'SELECT now() AS now', values: [] });
      return rows[0]?.now instanceof Date ? rows[0].now : null;
    },
    async close() {
      await writers.close();
      await pool.end();
    },
  };
}

/** A connection outside of the pool. The caller ends it. */
export async function connect({ client: config }: PostgresTarget): Promise<pg.Client> {
  const client = new pg.Client(config);
  // Errors of a broken connection also reach the statement that waits for it; this one is for an idle one.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    void endQuietly(client);
    throw error;
  }
}

async function withSessionLock<T>(
  target: PostgresTarget,
  name: string,
  work: () => Promise<T>,
): Promise<{ ran: true; value: T } | { ran: false }> {
  const client = await connect(target);
  try {
    const text = 'SELECT pg_try_advisory_lock($1::bigint) AS held';
    const { rows } = await client.query(text, [lockKey(name)]);
    if (rows[0]?.held !== true) return { ran: false };
    return { ran: true, value: await work() };
  } finally {
    // The lock belongs to the session and ends with it, whatever happened in between.
    await endQuietly(client);
  }
}

/** Runs a statement, and gives a client-side timeout, which comes without a code, one of ours. */
async function runOn(client: pg.Pool | pg.Client, statement: Statement): Promise<SqlResult> {
  try {
    const { rows, rowCount } = await client.query({ ...statement, values: [...statement.values] });
    return { rows, affected: rowCount ?? 0 };
  } catch (error) {
    if (failureCode(error) === null && /timeout/i.test(String(error))) {
      throw storeError('query_timeout', 'The database did not answer in time.');
    }
    throw error;
  }
}

function connectionOf(client: pg.Client): Connection {
  return {
    run: (statement) => runOn(client, statement),
    onLost: (lost) => void client.once('end', lost),
    end: () => endQuietly(client),
  };
}

async function endQuietly(client: pg.Client): Promise<void> {
  await client.end().catch(() => undefined);
}
