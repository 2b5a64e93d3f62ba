import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { Coordination, HeldLock } from '../../domain/ports/index.js';
import { storeError } from '../engine/store-error.js';
import { lockKey } from './lock-key.js';

/**
 * The transaction does nothing and is open for as long as the work takes: no limit may end it. Only those limits that
 * this server knows are lifted. It holds no snapshot, so that nothing waits for it: neither `VACUUM` nor
 * `CREATE INDEX CONCURRENTLY`.
 */
const begin = 'BEGIN ISOLATION LEVEL READ COMMITTED';
const liftLimits = `SELECT set_config(name, '0', true) FROM pg_settings
WHERE name IN ('idle_in_transaction_session_timeout', 'transaction_timeout')`;

/**
 * Takes the locks for as long as a transaction lives; false at once, and no transaction, where somebody holds one of
 * them. A lock of a transaction ends with it, also behind a pooler: one of a session would stay on a connection that
 * others get.
 */
async function tryLocks(client: pg.Client, keys: readonly string[]): Promise<boolean> {
  await client.query(begin);
  const { rows } = await client.query(
    'SELECT bool_and(pg_try_advisory_xact_lock(key)) AS held FROM unnest($1::bigint[]) AS keys(key)',
    [keys],
  );
  const held = rows[0]?.held === true;
  await client.query(held ? liftLimits : 'ROLLBACK');
  return held;
}

function watched(client: pg.Client): HeldLock {
  let lost = false;
  client.once('end', () => {
    lost = true;
  });
  return { lost: () => lost };
}

/** As `Coordination.withLock`, on a connection of its own. */
export function createTransactionLocks(
  connect: () => Promise<pg.Client>,
  disconnect: (client: pg.Client) => Promise<void>,
): Coordination['withLock'] {
  return async (name, work) => {
    const client = await connect();
    try {
      const lock = watched(client);
      if (!(await tryLocks(client, [lockKey(name)]))) return { ran: false };
      return { ran: true, value: await work(lock) };
    } finally {
      // Ended properly, so that a pooler can give the connection to others.
      await client.query('ROLLBACK').catch(() => undefined);
      await disconnect(client);
    }
  };
}

export interface LockWait {
  /** How long to wait for another process that holds it. */
  readonly waitMs: number;
  readonly everyMs: number;
}

/** Asks again and again instead of waiting inside PostgreSQL: a statement that waits would hold up `CREATE INDEX CONCURRENTLY`. */
export async function waitForLocks(
  client: pg.Client,
  keys: readonly string[],
  { waitMs, everyMs }: LockWait,
): Promise<void> {
  for (let waited = 0; ; waited += everyMs) {
    if (await tryLocks(client, keys)) return;
    if (waited >= waitMs)
      throw storeError('migration_lock_busy', 'Another process is migrating the database.');
    await sleep(everyMs);
  }
}
