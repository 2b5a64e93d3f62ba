import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventStore } from '../../src/domain/ports/index.js';
import { type OpenedStore, openStore } from '../../src/store/open-store.js';
import { createEventReader } from '../../src/store/sql/event-reader.js';
import { createTestApp, type TestApp, type TestAppOptions } from '../support/app.js';
import {
  createPostgresDatabase,
  migrationsDir,
  openTestStore,
  postgresOffer,
  silent,
  type TestStoreOptions,
} from '../support/database.js';

/** One database and the apps that a test starts on it. */
export interface World {
  readonly store: OpenedStore;
  /** A folder of the world's own, gone with it. */
  readonly folder: string;
  /** Starts an app, on the world's store unless told; it is closed with the world at the latest. */
  start(options?: Partial<TestAppOptions>): Promise<TestApp>;
  /** What is stored of events with these client ids, oldest first. */
  stored(...clientEventIds: readonly string[]): Promise<readonly StoredEvent[]>;
  close(): Promise<void>;
}

export type StoredEvent = Awaited<ReturnType<typeof findStored>>[number];

/** A world on a database of its own: PGlite in memory, unless the options name another. */
export async function openWorld(options: TestStoreOptions = {}): Promise<World> {
  return worldOn(await openTestStore(options), async () => undefined);
}

/**
 * The same on PostgreSQL. Null where there is none, which the run says in one visible line; with
 * SIGNALS_TEST_REQUIRE_ALL that is a failure.
 */
export async function openPostgresWorld(
  options: TestStoreOptions = {},
): Promise<(World & { readonly databaseUrl: string }) | null> {
  const { missing } = await postgresOffer();
  if (missing !== undefined) {
    if (process.env.SIGNALS_TEST_REQUIRE_ALL) throw new Error(missing);
    return null;
  }
  const database = await createPostgresDatabase();
  const store = await openStoreAt({ databaseUrl: database.url, ...options });
  return { ...worldOn(store, database.drop), databaseUrl: database.url };
}

/** A store as the app itself opens it; not migrated. */
export function openStoreAt(options: TestStoreOptions): Promise<OpenedStore> {
  return openStore({ migrationsDir, log: silent, clock: { now: () => new Date() }, ...options });
}

function worldOn(store: OpenedStore, drop: () => Promise<void>): World {
  const folder = mkdtempSync(join(tmpdir(), 'signals-world-'));
  const apps: TestApp[] = [];
  return {
    store,
    folder,
    async start(options = {}) {
      const app = await createTestApp({ store, ...options });
      apps.push(app);
      return app;
    },
    stored: (...ids) => findStored(store, ids),
    async close() {
      await Promise.all(apps.map((app) => app.close()));
      await store.store.close();
      await drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function findStored({ prisma }: OpenedStore, ids: readonly string[]) {
  return prisma.event.findMany({
    where: { clientEventId: { in: ids.map((id) => id.toLowerCase()) } },
    include: { dimensions: true },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
}

/**
 * Lets a test see what a store is asked. The list grows with every operation of Prisma's, such as `Event.findMany`, and
 * with every method of the store that goes around Prisma, such as `stats`.
 */
export function watched(opened: OpenedStore): { readonly store: OpenedStore; readonly operations: string[] } {
  const operations: string[] = [];
  const prisma = opened.prisma.$extends({
    query: {
      $allOperations({ model, operation, args, query }) {
        operations.push(`${model ?? 'raw'}.${operation}`);
        return query(args);
      },
    },
  });
  const reader = createEventReader(prisma as unknown as OpenedStore['prisma']);
  const store = { ...noted(opened.store, (method) => operations.push(method)), ...reader };
  return { store: { ...opened, store }, operations };
}

/** The same methods, each of which is noted before it is called. */
function noted(store: EventStore, note: (method: string) => void): EventStore {
  const methods = Object.entries<(...args: never[]) => unknown>({ ...store });
  const noting = methods.map(([name, method]) => [
    name,
    (...args: never[]) => {
      note(name);
      return method(...args);
    },
  ]);
  return Object.fromEntries(noting) as EventStore;
}
