import type { Clock } from '../domain/ports/index.js';
import { fetchKeySet, type KeyFetch } from './fetch-key-set.js';
import { createKeyCache, type KeyLoad } from './key-cache.js';
import { keySetFrom, maxKeySetBytes, parseKeySet } from './key-set.js';
import type { KeyEvent, KeySource } from './key-source.js';

const minute = 60_000;
/** Longer than any ordinary outage of an identity provider, shorter than a weekend after a key was withdrawn. */
const defaultGraceMs = 24 * 60 * minute;
const maxTimeoutMs = 3_000;

export interface UrlKeysOptions {
  /** https, or http on loopback; see `jwksUrlProblem`. */
  readonly url: string;
  readonly fetch: KeyFetch;
  readonly clock: Clock;
  /** Age at which keys are fetched again, in ms; 10 minutes unless given. */
  readonly cacheMaxAgeMs?: number;
  /** Least time between two fetches, in ms; 30 s unless given. */
  readonly cooldownMs?: number;
  /** The same while there are no keys at all, in ms; 5 s unless given, never above the cool-down. */
  readonly coldRetryMs?: number;
  /** Bound of one fetch, body included, in ms; 3 s, and never more. */
  readonly timeoutMs?: number;
  /** How long keys serve past their age while the endpoint is away, in ms; 24 h unless given. */
  readonly graceMs?: number;
  readonly onEvent?: (event: KeyEvent) => void;
}

/**
 * Keys from the issuer's JWKS endpoint. However many tokens with invented key ids arrive, it is asked once per
 * cool-down; it alone is asked, whatever `jku` or `x5u` a token names; redirects are not followed.
 * Throws only when the URL was not checked with `jwksUrlProblem` first.
 */
export function createJwksFromUrl(options: UrlKeysOptions): KeySource {
  const problem = jwksUrlProblem(options.url);
  if (problem) throw new TypeError(`the address of the key set ${problem}`);
  const timeoutMs = Math.min(options.timeoutMs ?? maxTimeoutMs, maxTimeoutMs);
  return createKeyCache({
    load: () => fetchKeySet({ url: options.url, fetch: options.fetch, timeoutMs }),
    clock: options.clock,
    maxAgeMs: options.cacheMaxAgeMs ?? 10 * minute,
    cooldownMs: options.cooldownMs ?? minute / 2,
    coldRetryMs: options.coldRetryMs ?? 5_000,
    graceMs: options.graceMs ?? defaultGraceMs,
    onEvent: options.onEvent,
  });
}

export interface FileKeysOptions {
  readonly path: string;
  readonly readFile: (path: string) => Promise<string>;
  readonly stat: (path: string) => Promise<{ readonly mtimeMs: number; readonly size: number }>;
  readonly clock: Clock;
  /** How often the file is looked at, in ms, at most; 1 s unless given. */
  readonly checkEveryMs?: number;
  /** How long the last good keys serve while the file is missing or broken, in ms; 24 h unless given. */
  readonly graceMs?: number;
  readonly onEvent?: (event: KeyEvent) => void;
}

/** Keys from a file, read again when its time or size changes. A half-written file leaves the old keys in force. */
export function createJwksFromFile(options: FileKeysOptions): KeySource {
  const everyMs = options.checkEveryMs ?? 1_000;
  return createKeyCache({
    load: fileLoader(options),
    clock: options.clock,
    maxAgeMs: everyMs,
    cooldownMs: everyMs,
    coldRetryMs: everyMs,
    graceMs: options.graceMs ?? defaultGraceMs,
    onEvent: options.onEvent,
  });
}

function fileLoader({ path, readFile, stat }: FileKeysOptions): () => Promise<KeyLoad> {
  let seen = '';
  return async () => {
    try {
      // Asked before reading: a change in between is then seen the next time.
      const { mtimeMs, size } = await stat(path);
      const mark = `${mtimeMs}:${size}`;
      if (mark === seen) return { ok: true, value: 'unchanged' };
      if (size > maxKeySetBytes) return { ok: false, error: 'too_large' };
      const parsed = parseKeySet(await readFile(path));
      if (parsed.ok) seen = mark;
      return parsed;
    } catch {
      return { ok: false, error: 'file_unreadable' };
    }
  };
}

/** Keys that never change, from a JWK set; the status says so when there are none. */
export function createJwksFromKeys(jwks: unknown): KeySource {
  const parsed = keySetFrom(jwks);
  const keys = parsed.ok ? parsed.value.keys : null;
  const status = parsed.ok
    ? { keys: parsed.value.count, ageMs: 0, stale: false, lastError: null }
    : { keys: 0, ageMs: null, stale: false, lastError: parsed.error };
  return { current: async () => keys, refreshed: async () => keys, status: () => status };
}

/** Why a text cannot be the address of a key set, or null. It never quotes the address. */
export function jwksUrlProblem(text: string): string | null {
  if (!URL.canParse(text)) return 'is not a URL';
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return 'must not carry credentials';
  if (url.protocol === 'https:') return null;
  if (url.protocol !== 'http:') return 'must be https';
  return isLoopback(url.hostname) ? null : 'must be https unless it is on loopback';
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
