import { type Authenticator, isEmptySet, type KeySource } from '../auth/index.js';
import type { Config } from '../config/index.js';
import type { CatalogueSource } from '../domain/catalogue.js';
import type { Clock, EventReader, Life, Log } from '../domain/ports/index.js';
import { addressFromForwardedFor, canonicalIp } from '../domain/privacy/identity/ip-address.js';
import { isGatewayUserAgent } from '../domain/privacy/user-agent/user-agent.js';
import type { Statistics } from '../domain/reading/ask.js';
import { buildSchema } from '../graphql/schema.js';
import { eventsRoute } from '../http/events-route.js';
import { graphqlRoute } from '../http/graphql-route.js';
import { healthRoutes } from '../http/health-routes.js';
import type { GatewayTrust } from '../http/identify.js';
import { createOriginReader } from '../http/origin.js';
import { createHttpServer, type HttpServer } from '../http/server.js';
import { createEngine } from '../http/yoga.js';
import type { Metrics } from '../observability/metrics.js';
import type { Track } from './ingest.js';
import type { Salt } from './keys/salt.js';
import { type Check, watchReadiness } from './readiness.js';

export interface ServerDeps {
  readonly authenticator: Authenticator;
  readonly keys: KeySource | null;
  readonly trust: GatewayTrust | null;
  readonly salt: Salt;
  readonly catalogue: CatalogueSource;
  readonly reader: EventReader;
  readonly statistics: Statistics;
  readonly life: Pick<Life, 'readiness'>;
  readonly track: Track;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

export interface SignalsServer extends HttpServer {
  /** From now on the log says whenever the readiness changes, whether anybody probes or not. */
  watchReadiness(): void;
}

/** Everything that is served, as a list of routes. It listens when it is told to. */
export function createServer(config: Config, deps: ServerDeps): SignalsServer {
  const { authenticator, trust, catalogue, reader, statistics, track, clock, log, metrics } = deps;
  const { maxBatch, corsOrigins, introspection } = config;
  const schema = buildSchema();
  const shared = {
    authenticator,
    originOf: originReader(config),
    metrics,
  };
  const readiness = watchReadiness(
    readinessChecks(deps, () => server.draining()),
    log,
  );
  const server: HttpServer = createHttpServer({
    log,
    metrics,
    now: () => clock.now(),
    routes: [
      graphqlRoute({
        ...shared,
        engine: createEngine({ schema, introspection, log }),
        schema,
        trust,
        identityInBody: config.auth.some((mode) => mode !== 'bearer'),
        services: { track, catalogue, reader, statistics, maxBatch },
      }),
      eventsRoute({ ...shared, track, maxBatch, corsOrigins }),
      ...healthRoutes({ metrics, readiness: readiness.ask }),
    ],
  });
  return {
    ...server,
    watchReadiness: readiness.start,
    close: async () => {
      await readiness.close();
      await server.close();
    },
  };
}

function originReader({ clientIpSource, trustedHops }: Config) {
  return createOriginReader({
    source: clientIpSource,
    trustedHops,
    canonicalIp,
    addressFromForwardedFor,
    isGatewayUserAgent,
  });
}

const saltSentence = 'SIGNALS_SALT_SECRET or its file cannot be used: it is missing, empty or too short.';
const notReady = (reason: string, sentence: string) => ({ ready: false, reason, sentence });

/** What has to hold before anything is sent here, and what is worth a word all the same. */
function readinessChecks({ salt, life, keys }: ServerDeps, draining: () => boolean): readonly Check[] {
  return [
    () => (draining() ? notReady('draining', 'The service is stopping.') : { ready: true }),
    () => (salt.keys() ? { ready: true } : notReady('salt_secret_unusable', saltSentence)),
    () => life.readiness(),
    // It is the issuer's will that no token is accepted, so the service is ready to say so.
    () => ({ ready: true, notices: keys && isEmptySet(keys.status()) ? ['key_set_empty'] : [] }),
  ];
}
