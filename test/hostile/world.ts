import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '../../src/observability/log.js';
import { packageRoot } from '../../src/package-root.js';
import { type OpenedStore, openStore } from '../../src/store/open-store.js';
import { createTestApp, type TestApp, type TestAppOptions } from '../support/app.js';

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

/** A world on PostgreSQL at `databaseUrl`, or on an embedded database of its own. */
export async function openWorld(databaseUrl?: string): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'signals-world-'));
  const store = await openTestStore(databaseUrl ? { databaseUrl } : { dataDir: join(folder, 'pglite') });
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
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A store as the app itself opens it, migrated unless told. */
export async function openTestStore(
  where: { readonly databaseUrl: string } | { readonly dataDir: string },
  { migrate = true, maxPending = 10_000 } = {},
): Promise<OpenedStore> {
  const store = await openStore({
    ...where,
    migrationsDir: join(packageRoot(), 'prisma', 'migrations'),
    poolMax: 10,
    maxPending,
    log: createLog({ level: 'silent', destination: { write: () => undefined } }),
    clock: { now: () => new Date() },
  });
  if (migrate) await store.migrate();
  return store;
}

function findStored({ prisma }: OpenedStore, ids: readonly string[]) {
  return prisma.event.findMany({
    where: { clientEventId: { in: ids.map((id) => id.toLowerCase()) } },
    include: { dimensions: true },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
}

/** Lets a test count what Prisma is asked; the list grows with every operation, such as `Event.findMany`. */
export function watched(store: OpenedStore): { readonly store: OpenedStore; readonly operations: string[] } {
  const operations: string[] = [];
  const prisma = store.prisma.$extends({
    query: {
      $allOperations({ model, operation, args, query }) {
        operations.push(`${model ?? 'raw'}.${operation}`);
        return query(args);
      },
    },
  });
  return { store: { ...store, prisma: prisma as unknown as OpenedStore['prisma'] }, operations };
}
