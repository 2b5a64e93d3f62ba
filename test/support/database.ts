import { afterAll, afterEach, beforeAll, beforeEach, describe, inject } from 'vitest';
import type { JsonObject } from '../../src/contract/index.js';
import type { AnonymousEvent } from '../../src/domain/event.js';
import type { EventStore } from '../../src/domain/ports/index.js';
import type { SqlEngine } from '../../src/store/engine/sql-engine.js';
import { createMemoryStore, type MemoryStore } from '../../src/store/memory/memory-store.js';
import { readMigrations } from '../../src/store/migrations/migrations-folder.js';
import { type OpenedStore, type OpenStoreOptions, openStore } from '../../src/store/open-store.js';
import { openPglite } from '../../src/store/pglite/pglite.js';
import { openPostgres } from '../../src/store/postgres/postgres.js';
import { createPrismaClient, type PrismaClient } from '../../src/store/sql/prisma-client.js';
import { createSqlStore } from '../../src/store/sql/sql-store.js';
import { admin, migrationsDir, type PostgresOffer, silent, withDatabase } from './database-broker.js';
import { anonymousEvent, byId } from './events.js';

export { admin, migrationsDir, silent } from './database-broker.js';

export type TestStoreOptions = Partial<OpenStoreOptions> & {
  /** False: PGlite begins without any table. */
  readonly migrated?: boolean;
};

export interface PostgresDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

const allTables = [
  'events',
  'event_dimensions',
  'stat_change',
  'stat_zone',
  'stat_state',
  'stat_day',
  'stat_hour',
  'stat_property',
  'stat_set',
  'entity_day',
  'kept_from',
];

/** Leaves no row in any table of ours but, where a store that is open goes on, the words that it remembers. */
export async function emptyTables(prisma: PrismaClient, { keepWords = false } = {}): Promise<void> {
  const emptied = allTables.filter((table) => !keepWords || table !== 'event_dimensions');
  await prisma.$executeRawUnsafe(`TRUNCATE ${emptied.join(', ')}`);
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

/** A store that lies in memory, for tests of an app that never look at tables. */
export function memoryOnly(store: EventStore): OpenedStore {
  const prisma: unknown = new Proxy({}, { get: () => refuse });
  return { kind: 'postgres', store, prisma: prisma as PrismaClient, migrate: async () => ({ applied: [] }) };
}

function refuse(): never {
  throw new Error('A store in memory has no tables.');
}

/** An engine under the contract test of a role, empty at the beginning of each test. */
export interface StoreUnderTest<Role> {
  store(): Role;
  /** Another store on the same data (memory: on its own). The caller closes it. */
  another(): Role;
  /** Stores the events, all of which are new. */
  fill(events: readonly AnonymousEvent[]): Promise<void>;
  /** Everything stored, in the shape in which it was appended, ordered by id. */
  rows(): Promise<readonly AnonymousEvent[]>;
}

type Suite = (engine: StoreUnderTest<EventStore>) => void;

/** Runs the same tests on every engine. Where PostgreSQL cannot be had, they show as skipped. */
export async function describeEveryStore(title: string, tests: Suite): Promise<void> {
  describe(`${title} (memory)`, () => memorySuite(tests));
  describe(`${title} (pglite)`, () => sqlSuite(openPgliteSuite, tests));
  await describePostgres(`${title} (postgres)`, (database) =>
    sqlSuite(async () => openPostgresSuite(database().url), tests),
  );
}

function memorySuite(tests: Suite): void {
  let store: MemoryStore | undefined;
  beforeEach(() => {
    store = createMemoryStore();
  });
  tests({
    store: () => present(store),
    another: createMemoryStore,
    fill: (events) => fill(present(store), events),
    rows: async () => byId(present(store).rows()),
  });
}

/** What the tests of one engine share, because it is slow to open. */
export interface SqlSuite {
  readonly prisma: PrismaClient;
  /** For one store. */
  engine(): SqlEngine;
  close(): Promise<void>;
}

export async function openPgliteSuite(): Promise<SqlSuite> {
  const shared = await openPglite({ clock, template: await pgliteTemplate() });
  const prisma = createPrismaClient(shared.adapter);
  return {
    prisma,
    engine: () => ({ ...shared, close: async () => undefined }),
    close: () => prisma.$disconnect().then(shared.close),
  };
}

export function openPostgresSuite(databaseUrl: string): SqlSuite {
  const reader = openPostgres({ databaseUrl, poolMax: 2, log: silent });
  const prisma = createPrismaClient(reader.adapter);
  return {
    prisma,
    engine: () => openPostgres({ databaseUrl, poolMax: 10, log: silent }),
    close: () => prisma.$disconnect().then(reader.close),
  };
}

/** A store on what a suite shares, in a zone of its own. */
export function storeOn({ engine, prisma }: SqlSuite, dayZone: string): EventStore {
  return createSqlStore({
    engine: engine(),
    prisma,
    migrations: migrationNames,
    dayZone,
    clock,
    log: silent,
  });
}

function sqlSuite(open: () => Promise<SqlSuite>, tests: Suite): void {
  let suite: SqlSuite | undefined;
  let store: EventStore | undefined;
  // A store of its own for each test: what one remembers of its dimensions must not reach into the next.
  const another = (): EventStore => storeOn(present(suite), 'UTC');
  beforeAll(async () => {
    suite = await open();
  });
  afterAll(() => suite?.close());
  beforeEach(async () => {
    await emptyTables(present(suite).prisma);
    store = another();
  });
  afterEach(() => store?.close());
  tests({
    store: () => present(store),
    another,
    fill: (events) => fill(present(store), events),
    rows: () => storedEvents(present(suite).prisma),
  });
}

async function fill(store: EventStore, events: readonly AnonymousEvent[]): Promise<void> {
  const verdicts = await store.append(events);
  if (verdicts.some((verdict) => verdict !== 'ACCEPTED')) throw new Error(`stored: ${verdicts.join()}`);
}

/** What the tables hold, read past the ports. */
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
