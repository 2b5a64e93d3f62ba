import { readFile, stat } from 'node:fs/promises';
import {
  type Authenticator,
  algorithmProblem,
  asymmetricAlgorithms,
  authenticatorProblems,
  createAuthenticator,
  createJwksFromFile,
  createJwksFromKeys,
  createJwksFromUrl,
  createTokenVerifier,
  jwksUrlProblem,
  type KeyEvent,
  type KeySource,
} from '../auth/index.js';
import { type Config, ConfigurationError } from '../config/index.js';
import type { Clock, Log } from '../domain/ports/index.js';
import type { Metrics } from '../observability/metrics.js';
import type { EmbeddedCredentials } from './embedded/credentials.js';

export interface Auth {
  readonly authenticator: Authenticator;
  /** Null where no raw token is ever verified. */
  readonly keys: KeySource | null;
}

interface AuthDeps {
  readonly embedded: EmbeddedCredentials | null;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly fetch: typeof fetch;
}

/** Problems of the settings that only the parts themselves can judge. */
export function authProblems(config: Config): readonly string[] {
  const problems: string[] = [];
  const url = config.jwksUrl && jwksUrlProblem(config.jwksUrl);
  if (url) problems.push(`SIGNALS_JWKS_URL ${url}`);
  const algorithms = config.jwtAlgorithms && algorithmProblem(config.jwtAlgorithms);
  if (algorithms) problems.push(`SIGNALS_JWT_ALGORITHMS ${algorithms}`);
  return problems;
}

/** Token verification and roles, from the three sources of keys: URL, file, or the embedded development key. */
export function createAuth(config: Config, deps: AuthDeps): Auth {
  const keys = keySource(config, deps);
  const claimRules = { issuer: config.jwtIssuer, audience: config.jwtAudience };
  const options = {
    modes: config.auth,
    ...claimRules,
    verifier:
      keys &&
      createTokenVerifier({
        keys,
        ...claimRules,
        algorithms: config.jwtAlgorithms ?? asymmetricAlgorithms,
        clock: deps.clock,
      }),
    prefixes: config.jwtPrefixes,
    roleRules: {
      claim: config.adminClaim,
      admin: config.adminValue,
      service: config.serviceValue,
      backfill: config.backfillValue,
    },
    clock: deps.clock,
    gateway:
      config.gatewayHmacSecrets.length > 0
        ? {
            secrets: config.gatewayHmacSecrets.map((secret) => secret.reveal()),
            scope: config.gatewayHmacScope,
          }
        : null,
  };
  const problems = authenticatorProblems(options);
  if (problems.length > 0) throw new ConfigurationError(problems);
  return { authenticator: createAuthenticator(options), keys };
}

function keySource(config: Config, { embedded, clock, log, metrics, fetch }: AuthDeps): KeySource | null {
  const onEvent = (event: KeyEvent): void => {
    if (event.kind === 'loaded') log.info({ keys: event.keys }, 'keys that verify tokens were loaded');
    else log.warn({ error: event.error, usable: event.usable }, 'keys that verify tokens cannot be loaded');
  };
  const source = config.jwksUrl
    ? createJwksFromUrl({ url: config.jwksUrl, fetch, clock, onEvent })
    : config.jwksFile
      ? createJwksFromFile({
          path: config.jwksFile,
          readFile: (path) => readFile(path, 'utf8'),
          stat,
          clock,
          onEvent,
        })
      : embedded && createJwksFromKeys(embedded.publicJwks);
  if (source) {
    // Keys are fetched before the first caller needs them; that they cannot be had yet is no reason not to start.
    void source.current();
    metrics.gauge('signals_jwks_keys', () => source.status().keys);
    metrics.gauge('signals_jwks_age_seconds', () => (source.status().ageMs ?? 0) / 1000);
    metrics.gauge('signals_jwks_stale', () => (source.status().stale ? 1 : 0));
  }
  return source;
}
