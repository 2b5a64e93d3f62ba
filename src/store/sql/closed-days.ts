import type { SqlEngine } from '../engine/sql-engine.js';

/** Statements that store events take milliseconds. While we wait for those under way, new ones wait behind us. */
const maxWaitMs = 1_000;

/**
 * Closes a salt day and all before it, for ever: `append-statement.ts` stores nothing of it any more. When this
 * resolves, every statement that did not know of it has ended, so that whoever looks next sees the last row of the day.
 *
 * Every such statement holds a lock on the table `kept_from` until it has committed (it asks for the lock of a row that
 * is not there), and we take one that it conflicts with. PostgreSQL gives a statement its locks before its snapshot:
 * one that had to wait for us sees what we have written. Dumps of the database do not conflict with the lock, and
 * nothing else touches the table. Rejects with 55P03 where a statement takes longer than we wait.
 */
export async function closeDay({ query, snapshot }: SqlEngine, day: string): Promise<void> {
  const { rows } = await query({
    text: 'SELECT 1 AS closed FROM kept_from WHERE day > $1::date',
    values: [day],
  });
  if (rows.length > 0) return;
  await snapshot('work', async (run) => {
    await run({ text: `SET LOCAL lock_timeout = ${maxWaitMs}`, values: [] });
    await run({ text: 'LOCK TABLE kept_from IN EXCLUSIVE MODE', values: [] });
    await run({
      text: `INSERT INTO kept_from (day) VALUES ($1::date + 1)
        ON CONFLICT (one) DO UPDATE SET day = greatest(kept_from.day, excluded.day)`,
      values: [day],
    });
  });
}
