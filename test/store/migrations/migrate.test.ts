import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { migrate } from '../../../src/store/migrations/migrate.js';
import { readMigrations } from '../../../src/store/migrations/migrations-folder.js';
import { nextMigrationSql } from '../../../src/store/migrations/next-migration.js';
import type { OpenedStore } from '../../../src/store/open-store.js';
import { lockKey } from '../../../src/store/postgres/lock-key.js';
import { postgresMigrationTarget } from '../../../src/store/postgres/postgres-migration.js';
import { compileScript, type Script } from '../../support/child.js';
import {
  createPostgresDatabase,
  describePostgres,
  migrationsDir,
  openTestStore,
  type PostgresDatabase,
  silent,
  type TestStoreOptions,
} from '../../support/database.js';
import { anonymousEvent } from '../../support/events.js';

const all = (await readMigrations(migrationsDir)).migrations.map(({ name }) => name);
const schemaPath = fileURLToPath(new URL('../../../prisma/schema.prisma', import.meta.url));

describe('the migrations', () => {
  it('build exactly what the schema says: nothing has drifted', async () => {
    expect(await nextMigrationSql({ schemaPath, migrationsDir })).toBe('');
  });

  it('ask for no right over the whole database', async () => {
    const { migrations } = await readMigrations(migrationsDir);
    const files = migrations.map(({ name }) =>
      readFileSync(join(migrationsDir, name, 'migration.sql'), 'utf8'),
    );
    for (const sql of files) expect(sql).not.toMatch(/CREATE (SCHEMA|EXTENSION|ROLE|DATABASE)/i);
    const fromNothing = await nextMigrationSql({ schemaPath, migrationsDir: null });
    expect(fromNothing).not.toContain('CREATE SCHEMA');
  });

  it('would get a next one for a change of the schema', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'signals-schema-'));
    const changed = join(folder, 'schema.prisma');
    const text = readFileSync(schemaPath, 'utf8').replace(
      '  seq           Int?',
      '  seq           Int?\n  extra         String?',
    );
    writeFileSync(changed, text);
    expect(await nextMigrationSql({ schemaPath: changed, migrationsDir })).toBe(
      '-- AlterTable\nALTER TABLE "events" ADD COLUMN     "extra" TEXT;\n',
    );
    rmSync(folder, { recursive: true });
  });

  it.each(['/nowhere', tmpdir()])('are missed when %s does not hold them', async (path) => {
    await expect(readMigrations(path)).rejects.toMatchObject({ code: 'migrations_unreadable' });
  });
});

/** A migrations folder of a version to come: ours, and one more. */
function withOneMore(sql: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'signals-migrations-'));
  cpSync(migrationsDir, folder, { recursive: true });
  mkdirSync(join(folder, '20300101000000_next'));
  writeFileSync(join(folder, '20300101000000_next', 'migration.sql'), sql);
  return folder;
}

function migrating(open: (options?: TestStoreOptions) => Promise<OpenedStore>): void {
  it('are applied once, and the store is ready then', async () => {
    const { store, migrate: apply, prisma } = await open();
    expect(await store.readiness()).toMatchObject({ ready: false, reason: 'migrations_pending' });
    expect(await store.append([anonymousEvent()])).toEqual(['UNAVAILABLE']);
    expect(await apply()).toEqual({ applied: all });
    expect(await apply()).toEqual({ applied: [] });
    expect(await store.readiness()).toEqual({ ready: true });
    expect(await store.append([anonymousEvent()])).toEqual(['ACCEPTED']);
    expect(await prisma.$queryRaw`SELECT migration_name FROM _prisma_migrations ORDER BY 1`).toEqual(
      all.map((name) => ({ migration_name: name })),
    );
  });

  it('are undone as a whole when a statement in the middle fails, and say so', async () => {
    const folder = withOneMore('CREATE TABLE one (n int); SELECT 1 / 0; CREATE TABLE two (n int);');
    const { store, migrate: apply, prisma } = await open({ migrationsDir: folder });
    await expect(apply()).rejects.toMatchObject({
      code: 'migration_failed',
      message: 'A migration could not be applied.',
    });
    expect(await store.readiness()).toMatchObject({ ready: false, reason: 'migrations_pending' });
    expect(await prisma.$queryRaw`SELECT to_regclass('one')::text AS one`).toEqual([{ one: null }]);
    rmSync(folder, { recursive: true });
  });

  it('may contain functions with semicolons in them', async () => {
    const folder = withOneMore(
      'CREATE FUNCTION two() RETURNS int AS $$ BEGIN PERFORM 1; RETURN 2; END $$ LANGUAGE plpgsql;',
    );
    const { migrate: apply, prisma } = await open({ migrationsDir: folder });
    expect(await apply()).toEqual({ applied: [...all, '20300101000000_next'] });
    expect(await prisma.$queryRaw`SELECT two() AS two`).toEqual([{ two: 2 }]);
    rmSync(folder, { recursive: true });
  });
}

