import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import type { Log } from '../../domain/ports/index.js';
import type { SqlEngine, SqlResult, Statement } from '../engine/sql-engine.js';
import { failureCode } from '../engine/sql-failure.js';
import { storeError } from '../engine/store-error.js';
import { type Connection, keepConnections } from './kept-connections.js';
import { dividePool } from './pool-shares.js';
import {
  type PostgresTarget,
  type PostgresTimeouts,
  postgresTarget,
  postgresTimeouts,
} from './postgres-config.js';
import { type SettledClient, settledClient } from './settled-client.js';
import { inSnapshot } from './snapshot.js';
import { createStatementNames, type StatementNames } from './statement-names.js';
import { createTransactionLocks } from './transaction-lock.js';

export interface PostgresOptions {
  readonly databaseUrl: string;
  /** Connections at the most, 2 at the least; one more for as long as a job or a migration runs. */
  readonly poolMax: number;
  readonly timeouts?: Partial<PostgresTimeouts>;
  readonly log: Log;
}

export interface PostgresEngine extends SqlEngine {
  /** Prisma's driver adapter, on connections for reading alone. */
  readonly adapter: PrismaPg;
}

/**
 * PostgreSQL, directly or through a pooler: no state of a session is relied on. Writing, readiness, jobs and reading
 * have connections of their own, so that none of them waits for another. Nothing is opened before it is needed: a
 * service starts while its database is away, and finds it when it comes back.
 */
export function openPostgres({ databaseUrl, poolMax, timeouts, log }: PostgresOptions): PostgresEngine {
  const target = postgresTarget(databaseUrl, { ...postgresTimeouts, ...timeouts });
  const shares = dividePool(poolMax);
  const names = createStatementNames(log);
  const open = (): Promise<pg.Client> => connect(target, names);
  const writers = keepConnections(async () => connectionOf(await open()));
  const prober = keepConnections(async () => connectionOf(await open()));
  const reading = openPool(target, names, shares.reading, log);
  const working = shares.jobs > 0 ? openPool(target, names, shares.jobs, log) : reading;
  const query = (statement: Statement): Promise<SqlResult> => runOn(working, statement);
  return {
    lanes: shares.writing,
    adapter: new PrismaPg(reading, { ...(target.schema && { schema: target.schema }) }),
    write: writers.run,
    probe: shares.readiness > 0 ? prober.run : query,
    query,
    snapshot: (kind, work) => inSnapshot(kind === 'read' ? reading : working, target.settings, kind, work),
    withLock: createTransactionLocks(open, endQuietly),
    async now() {
      const { rows } = await query({ text: 'SELECT now() AS now', values: [] });
      return rows[0]?.now instanceof Date ? rows[0].now : null;
    },
    async close() {
      await Promise.all([writers.close(), prober.close()]);
      await Promise.all([...new Set([reading, working])].map((pool) => pool.end()));
    },
  };
}

function openPool(target: PostgresTarget, names: StatementNames, max: number, log: Log): pg.Pool {
  const pool = new pg.Pool({
    ...target.client,
    Client: settledClient(target.settings, names),
    max,
    idleTimeoutMillis: 30_000,
  });
  // Without a listener a connection lost while idle would end the process.
  pool.on('error', (error) => log.warn({ code: failureCode(error) }, 'an idle database connection was lost'));
  return pool;
}

/** A connection outside of the pools. The caller ends it. */
export async function connect(
  { client: config, settings }: PostgresTarget,
  names: StatementNames,
): Promise<pg.Client> {
  const Client: SettledClient = settledClient(settings, names);
  const client = new Client(config);
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

/** Runs a statement, and gives a client-side timeout, which comes without a code, one of ours. */
async function runOn(client: pg.Pool | pg.Client, { text, values, repeated }: Statement): Promise<SqlResult> {
  try {
    // Any name will do: the client gives the one that belongs to the text.
    const name = repeated ? { name: 'repeated' } : {};
    const { rows, rowCount } = await client.query({ ...name, text, values: [...values] });
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

export async function endQuietly(client: pg.Client): Promise<void> {
  await client.end().catch(() => undefined);
}
