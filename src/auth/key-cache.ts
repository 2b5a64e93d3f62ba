import type { Result } from '../contract/index.js';
import type { Clock } from '../domain/ports/index.js';
import type { LoadedKeys } from './key-set.js';
import type { KeyError, KeyEvent, KeySet, KeySource, KeyStatus } from './key-source.js';

/** What an attempt to load keys gave. */
export type KeyLoad = Result<LoadedKeys | 'unchanged', KeyError>;

export interface KeyCacheOptions {
  /** One attempt to load; bounded in time. */
  readonly load: () => Promise<KeyLoad>;
  readonly clock: Clock;
  /** Age at which keys are confirmed again, in ms. */
  readonly maxAgeMs: number;
  /** Least time between two attempts, in ms, whatever tokens ask for. */
  readonly cooldownMs: number;
  /** Shorter pause between attempts while there is no usable key, in ms; never longer than the cool-down. */
  readonly coldRetryMs: number;
  /** How long keys that are past their age still serve while they cannot be confirmed, in ms. */
  readonly graceMs: number;
  readonly onEvent?: ((event: KeyEvent) => void) | undefined;
}

interface State {
  keys: KeySet | null;
  count: number;
  confirmedAt: number;
  attemptedAt: number;
  lastError: KeyError | null;
  pending: Promise<void> | null;
}

/**
 * Holds keys and decides when to load them: one attempt per cool-down however many tokens ask, one attempt
 * shared by concurrent requests, old keys while the source is away (jose has no stale-if-error) up to the
 * grace, and none after it. A set without any usable key is an answer of the source and no outage: it replaces the old
 * keys at once.
 */
export function createKeyCache(options: KeyCacheOptions): KeySource {
  const { clock, maxAgeMs, graceMs } = options;
  const state: State = {
    keys: null,
    count: 0,
    confirmedAt: Number.NEGATIVE_INFINITY,
    attemptedAt: Number.NEGATIVE_INFINITY,
    lastError: null,
    pending: null,
  };
  // A clock that jumped either way makes things old: keys are confirmed too early rather than never.
  const since = (at: number): number => Math.abs(clock.now().getTime() - at);
  const usable = (): KeySet | null => (since(state.confirmedAt) <= maxAgeMs + graceMs ? state.keys : null);
  const mayAttempt = (): boolean => {
    const cold = usable() === null || state.count === 0;
    const pause = cold ? Math.min(options.cooldownMs, options.coldRetryMs) : options.cooldownMs;
    return since(state.attemptedAt) >= pause;
  };

  async function attempt(): Promise<void> {
    state.attemptedAt = clock.now().getTime();
    const loaded = await options.load();
    if (!loaded.ok) {
      state.lastError = loaded.error;
      options.onEvent?.({ kind: 'failed', error: loaded.error, usable: usable() !== null });
      return;
    }
    const news = state.lastError !== null || loaded.value !== 'unchanged';
    if (loaded.value !== 'unchanged') Object.assign(state, loaded.value);
    state.lastError = null;
    state.confirmedAt = clock.now().getTime();
    if (news) options.onEvent?.({ kind: 'loaded', keys: state.count });
  }

  function attemptIfAllowed(): Promise<void> | null {
    if (state.pending === null && mayAttempt()) {
      state.pending = attempt().finally(() => {
        state.pending = null;
      });
    }
    return state.pending;
  }

  return {
    async current() {
      if (state.keys !== null && since(state.confirmedAt) < maxAgeMs) return state.keys;
      const pending = attemptIfAllowed();
      // The source is known to be away and there are keys: nobody waits for the next failure.
      const serveOld = state.lastError !== null && usable() !== null;
      if (!serveOld) await pending;
      return usable();
    },
    async refreshed() {
      await attemptIfAllowed();
      return usable();
    },
    status(): KeyStatus {
      const { count, lastError } = state;
      if (usable() === null) return { keys: 0, ageMs: null, stale: false, lastError };
      const ageMs = since(state.confirmedAt);
      return { keys: count, ageMs, stale: ageMs >= maxAgeMs && lastError !== null, lastError };
    },
  };
}
