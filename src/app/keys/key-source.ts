import { readFile, stat } from 'node:fs/promises';
import {
  createJwksFromFile,
  createJwksFromKeys,
  createJwksFromUrl,
  isEmptySet,
  type KeyEvent,
  type KeySource,
} from '../../auth/index.js';
import type { Config } from '../../config/index.js';
import type { Clock, Log } from '../../domain/ports/index.js';
import type { Metrics } from '../../observability/metrics.js';
import type { DevelopmentCredentials } from '../embedded/credentials.js';

export interface KeySourceDeps {
  readonly development: Pick<DevelopmentCredentials, 'key'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly fetch: typeof fetch;
}

/**
 * The keys that verify tokens: from a URL, from a file, or the embedded development key. Null where there are none:
 * then no raw token is ever verified.
 */
export function createKeySource(config: Config, deps: KeySourceDeps): KeySource | null {
  const source = chooseSource(config, deps);
  if (source) {
    // Keys are fetched before the first caller needs them; that they cannot be had yet is no reason not to start.
    void source.current();
    measure(source, deps.metrics);
  }
  return source;
}

function chooseSource(
  { jwksUrl, jwksFile }: Config,
  { development, clock, log, fetch }: KeySourceDeps,
): KeySource | null {
  const onEvent = (event: KeyEvent): void => {
    if (event.kind === 'failed')
      log.warn({ error: event.error, usable: event.usable }, 'keys that verify tokens cannot be loaded');
    else if (event.keys === 0) log.warn({}, 'the key set holds no usable key: every token is refused');
    else log.info({ keys: event.keys }, 'keys that verify tokens were loaded');
  };
  if (jwksUrl) return createJwksFromUrl({ url: jwksUrl, fetch, clock, onEvent });
  if (jwksFile) {
    const read = (path: string): Promise<string> => readFile(path, 'utf8');
    return createJwksFromFile({ path: jwksFile, readFile: read, stat, clock, onEvent });
  }
  return development.key && createJwksFromKeys(development.key.publicJwks);
}

function measure(source: KeySource, metrics: Metrics): void {
  metrics.gauge('signals_jwks_keys', () => source.status().keys);
  metrics.gauge('signals_jwks_age_seconds', () => (source.status().ageMs ?? 0) / 1000);
  metrics.gauge('signals_jwks_empty', () => (isEmptySet(source.status()) ? 1 : 0));
  metrics.gauge('signals_jwks_stale', () => (source.status().stale ? 1 : 0));
}