describe('migrating PGlite', () => {
  const opened: OpenedStore[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map(({ store }) => store.close()));
  });
  migrating(async (options) => {
    const store = await openTestStore({ ...options, migrated: false });
    opened.push(store);
    return store;
  });
});

await describePostgres('migrating PostgreSQL', () => {
  let database: PostgresDatabase | undefined;
  let script: Script | undefined;
  const opened: OpenedStore[] = [];
  const url = () => database?.url ?? '';
  const open = async (options: TestStoreOptions = {}): Promise<OpenedStore> => {
    const store = await openTestStore({ databaseUrl: url(), ...options });
    opened.push(store);
    return store;
  };

  beforeAll(async () => {
    script = await compileScript(fileURLToPath(new URL('../children/store-child.ts', import.meta.url)));
  });
  afterAll(() => script?.remove());
  beforeEach(async () => {
    database = await createPostgresDatabase({ empty: true });
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map(({ store }) => store.close()));
    await database?.drop();
  });

  migrating(open);

  it('is done once when four processes do it at the same time', async () => {
    const children = Array.from({ length: 4 }, () => script?.start('migrate', url(), migrationsDir));
    const printed = await Promise.all(children.map((child) => child?.output()));
    const applied = printed.flatMap((line) => JSON.parse(line ?? '{}').applied);
    expect(applied).toEqual(all);
    const { store } = await open();
    expect(await store.readiness()).toEqual({ ready: true });
  });

  it('gives up when another process holds the lock for too long', async () => {
    const holder = new pg.Client(url());
    await holder.connect();
    await holder.query('SELECT pg_advisory_lock($1::bigint)', [lockKey('migrate')]);
    const { store } = await open();
    expect((await store.readiness()).reason).toBe('migrations_pending');
    const reader = new pg.Pool({ connectionString: url() });
    const query = async ({ text }: { text: string }) => ({
      rows: (await reader.query(text)).rows,
      affected: 0,
    });
    const target = postgresMigrationTarget(url(), query, silent, { waitMs: 20, everyMs: 10 });
    const folder = await readMigrations(migrationsDir);
    await expect(migrate(target, { folder })).rejects.toMatchObject({ code: 'migration_lock_busy' });
    await holder.end();
    expect(await migrate(target, { folder })).toEqual({ applied: all });
    await reader.end();
  });

  it('leaves a database of a newer version alone, and the older code is not ready', async () => {
    const folder = withOneMore('ALTER TABLE "events" ADD COLUMN "extra" TEXT;');
    const newer = await open({ migrationsDir: folder });
    expect(await newer.migrate()).toEqual({ applied: [...all, '20300101000000_next'] });
    const older = await open();
    expect(await older.migrate()).toEqual({ applied: [] });
    expect(await older.store.readiness()).toMatchObject({ ready: false, reason: 'schema_newer_than_code' });
    // A rolling deploy: until it is replaced, the older version goes on storing.
    expect(await older.store.append([anonymousEvent()])).toEqual(['ACCEPTED']);
    expect(await newer.store.append([anonymousEvent()])).toEqual(['ACCEPTED']);
    rmSync(folder, { recursive: true });
  });

  it('goes into the schema that the connection string names', async () => {
    const databaseUrl = `${url()}&schema=my%20signals`;
    const { store, migrate: apply, prisma } = await open({ databaseUrl });
    expect(await apply()).toEqual({ applied: all });
    expect(await store.append([anonymousEvent()])).toEqual(['ACCEPTED']);
    expect(await prisma.event.count()).toBe(1);
    const tables =
      await prisma.$queryRaw`SELECT schemaname FROM pg_tables WHERE tablename IN ('events', '_prisma_migrations')`;
    expect(tables).toEqual([{ schemaname: 'my signals' }, { schemaname: 'my signals' }]);
  });
});
