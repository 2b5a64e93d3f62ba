import { attempt } from '../client/attempt.js';
import { batchJson } from '../client/batch.js';
import { createLedger, tellSafely } from '../client/ledger.js';
import { createOutbox, isQueued } from '../client/outbox.js';
import { post } from '../client/transport.js';
import { uuidV7 } from '../client/uuid-v7.js';
import { batchReader } from '../client/verdict.js';
import { bodyOf } from './body.js';
import { compose } from './compose.js';
import { gateState } from './gate.js';
import type { GateState } from './gate-state.js';
import type { StoredEvent, TrackedUser, TrackerOptions } from './options.js';
import { browserPlatform, type Listener, type Platform } from './platform.js';
import { memorySession } from './session.js';
import type { AnyTrack, RegisteredTrack } from './track.js';
import type { Tracker } from './tracker-api.js';

/**
 * A tracker for one page of a browser; on a server it counts and does nothing else.
 *
 * ```ts
 * const tracker = createTracker({
 *   endpoint: '/graphql',
 *   appName: 'journeys-admin',
 *   token: () => auth.token(),
 *   user: undefined,
 *   consent: 'granted',
 *   isInternal: (user) => user.isInternal,
 *   onError: (problem) => console.debug('signals', problem),
 * });
 * auth.onChange((user) => tracker.setUser(user));
 *
 * tracker.track('journey_create_clicked');
 * ```
 *
 * - Nothing reaches the network before the user is known and consent is granted.
 * - Events leave in batches (`flushAt`, `flushIntervalMs`, `idleMs`), at once when the page is hidden or left,
 *   with `fetch` and `keepalive`, never more than 60,000 bytes under way. One request at a time while the page
 *   is there.
 * - Every event has a UUIDv7 made by `track`, which tells the day and no more of the device's clock: one sent twice,
 *   because an answer was lost, is stored once.
 * - Network errors, 408, 425, 429, 5xx and events refused for the moment (`RATE_LIMITED`, `OVERLOADED`) are
 *   sent again after a wait with full jitter, no sooner than the far end asked for. A batch refused with 400,
 *   413 or 422 is halved until the event that brought it is found: it costs only itself. Other answers are final.
 *
 * Reasons in `stats().dropped`: the server's in capitals (`PII_KEY`, `UNAUTHENTICATED` …); ours in small
 * letters: `queue_full`, `unserialisable`, `too_large`, `before_send`, `network`, `timeout`,
 * `no_token`, `bad_answer`, `http_<status>`, `user_changed`, `shutdown` (left over when the tracker or the page
 * was closed), `expired` and `offline_full` (the offline store's limits), and the closed states of `stats().gate`,
 * which `onError` is not told of, but for `closed` where an event was on its way out when the gate closed.
 */
export function createTracker<User extends TrackedUser = TrackedUser, Track = RegisteredTrack>(
  options: TrackerOptions<User>,
): Tracker<User, Track>;
/**
 * The same in given surroundings: tests bring their own.
 * @internal
 */
