import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { storeError } from '../engine/store-error.js';

export interface Migration {
  /** Name of its folder: a time stamp and a word. */
  readonly name: string;
  readonly sql: string;
}

export interface MigrationsFolder {
  readonly path: string;
  /** Oldest first. */
  readonly migrations: readonly Migration[];
  readonly lockfile: string | null;
}

/** Reads `prisma/migrations` as Prisma lays it out. Throws `migrations_unreadable` when there is nothing to apply. */
export async function readMigrations(path: string): Promise<MigrationsFolder> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
    const migrations = await Promise.all(
      names
        .sort()
        .map(async (name) => ({ name, sql: await readFile(join(path, name, 'migration.sql'), 'utf8') })),
    );
    if (migrations.length === 0) throw new Error('empty');
    const lockfile = await readFile(join(path, 'migration_lock.toml'), 'utf8').catch(() => null);
    return { path, migrations, lockfile };
  } catch {
    throw storeError('migrations_unreadable', 'The migrations folder is missing, empty or incomplete.');
  }
}
