import { join } from 'node:path';
import { jobs } from '../../jobs/index.js';
import type { JobDeps } from '../../jobs/job.js';
import { rewriteRows } from '../../jobs/rewrite-rows.js';
import { type Schedule, startSchedule } from '../../jobs/schedule.js';
import type { Config } from '../config/index.js';
import { limits } from '../contract/index.js';
import { createDayOf } from '../domain/day.js';
import { createInternalUsers } from '../domain/ingest/internal-users.js';
import type { OwnershipRule } from '../domain/ingest/ownership.js';
import { createTrackBatch, type TrackAnswer, type TrackCall } from '../domain/ingest/track-batch.js';
import type { Clock, Log } from '../domain/ports/index.js';
import { addressFromForwardedFor, canonicalIp } from '../domain/privacy/identity/ip-address.js';
import { createUserAgentReader, isGatewayUserAgent } from '../domain/privacy/user-agent/user-agent.js';
import { buildSchema } from '../graphql/schema.js';
import { eventsRoute } from '../http/events-route.js';
import { graphqlRoute } from '../http/graphql-route.js';
import { healthRoutes } from '../http/health-routes.js';
import { createOriginReader } from '../http/origin.js';
import { createHttpServer, type HttpServer } from '../http/server.js';
import { createEngine } from '../http/yoga.js';
import { ingestMetrics } from '../observability/ingest-metrics.js';
import { createMetrics, type Metrics } from '../observability/metrics.js';
import { type OpenedStore, openStore } from '../store/open-store.js';
import { createAuth } from './auth.js';
import { openCatalogue } from './catalogue.js';
import { listenForJobs } from './embedded/control-socket.js';
import { embeddedCredentials } from './embedded/credentials.js';
import { createGatewayTrust } from './gateway-trust.js';
import { createLimiter } from './limiter.js';
import { migrateUntilDone } from './migrate-until-done.js';
import { loadOwnership } from './ownership.js';
import { packageRoot } from './package-root.js';
import { createSalt } from './salt.js';

/** What stands outside of the process, and what a test replaces. */
export interface AppDeps {
  readonly log: Log;
  readonly clock?: Clock;
  readonly fetch?: typeof fetch;
  /** Given: used and closed with the app; else opened by the configuration. */
  readonly store?: OpenedStore;
  /** Who may report on which session or entity; goes before SIGNALS_OWNERSHIP_MODULE. */
  readonly ownership?: OwnershipRule;
  /** Apply migrations before anything else; the embedded database is always migrated. */
  readonly migrate?: boolean;
}

export interface App {
  readonly server: HttpServer;
  readonly metrics: Metrics;
  readonly jobDeps: JobDeps;
  readonly store: OpenedStore;
  /** The write path, for callers in the same process. */
  readonly track: (call: TrackCall) => Promise<TrackAnswer>;
  /** Starts the jobs' schedule. */
  startJobs(): void;
  /** Drains: requests end, what was taken is committed, jobs stop, connections close. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * The only wiring. Opens everything the configuration asks for, in order, and closes it in reverse. Throws
 * `ConfigurationError` for settings that do not fit together; nothing stays open then.
 */
export async function createApp(config: Config, deps: AppDeps): Promise<App> {
  const { log } = deps;
  const clock = deps.clock ?? { now: () => new Date() };
  const closers: (() => Promise<void> | void)[] = [];
  const closeAll = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    return await wire();
  } catch (error) {
    await closeAll();
    throw error;
  }

