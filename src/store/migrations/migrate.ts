import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import type { Log } from '../../domain/ports/index.js';
import type { SqlResult, Statement } from '../engine/sql-engine.js';
import { failureCode } from '../engine/sql-failure.js';
import { storeError } from '../engine/store-error.js';
import { migrationState } from './migration-state.js';
import type { MigrationsFolder } from './migrations-folder.js';
import { applyMigrations, startSchemaEngine } from './schema-engine.js';

/** A database that can be migrated. */
export interface MigrationTarget {
  query(statement: Statement): Promise<SqlResult>;
  /**
   * Runs `work` while no other process migrates this database, with an adapter without time limits; rejects
   * with `migration_lock_busy` when another one takes too long.
   */
  exclusively<T>(work: (adapter: SqlMigrationAwareDriverAdapterFactory) => Promise<T>): Promise<T>;
}

export interface MigrateDeps {
  readonly folder: MigrationsFolder;
  readonly log?: Log;
}

/**
 * Applies pending migrations with Prisma's own engine, which keeps Prisma's own history table, so that
 * `prisma migrate deploy` can go on from here. Several processes may call it at once: one works, the others wait
 * and find nothing to do. Rejects with `migration_failed` (and Prisma's code, never its message).
 */
export async function migrate(
  target: MigrationTarget,
  { folder, log }: MigrateDeps,
): Promise<{ applied: string[] }> {
  const known = folder.migrations.map(({ name }) => name);
  const state = await migrationState(target.query, known);
  if (state !== 'pending') {
    if (state === 'newer') log?.warn({}, 'the database has migrations that this version does not know');
    return { applied: [] };
  }
  return target.exclusively(async (adapter) => {
    const applied = await apply(adapter, folder);
    if (applied.length > 0) log?.info({ applied }, 'migrations applied');
    return { applied };
  });
}

async function apply(
  adapter: SqlMigrationAwareDriverAdapterFactory,
  folder: MigrationsFolder,
): Promise<string[]> {
  const engine = await startSchemaEngine(adapter);
  try {
    return await applyMigrations(engine, folder);
  } catch (error) {
    const prisma = /\bP[13]\d{3}\b/.exec(String(error))?.[0];
    throw storeError('migration_failed', 'A migration could not be applied.', {
      cause: failureCode(error) ?? prisma ?? null,
    });
  } finally {
    engine.free();
  }
}
