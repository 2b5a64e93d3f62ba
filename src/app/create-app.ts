import type { Config } from '../config/index.js';
import type { OwnershipRule } from '../domain/ingest/ownership.js';
import type { Clock, Log } from '../domain/ports/index.js';
import { createStatistics } from '../domain/reading/ask.js';
import { createMetrics } from '../observability/metrics.js';
import { openRateLimiter } from '../rate-limit/open-rate-limiter.js';
import type { OpenedStore } from '../store/open-store.js';
import { openCatalogue } from './catalogue.js';
import { developmentCredentials } from './embedded/credentials.js';
import { tendEmbeddedDatabase } from './embedded/database.js';
import { createIngest } from './ingest.js';
import { type AppJobs, jobParts, openJobs } from './jobs.js';
import { refuseOtherZone } from './kept-zone.js';
import { openAuthenticator } from './keys/authenticator.js';
import { createDistinctSecrets } from './keys/distinct-secrets.js';
import { openGatewayTrust } from './keys/gateway-trust.js';
import { openSalt } from './keys/salt.js';
import { migrateUntilDone } from './migrate-until-done.js';
import { openInOrder } from './opened.js';
import { loadOwnership } from './ownership.js';
import { createServer, type SignalsServer } from './server.js';
import { openStores } from './stores.js';

/** What stands outside of the process, and what a test replaces. */
export interface AppDeps {
  readonly log: Log;
  readonly clock: Clock;
  readonly fetch: typeof fetch;
  /** Given: used and closed with the app; else opened by the configuration. */
  readonly store?: OpenedStore;
  /** Who may report on which session or entity; goes before SIGNALS_OWNERSHIP_MODULE. */
  readonly ownership?: OwnershipRule;
  /** Apply migrations before anything else; the embedded database is always migrated. */
  readonly migrate?: boolean;
}

export interface App {
  readonly server: SignalsServer;
  readonly jobs: AppJobs;
  /** Drains: requests end, what was taken is committed, jobs stop, connections close. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * The only wiring: the list of parts, closed in reverse. What can be wrong in the settings comes first. Throws
 * `ConfigurationError` for settings that do not fit together; nothing stays open then.
 */
export function createApp(config: Config, deps: AppDeps): Promise<App> {
  return openInOrder(async (open) => {
    const { log, clock, fetch } = deps;
    const metrics = createMetrics();
    const common = { log, clock, metrics };

    const development = developmentCredentials(config);
    const { authenticator, keys } = openAuthenticator(config, { ...common, development, fetch });
    const ownership = await loadOwnership(config.ownershipModule, deps.ownership);
    const distinct = createDistinctSecrets();
    const { trust } = open(openGatewayTrust(config, { ...common, distinct }));
    const salt = open(openSalt(config, { ...common, development, distinct }));
    const catalogue = open(await openCatalogue(config.catalogue, common)).source;
    const limiter = open(openRateLimiter({ ...rateLimit(config), clock, log }));

    const stores = deps.store ?? (await openStores(config, common));
    const store = open(stores.store);
    const jobs = open(openJobs(jobParts(config, store, { ...common, catalogue })));
    if (stores.kind === 'pglite') open(await tendEmbeddedDatabase(config, stores, jobs));
    else if (deps.migrate) open(await migrateUntilDone(stores, log, jobs.migrated));
    await refuseOtherZone(store);

    const write = { sink: store, known: store, catalogue, keys: salt.keys, limiter, ownership };
    const track = createIngest(config, { ...common, ...write });
    const statistics = createStatistics({ stats: store, catalogue, clock, saltZone: config.dayZone });
    const server = open(
      createServer(config, {
        ...common,
        authenticator,
        keys,
        trust,
        salt,
        catalogue,
        reader: store,
        statistics,
        life: store,
        track,
      }),
    );
    return { server, jobs };
  });
}

function rateLimit({ redisUrl, rateLimitPerMinute }: Config) {
  return { url: redisUrl?.reveal().toString('utf8') ?? null, perMinute: rateLimitPerMinute };
}