export function createTracker<User extends TrackedUser = TrackedUser, Track = RegisteredTrack>(
  options: TrackerOptions<User>,
  platform: Platform,
): Tracker<User, Track>;
export function createTracker<User extends TrackedUser, Track>(
  options: TrackerOptions<User>,
  platform: Platform = browserPlatform(),
): Tracker<User, Track> {
  const { globals, now } = platform;
  /** Until `close`. */
  const life = new AbortController();
  const ledger = createLedger(options.onError);
  const deps = {
    ...platform,
    fetch: options.fetch ?? platform.fetch,
    timeoutMs: options.timeoutMs ?? 10_000,
    signal: life.signal,
    ledger,
  };
  const nextId = () => uuidV7(now(), platform.random);
  const session = (options.session ?? memorySession)(nextId, now);
  const state = () => gateState(options, globals, consent, user, internal);
  const outbox = createOutbox({
    ...options,
    ...deps,
    // 60,000 with the commas and the rest of the requests: below the 64 KiB that may be under way with `keepalive`
    // (Fetch standard, "HTTP-network-or-cache fetch"), with room for somebody else's beacon.
    maxFlyingBytes: 59_200,
    maySend: () => refresh() === 'open' && !keeper?.mustWait() && globals.navigator?.onLine !== false,
    onDone: (events) => keeper?.done(events),
    post: (batch, exit, again) =>
      post(
        deps,
        options.endpoint,
        (exit && lastToken) || options.token,
        bodyOf(options, batchJson(batch, now())),
        batchReader(batch.length),
        (token) => {
          // After the token was waited for: may anything leave, and these, or were they discarded meanwhile?
          const may = state() === 'open' && !!batch[0]?.chances;
          if (may) lastToken = token;
          return may;
        },
        {
          headers: options.headers,
          // Where the budget is not ours alone, `fetch` refuses: a second try goes without.
          keepalive: exit || !again,
          priority: 'low',
        },
      ),
  });
  const keeper = options.offline?.({ ...deps, outbox });
  let { consent } = options;
  let user: User | null | undefined;
  let internal = false;
  /** Of the last user that was known; null: nobody. */
  let lastId: string | null | undefined;
  /** For exits: there is no time to ask for one. */
  let lastToken: string | undefined;
  let closing: Promise<void> | undefined;
  let hidden = globals.document?.hidden;
  /** Left for good. */
  let gone = false;

  const holds = (now: GateState) =>
    now === 'consent_pending' || (now === 'user_loading' && options.whileUserLoading !== 'drop');

  /** Looks at the gate, and does what follows from its having opened or closed. */
  function refresh(): GateState {
    const now = state();
    if (now === 'open') closing || keeper?.open(lastId);
    else if (!holds(now)) outbox.discard(now, true);
    if (now === 'consent_denied') {
      forget();
      keeper?.erase();
    }
    return now;
  }

  /** Nothing of the user or the consent that is over is kept. */
  function forget(): void {
    lastToken = undefined;
    session.forget();
  }

  /** What is not sent any more is left to the offline store, where it is there already, and else dropped. */
  function leaveBehind(events: readonly StoredEvent[]): void {
    ledger.report('shutdown', keeper?.leaveBehind(events) ?? events.length);
  }

  function drain(force: boolean): void {
    outbox.drain(force);
    if (gone) leaveBehind(outbox.remove(isQueued));
  }

  function setUser(next: User | null | undefined): void {
    const id = next === undefined ? lastId : next && String(next.id);
    // Somebody after nobody is another one, too: a session may be left of whoever used the tab before.
    const other = lastId !== undefined && id !== lastId;
    // While the last user is still the one: with the last user's token.
    if (other) outbox.drain(true);
    user = next;
    lastId = id;
    // A predicate that throws says yes.
    internal = !attempt(() => !next || !options.isInternal?.(next));
    if (other) {
      outbox.discard('user_changed', false);
      forget();
      keeper?.forget();
    }
    refresh();
    outbox.wake();
  }

  const flush: Tracker['flush'] = (flushOptions) => outbox.flush(flushOptions?.timeoutMs ?? deps.timeoutMs);

  function leave() {
    if (refresh() === 'open') session.leave?.();
    keeper?.release();
  }

  const listener: Listener = ({ type, persisted }) => {
    const left = type === 'pagehide';
    hidden = left || globals.document?.hidden;
    if (left) gone = !persisted;
    // Of a `pageshow`: back from the back/forward cache.
    else if (persisted) {
      gone = false;
      session.enter?.();
      keeper?.back();
      refresh();
    }
    if (hidden) drain(true);
    else outbox.wake();
    if (left) leave();
  };

  const track: AnyTrack = (eventType, details) => {
    ledger.counts.tracked += 1;
    try {
      const gate = closing ? 'closed' : refresh();
      if (gate !== 'open' && !holds(gate)) return ledger.report(gate, 1, true);
      const serialised = compose(
        options,
        eventType,
        details ?? {},
        nextId(),
        now(),
        options.host ?? globals.location?.host,
        session.next(),
      );
      if (typeof serialised === 'string') return ledger.report(serialised);
      // First: where the queue is full, this may be the one that gives way.
      keeper?.queued(serialised, gate);
      outbox.push(serialised);
      outbox.wake();
      // Tracked by a handler that came after ours: it leaves all the same.
      if (hidden) queueMicrotask(() => drain(false));
    } catch {
      // A getter or proxy of the caller's threw, before anything was queued.
      ledger.report('unserialisable');
    }
  };

  async function shutDown(closeOptions: Parameters<Tracker['close']>[0]): Promise<void> {
    await flush(closeOptions);
    life.abort();
    leave();
    leaveBehind(outbox.stop());
  }

  // At the window, the only place where `pagehide` is heard; never to `unload`, which would keep the page out of the
  // back/forward cache. Of `life` its `signal` is what counts.
  for (const type of ['visibilitychange', 'pagehide', 'pageshow'])
    globals.window?.addEventListener(type, listener, life);
  setUser(options.user);

  return {
    track: track as Track,
    setUser,
    setConsent(next) {
      consent = next;
      refresh();
      outbox.wake();
      tellSafely(options.onConsentChange, next);
    },
    flush,
    close: (closeOptions) => (closing ??= shutDown(closeOptions)),
    stats: () => ({
      ...ledger.counts,
      ...outbox.sizes(),
      dropped: { ...ledger.counts.dropped },
      gate: closing ? 'closed' : state(),
    }),
  };
}
