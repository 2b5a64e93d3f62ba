import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import {
  bindMigrationAwareSqlAdapterFactory,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import type { SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg';
import type { MigrationsFolder } from './migrations-folder.js';

export interface SchemaFile {
  readonly path: string;
  readonly content: string;
}

/** The engine wants to know the kind of database, if nothing else. */
const noModels: SchemaFile = {
  path: 'schema.prisma',
  content: 'datasource db {\n  provider = "postgresql"\n}\n',
};

const filters = { externalTables: [], externalEnums: [] };

/**
 * Starts Prisma's schema engine, the very one behind `prisma migrate`, as WebAssembly: nothing is downloaded,
 * nothing but Node is needed. `schema` is needed for diffs only.
 */
export async function startSchemaEngine(
  adapter: SqlMigrationAwareDriverAdapterFactory,
  schema: readonly SchemaFile[] = [noModels],
): Promise<SchemaEngine> {
  const glue = await engineModule();
  const datamodels = schema.map(({ path, content }): [string, string] => [path, content]);
  const logLine = (): void => undefined;
  return glue.SchemaEngine.new({ datamodels }, logLine, bindMigrationAwareSqlAdapterFactory(adapter));
}

/**
 * The one thing kept for the whole process: the package's glue code holds one instance of the module, and a
 * second one would pull the memory from under the engines of the first.
 */
const engineModule = once(async () => {
  // The package's main entry imports the .wasm file as a module, which Node does not do without a flag.
  const glue = await import('@prisma/schema-engine-wasm/schema_engine_bg');
  const entry = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const { instance } = await WebAssembly.instantiate(
    await readFile(join(dirname(entry), 'schema_engine_bg.wasm')),
    { './schema_engine_bg.js': withoutWaiting({ ...glue }) },
  );
  glue.__wbg_set_wasm(instance.exports);
  (instance.exports.__wbindgen_start as () => void)();
  return glue;
});

/** The engine sets a timer of ten seconds for its lock and never clears it: it must not keep a finished process alive. */
function withoutWaiting(glue: Readonly<Record<string, unknown>>): WebAssembly.ModuleImports {
  const imports: Record<string, unknown> = { ...glue };
  for (const [name, start] of Object.entries(glue)) {
    if (!name.startsWith('__wbg_setTimeout') || typeof start !== 'function') continue;
    imports[name] = (...given: unknown[]): NodeJS.Timeout => start(...given).unref();
  }
  return imports as WebAssembly.ModuleImports;
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** Applies what is not applied yet, each migration in its own transaction; answers their names. */
export async function applyMigrations(engine: SchemaEngine, folder: MigrationsFolder): Promise<string[]> {
  const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList: listOf(folder), filters });
  return appliedMigrationNames;
}

/**
 * The SQL that leads from the migrations (null: from nothing) to the schema; empty when they agree. The adapter
 * must be able to make a shadow database, in which the migrations are played.
 */
export async function diffToSchema(
  engine: SchemaEngine,
  from: MigrationsFolder | null,
  files: readonly SchemaFile[],
): Promise<string> {
  const { stdout } = await engine.diff({
    from: from ? { tag: 'migrations', ...listOf(from) } : { tag: 'empty' },
    to: { tag: 'schemaDatamodel', files: [...files] },
    script: true,
    exitCode: null,
    filters,
  });
  // The schema `public` is there. To say so again needs a right over the whole database that a service should not have.
  const sql = (stdout ?? '').replace(/^-- CreateSchema\nCREATE SCHEMA IF NOT EXISTS "public";$/m, '').trim();
  return sql === '' || /^-- This is an empty migration\.$/.test(sql) ? '' : `${sql}\n`;
}

function listOf({ path: baseDir, migrations, lockfile }: MigrationsFolder) {
  return {
    baseDir,
    lockfile: { path: 'migration_lock.toml', content: lockfile },
    shadowDbInitScript: '',
    migrationDirectories: migrations.map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value: sql } },
    })),
  };
}