  async function wire(): Promise<App> {
    const metrics = createMetrics();
    const embedded = config.production ? null : embeddedCredentials(config.dataDir);
    const auth = createAuth(config, { embedded, clock, log, metrics, fetch: deps.fetch ?? fetch });
    const ownership = await loadOwnership(config.ownershipModule, deps.ownership);
    const salt = createSalt(config, embedded, log);
    closers.push(salt.stop);
    metrics.gauge('signals_salt_generation', salt.generation);
    const gateway = createGatewayTrust(config, log);
    closers.push(gateway.stop);
    const catalogue = await openCatalogue(config.catalogue, log, metrics);
    closers.push(catalogue.stop);
    const limiter = createLimiter(config, log);
    closers.push(limiter.close);

    const store =
      deps.store ??
      (await openStore({
        ...(config.databaseUrl && { databaseUrl: config.databaseUrl.reveal().toString('utf8') }),
        dataDir: join(config.dataDir, 'pglite'),
        migrationsDir: join(packageRoot(), 'prisma', 'migrations'),
        poolMax: config.poolMax,
        maxPending: config.maxPendingEvents,
        log,
        clock,
        onAppend: ({ rows, seconds }) => {
          metrics.observe('signals_append_rows', rows);
          metrics.observe('signals_append_seconds', seconds);
        },
      }));
    closers.push(() => store.store.close());
    let schedule: Schedule | null = null;
    let migrated = false;
    const onMigrated = (): void => {
      migrated = true;
      schedule?.run(rewriteRows);
    };
    if (store.kind === 'pglite') await store.migrate().then(onMigrated);
    else if (deps.migrate) closers.push(await migrateUntilDone(store, log, onMigrated));
    metrics.gauge('signals_events_pending', () => store.store.pending());

    const dayOf = createDayOf(config.dayZone);
    const readUserAgent = createUserAgentReader({ cacheSize: 5_000 });
    const track = createTrackBatch({
      store: store.store,
      catalogue: catalogue.source,
      keys: salt.keys,
      clock,
      limiter: limiter.limiter,
      readVisitor: readUserAgent,
      ownership,
      metrics: ingestMetrics(metrics, log, () => clock.now()),
      policy: {
        maxAgeMs: config.maxAgeHours * 3_600_000,
        retentionDays: config.retentionDays,
        dayOf,
        isInternal: createInternalUsers(config.internalUsers),
      },
      identity: config.visitorIdentity,
    });

    const originOf = createOriginReader({
      source: config.clientIpSource,
      trustedHops: config.trustedHops,
      canonicalIp,
      addressFromForwardedFor,
      isGatewayUserAgent,
    });
    const schema = buildSchema();
    const shared = {
      authenticator: auth.authenticator,
      originOf,
      metrics,
      maxBodyBytes: limits.maxBodyBytes,
    };
    const server: HttpServer = createHttpServer({
      log,
      metrics,
      now: () => clock.now(),
      routes: [
        graphqlRoute({
          ...shared,
          engine: createEngine({ schema, introspection: config.introspection, log }),
          schema,
          trust: gateway.trust,
          services: {
            track,
            catalogue: catalogue.source,
            reader: store.store,
            maxBatch: config.maxBatch,
          },
        }),
        eventsRoute({ ...shared, track, maxBatch: config.maxBatch, corsOrigins: config.corsOrigins }),
        ...healthRoutes({
          metrics,
          checks: [
            () => (server.draining() ? { ready: false, reason: 'draining' } : { ready: true }),
            () => (salt.keys() ? { ready: true } : { ready: false, reason: 'salt_secret_unusable' }),
            () => store.store.readiness(),
          ],
        }),
      ],
    });

    const jobDeps: JobDeps = {
      store: store.store,
      clock,
      log,
      metrics,
      dayOf,
      retentionDays: config.retentionDays,
    };
    closers.push(() => schedule?.stop());
    closers.push(() => server.close());
    if (!deps.store && store.kind === 'pglite')
      closers.push((await listenForJobs(config.dataDir, jobDeps)) ?? (() => undefined));
    return {
      server,
      metrics,
      jobDeps,
      store,
      track,
      startJobs: () => {
        if (schedule) return;
        schedule = startSchedule(jobs, jobDeps);
        if (migrated) schedule.run(rewriteRows);
      },
      close: closeAll,
    };
  }
}
