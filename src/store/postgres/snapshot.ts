import pg from 'pg';
import type { SnapshotKind, SqlResult, Statement } from '../engine/sql-engine.js';
import type { Setting } from './postgres-config.js';
import { settingsText } from './settled-query.js';

/** What differs from the settings of a single statement. */
const kinds: Readonly<
  Record<SnapshotKind, { readonly mode: string; readonly statementMs: number; readonly settings: Setting[] }>
> = {
  read: { mode: 'READ ONLY', statementMs: 10_000, settings: [['work_mem', '64MB']] },
  // A day of 600,000 events takes seven seconds and wants this much memory.
  work: { mode: 'READ WRITE', statementMs: 600_000, settings: [['work_mem', '256MB']] },
};

/** PostgreSQL answers this much before the client gives up, unless the line is dead. */
const graceMs = 2_000;

/**
 * Runs the work in one transaction at REPEATABLE READ on a connection of the pool. `BEGIN` comes first and alone, for
 * a statement before it would already have fixed the isolation; the settings follow in the same message and hold until
 * the end of the transaction.
 */
export async function inSnapshot<T>(
  pool: pg.Pool,
  settings: readonly Setting[],
  kind: SnapshotKind,
  work: (query: (statement: Statement) => Promise<SqlResult>) => Promise<T>,
): Promise<T> {
  const { mode, statementMs, settings: own } = kinds[kind];
  const all: Setting[] = [...settings, ['statement_timeout', String(statementMs)], ['jit', 'off'], ...own];
  const client = await pool.connect();
  let usable = false;
  try {
    await simple(client, `BEGIN ISOLATION LEVEL REPEATABLE READ ${mode}; ${settingsText(all)}`);
    const value = await work(async ({ text, values }) => {
      const query = { text, values: [...values], query_timeout: statementMs + graceMs };
      const { rows, rowCount } = await client.query(query);
      return { rows, affected: rowCount ?? 0 };
    });
    await simple(client, 'COMMIT');
    usable = true;
    return value;
  } catch (error) {
    usable = await simple(client, 'ROLLBACK').then(
      () => true,
      () => false,
    );
    throw error;
  } finally {
    client.release(!usable);
  }
}

/** Several statements in one message, without settings of their own before them. */
function simple(client: pg.PoolClient, text: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const answer = (error: Error | null, result?: unknown): void => (error ? reject(error) : resolve(result));
    client.query(new pg.Query({ text }, answer as never) as unknown as pg.Submittable);
  });
}
