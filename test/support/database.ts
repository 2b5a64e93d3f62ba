import { afterAll, beforeAll, beforeEach, describe, inject } from 'vitest';
import type { EventStore } from '../../src/domain/ports.js';
import { createMemoryStore } from '../../src/store/memory.js';
import { type OpenedStore, type OpenStoreOptions, openStore } from '../../src/store/open-store.js';
import { admin, migrationsDir, type PostgresOffer, silent, withDatabase } from './database-broker.js';

export { admin, migrationsDir, silent } from './database-broker.js';

export type TestStoreOptions = Partial<OpenStoreOptions>;

export interface PostgresDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

const clock = { now: (): Date => new Date() };

/** What the run has of PostgreSQL. Asking starts the shared server. */
export async function postgresOffer(): Promise<PostgresOffer> {
  const response = await fetch(`${inject('databaseBroker')}/postgres`);
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as PostgresOffer;
}

/** A database of the caller's own on the shared server: migrated, unless `empty`. */
export async function createPostgresDatabase({ empty = false } = {}): Promise<PostgresDatabase> {
  const offer = await postgresOffer();
  if (offer.missing !== undefined) throw new Error(offer.missing);
  const name = `signals_test_${process.pid}_${Math.random().toString(36).slice(2)}`;
  await admin(offer.url, `CREATE DATABASE ${name} TEMPLATE ${empty ? 'template0' : offer.template}`);
  return {
    url: withDatabase(offer.url, name),
    drop: () => admin(offer.url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

/** A dump of a migrated PGlite, to open new ones from in a fraction of the time. */
export async function pgliteTemplate(): Promise<Blob> {
  const response = await fetch(inject('databaseBroker'));
  if (!response.ok) throw new Error(await response.text());
  return response.blob();
}

/** A migrated PGlite in memory, for tests that need a database and not which. The caller closes it. */
export async function openTestStore(options: TestStoreOptions = {}): Promise<OpenedStore> {
  return openStore({ migrationsDir, log: silent, clock, template: await pgliteTemplate(), ...options });
}

/** The database under a contract test. */
export interface TestEngine {
  readonly name: 'memory' | 'pglite' | 'postgres';
  /** The store under test, empty at the beginning of each test. */
  store(): EventStore;
  /** Prisma on the same data; null where there is no SQL. */
  opened(): OpenedStore | null;
}

/** Runs the same tests on every engine. Where PostgreSQL cannot be had, they show as skipped. */
export async function describeEveryStore(title: string, tests: (engine: TestEngine) => void): Promise<void> {
  describe(`${title} (memory)`, () => {
    let store: EventStore = createMemoryStore();
    beforeEach(() => {
      store = createMemoryStore();
    });
    tests({ name: 'memory', store: () => store, opened: () => null });
  });
  describe(`${title} (pglite)`, () => sqlSuite('pglite', () => openTestStore(), tests));
  await describePostgres(`${title} (postgres)`, (database) =>
    sqlSuite('postgres', () => openTestStore({ databaseUrl: database().url }), tests),
  );
}

/** A suite with a migrated PostgreSQL database of its own. */
export async function describePostgres(
  title: string,
  suite: (database: () => PostgresDatabase) => void,
): Promise<void> {
  const { missing } = await postgresOffer();
  describe.skipIf(missing !== undefined)(title, () => {
    let database: PostgresDatabase | undefined;
    beforeAll(async () => {
      database = await createPostgresDatabase();
    });
    afterAll(() => database?.drop());
    suite(() => present(database));
  });
}

function sqlSuite(
  name: TestEngine['name'],
  open: () => Promise<OpenedStore>,
  tests: (engine: TestEngine) => void,
): void {
  let opened: OpenedStore | undefined;
  beforeAll(async () => {
    opened = await open();
  });
  beforeEach(() => present(opened).prisma.$executeRawUnsafe('TRUNCATE events, event_dimensions'));
  afterAll(() => opened?.store.close());
  tests({ name, store: () => present(opened).store, opened: () => present(opened) });
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('not opened yet');
  return value;
}
