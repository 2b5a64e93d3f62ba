import type { SqlResult, Statement } from '../engine/sql-engine.js';
import { failureCode } from '../engine/sql-failure.js';

/** `pending`: the code needs more than the database has. `newer`: the database has had migrations that the code does not know. */
export type MigrationState = 'pending' | 'current' | 'newer';

const text = `SELECT migration_name AS name, finished_at IS NOT NULL AS done
FROM _prisma_migrations WHERE rolled_back_at IS NULL`;

/**
 * Compares Prisma's own history table with the migrations that the code came with: one small query. Rejects
 * with the driver's error when the database cannot be asked.
 */
export async function migrationState(
  query: (statement: Statement) => Promise<SqlResult>,
  known: readonly string[],
): Promise<MigrationState> {
  let result: SqlResult;
  try {
    result = await query({ text, values: [] });
  } catch (error) {
    // undefined_table: nothing was ever migrated. It can be no other table.
    if (failureCode(error) === '42P01') return 'pending';
    throw error;
  }
  const done = new Set(result.rows.flatMap((row) => (row.done === true ? [String(row.name)] : [])));
  if (known.some((name) => !done.has(name))) return 'pending';
  return [...done].some((name) => !known.includes(name)) ? 'newer' : 'current';
}
