import { afterAll, afterEach, beforeAll, beforeEach, describe, inject } from 'vitest';
import type { JsonObject } from '../../src/contract/index.js';
import type { AnonymousEvent } from '../../src/domain/event.js';
import type { EventStore } from '../../src/domain/ports/index.js';
import type { GroupCommitLimits } from '../../src/store/commit/limits.js';
import { createMemoryStore, type MemoryStore } from '../../src/store/memory/memory-store.js';
import { readMigrations } from '../../src/store/migrations/migrations-folder.js';
import { type OpenedStore, type OpenStoreOptions, openStore } from '../../src/store/open-store.js';
import { openPglite } from '../../src/store/pglite/pglite.js';
import { openPostgres } from '../../src/store/postgres/postgres.js';
import { createPrismaClient, type PrismaClient } from '../../src/store/sql/prisma-client.js';
import type { SqlEngine } from '../../src/store/sql/sql-engine.js';
import { createSqlStore } from '../../src/store/sql/sql-store.js';
import { admin, migrationsDir, type PostgresOffer, silent, withDatabase } from './database-broker.js';
import { anonymousEvent } from './events.js';

export { admin, migrationsDir, silent } from './database-broker.js';

export type TestStoreOptions = Partial<OpenStoreOptions> & {
  /** False: PGlite begins without any table. */
  readonly migrated?: boolean;
};

export interface PostgresDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

const clock = { now: (): Date => new Date() };
const migrationNames = (await readMigrations(migrationsDir)).migrations.map(({ name }) => name);

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

/** A store for tests that need one and not which: a migrated PGlite in memory, unless the options say otherwise. The caller closes it. */
export async function openTestStore({
  migrated = true,
  ...options
}: TestStoreOptions = {}): Promise<OpenedStore> {
  const template = migrated && !options.databaseUrl ? { template: await pgliteTemplate() } : {};
  return openStore({ migrationsDir, log: silent, clock, ...template, ...options });
}

/** The database under a contract test, empty at the beginning of each test. */
export interface TestEngine {
  readonly name: 'memory' | 'pglite' | 'postgres';
  store(): EventStore;
  /** Another store with limits of its own, on the same data (memory: on its own). The caller closes it. */
  another(limits?: Partial<GroupCommitLimits>): EventStore;
  /** The time as the store sees it. */
  now(): Date;
  /** Everything stored, in the shape in which it was appended, ordered by id. */
  rows(): Promise<readonly AnonymousEvent[]>;
  /** Makes every combination of dimensions look as if it had last been used so many days earlier. */
  ageDimensions(days: number): Promise<void>;
}

/** Runs the same tests on every engine. Where PostgreSQL cannot be had, they show as skipped. */
export async function describeEveryStore(title: string, tests: (engine: TestEngine) => void): Promise<void> {
  describe(`${title} (memory)`, () => memorySuite(tests));
  describe(`${title} (pglite)`, () => sqlSuite('pglite', openPgliteSuite, tests));
  await describePostgres(`${title} (postgres)`, (database) =>
    sqlSuite('postgres', async () => openPostgresSuite(database().url), tests),
  );
}

function memorySuite(tests: (engine: TestEngine) => void): void {
  const time = { now: new Date() };
  let store: MemoryStore | undefined;
  beforeEach(() => {
    time.now = new Date();
    store = createMemoryStore({ now: () => time.now });
  });
  tests({
    name: 'memory',
    store: () => present(store),
    another: () => createMemoryStore({ now: () => time.now }),
    now: () => time.now,
    rows: async () => [...present(store).rows()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    ageDimensions: async (days) => {
      time.now = new Date(time.now.getTime() + days * 86_400_000);
    },
  });
}

/** What the tests of one engine share, because it is slow to open. */
interface SqlSuite {
  readonly prisma: PrismaClient;
  /** For one store. */
  engine(): SqlEngine;
  close(): Promise<void>;
}

async function openPgliteSuite(): Promise<SqlSuite> {
  const shared = await openPglite({ clock, template: await pgliteTemplate() });
  const prisma = createPrismaClient(shared.adapter);
  return {
    prisma,
    engine: () => ({ ...shared, close: async () => undefined }),
    close: () => prisma.$disconnect().then(shared.close),
  };
}

function openPostgresSuite(databaseUrl: string): SqlSuite {
  const reader = openPostgres({ databaseUrl, poolMax: 2, log: silent });
  const prisma = createPrismaClient(reader.adapter);
  return {
    prisma,
    engine: () => openPostgres({ databaseUrl, poolMax: 10, log: silent }),
    close: () => prisma.$disconnect().then(reader.close),
  };
}

function sqlSuite(
  name: TestEngine['name'],
  open: () => Promise<SqlSuite>,
  tests: (engine: TestEngine) => void,
): void {
  let suite: SqlSuite | undefined;
  let store: EventStore | undefined;
  // A store of its own for each test: what one remembers of its dimensions must not reach into the next.
  const another = (limits: Partial<GroupCommitLimits> = {}): EventStore =>
    createSqlStore({
      engine: present(suite).engine(),
      migrations: migrationNames,
      clock,
      log: silent,
      limits,
    });
  beforeAll(async () => {
    suite = await open();
  });
  afterAll(() => suite?.close());
  beforeEach(async () => {
    await present(suite).prisma.$executeRawUnsafe('TRUNCATE events, event_dimensions');
    store = another();
  });
  afterEach(() => store?.close());
  tests({
    name,
    store: () => present(store),
    another,
    now: clock.now,
    rows: () => storedEvents(present(suite).prisma),
    ageDimensions: async (days) => {
      await present(suite).prisma
        .$executeRaw`UPDATE event_dimensions SET last_used = last_used - ${days}::int`;
    },
  });
}

/** What the tables hold, read through Prisma as the GraphQL layer does. */
export async function storedEvents(prisma: PrismaClient): Promise<readonly AnonymousEvent[]> {
  const found = await prisma.event.findMany({ include: { dimensions: true }, orderBy: { id: 'asc' } });
  return found.map(({ dimensionId: _, dimensions: { id: __, lastUsed: ___, ...dimensions }, ...event }) =>
    anonymousEvent({
      ...event,
      userHash: hex(event.userHash),
      sessionHash: hex(event.sessionHash),
      properties: event.properties as JsonObject | null,
      dimensions,
    }),
  );
}

function hex(bytes: Uint8Array | null): string | null {
  return bytes && Buffer.from(bytes).toString('hex');
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

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('not opened yet');
  return value;
}
