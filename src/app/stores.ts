import { join } from 'node:path';
import type { Config } from '../config/index.js';
import type { Clock, Log } from '../domain/ports/index.js';
import type { Metrics } from '../observability/metrics.js';
import { type OpenedStore, openStore } from '../store/open-store.js';
import { packageRoot } from './package-root.js';

export interface StoreDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Where the migrations lie in this package. */
export function migrationsDir(): string {
  return join(packageRoot(), 'prisma', 'migrations');
}

/** Opens the database that the settings name: the service, `job` and `migrate` all come here. Nothing is migrated. */
export function openStores(config: Config, { clock, log, metrics }: StoreDeps): Promise<OpenedStore> {
  const { databaseUrl, dataDir, dayZone, poolMax, maxPendingEvents } = config;
  return openStore({
    ...(databaseUrl && { databaseUrl: databaseUrl.reveal().toString('utf8') }),
    dataDir: join(dataDir, 'pglite'),
    migrationsDir: migrationsDir(),
    dayZone,
    poolMax,
    maxPending: maxPendingEvents,
    log,
    clock,
    onAppend: ({ rows, seconds }) => {
      metrics.observe('signals_append_rows', rows);
      metrics.observe('signals_append_seconds', seconds);
    },
  });
}

/** Opens the database for one piece of work, and closes it whatever comes of that. */
export async function withStores<T>(
  config: Config,
  deps: StoreDeps,
  work: (stores: OpenedStore) => Promise<T>,
): Promise<T> {
  const stores = await openStores(config, deps);
  try {
    return await work(stores);
  } finally {
    await stores.store.close();
  }
}
