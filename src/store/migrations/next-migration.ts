import { readFile } from 'node:fs/promises';
import { PGlite } from '@electric-sql/pglite';
import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import { readMigrations } from './migrations-folder.js';
import { diffToSchema, startSchemaEngine } from './schema-engine.js';
import { wholeScripts } from './whole-scripts.js';

export interface NextMigrationOptions {
  /** `prisma/schema.prisma`. */
  readonly schemaPath: string;
  /** `prisma/migrations`; null: a first migration. */
  readonly migrationsDir: string | null;
}

/**
 * The SQL of the next migration, made by Prisma's own engine from the difference between what the migrations
 * build (in a throw-away PGlite) and what the schema says. Empty when they agree: nothing has drifted.
 */
export async function nextMigrationSql({ schemaPath, migrationsDir }: NextMigrationOptions): Promise<string> {
  const schema = [{ path: 'schema.prisma', content: await readFile(schemaPath, 'utf8') }];
  const from = migrationsDir === null ? null : await readMigrations(migrationsDir);
  const database = await PGlite.create();
  try {
    const engine = await startSchemaEngine(shadowOnly(database), schema);
    try {
      return await diffToSchema(engine, from, schema);
    } finally {
      engine.free();
    }
  } finally {
    await database.close();
  }
}

/** The engine plays migrations in a shadow database. It asks nothing of the other one, so one is enough for both. */
function shadowOnly(database: PGlite): SqlMigrationAwareDriverAdapterFactory {
  const adapter = wholeScripts(new PrismaPGlite(database), (script) => database.exec(script));
  return { ...adapter, connectToShadowDb: adapter.connect };
}
