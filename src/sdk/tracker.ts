import { createCarrier } from './carrier.js';
import { compose } from './compose.js';
import { attempt } from './core/attempt.js';
import { createLedger, tellSafely } from './core/ledger.js';
import { createOutbox, isQueued } from './core/outbox.js';
import type { Timer } from './core/timers.js';
import { uuidV7 } from './core/uuid-v7.js';
import { type GateState, gateState, hasPrivacySignal, readConsent } from './gate.js';
import type { StoredEvent, TrackedUser, TrackerOptions } from './options.js';
import { watchPage } from './page.js';
import { browserPlatform, type Listener, type Platform } from './platform.js';
import { memorySession, type Session } from './session.js';
import type { AnyTrack, RegisteredTrack, TrackDetails } from './track.js';
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
 *   onError: ({ reason, count, willRetry }) => console.debug('signals', reason, count, willRetry),
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
 * - Every event has a UUIDv7 made by `track`: one sent twice, because an answer was lost, is stored once.
 * - Network errors, 408, 425, 429, 5xx and events refused for the moment (`RATE_LIMITED`, `OVERLOADED`) are
 *   sent again after a wait with full jitter, no sooner than the far end asked for. A batch refused with 400,
 *   413 or 422 is halved until the event that brought it is found: it costs only itself. Other answers are final.
 *
 * Reasons in `stats().dropped`: the server's in capitals (`PII_KEY`, `UNAUTHENTICATED` …); ours in small
 * letters: `queue_full`, `unserialisable`, `too_large`, `before_send`, `network`, `timeout`,
 * `token_unavailable`, `bad_answer`, `http_<status>`, `user_changed`, `page_closed` (left over when the page was
 * closed), `expired` and `offline_full` (the offline store's limits), `shutdown`, and the closed states of
 * `stats().gate`, which `onError` is not told of.
 */
export function createTracker<User extends TrackedUser = TrackedUser, Track = RegisteredTrack>(
  options: TrackerOptions<User>,
): Tracker<User, Track> {
  return createTrackerOn(browserPlatform(), options);
}

/** The same in given surroundings: tests bring their own. */
export function createTrackerOn<User extends TrackedUser, Track>(
  platform: Platform,
  options: TrackerOptions<User>,
): Tracker<User, Track> {
  const { globals, timers, ticks, now } = platform;
  const { timeoutMs = 10_000, idleMs = 2_000 } = options;
  const anonymous = options.privacySignals === 'anonymous';
  const constants = {
    appName: options.appName,
    appVersion: options.appVersion,
    source: options.source ?? 'web',
    host: options.host ?? globals.location?.host,
  };
  /** Until `close`. */
  const life = new AbortController();
  const ledger = createLedger(options.onError);
  const nextId = () => uuidV7(now());
  const session: Session = (options.session ?? memorySession)(nextId, now);
  const carrier = createCarrier(
    options,
    platform,
    timeoutMs,
    (text) => session.correct?.(text) ?? text,
    () => state() === 'open',
    life.signal,
  );
  const outbox = createOutbox({
    ...platform,
    ...carrier,
    flushAt: options.flushAt ?? 10,
    flushIntervalMs: options.flushIntervalMs ?? 10_000,
    maxAttempts: options.maxAttempts ?? 10,
    maxBatch: options.maxBatch ?? 50,
    maxQueue: options.maxQueue ?? 1_000,
    overflow: options.overflow ?? 'drop-oldest',
    ledger,
    maySend: () => refresh() === 'open' && keeper?.maySend() !== false && globals.navigator?.onLine !== false,
    onDone: (events) => keeper?.done(events),
  });
  const keeper = options.offline?.({ outbox, ledger, ticks, timeoutMs });
  let { consent } = options;
  let user: User | null | undefined;
  let internal = false;
  /** Of the last user that was known; null: nobody. */
  let lastId: string | null | undefined;
  let idle: Timer | undefined;
  /** Of the last event, in ticks. */
  let lastAt = 0;
  let closing: Promise<void> | undefined;
  let wasDenied = false;
  let hidden = globals.document?.visibilityState === 'hidden';
  /** Left for good. */
  let gone = false;

  const state = () => gateState(options, globals, readConsent(consent), user, internal);
  const holds = (now: GateState) =>
    now === 'consent_pending' || (now === 'user_loading' && options.whileUserLoading !== 'drop');

  /** Looks at the gate, and does what follows from its having opened or closed. */
  function refresh(): GateState {
    const given = readConsent(consent);
    const now = gateState(options, globals, given, user, internal);
    if (now === 'open' && !closing) keeper?.open(String(lastId));
    else if (now !== 'open' && !holds(now)) outbox.discard(now, true);
    if (given === 'denied' && !wasDenied) {
      forget();
      keeper?.erase();
    }
    wasDenied = given === 'denied';
    return now;
  }

  /** Nothing of the user or the consent that is over is kept. */
  function forget(): void {
    carrier.forgetToken();
    session.forget();
  }

  /** What is not sent any more is left to the offline store, where it is there already, and else dropped. */
  function leaveBehind(reason: string, events: readonly StoredEvent[]): void {
    ledger.dropped(reason, keeper ? keeper.leaveBehind(events) : events.length);
  }

  function drain(force: boolean): void {
    outbox.drain(force);
    if (gone)
      leaveBehind(
        'page_closed',
        outbox.remove(() => true),
      );
  }

  function enqueue(eventType: string, details: TrackDetails): void {
    const id = nextId();
    const event = compose(
      eventType,
      details,
      { ...constants, clientEventId: id, ...(anonymous && hasPrivacySignal(globals) ? {} : session.next()) },
      now(),
      options.beforeSend,
    );
    if (typeof event === 'string') {
      ledger.dropped(event);
      return;
    }
    outbox.push(id, event.json, event.bytes);
    keeper?.queued({ id, json: event.json });
    outbox.wake();
    lastAt = ticks();
    // Tracked by a handler that came after ours: it leaves all the same.
    if (hidden) queueMicrotask(() => drain(false));
    else idle ??= timers.start(onIdle, idleMs);
  }

  /** One timer that is set anew when it rings is a tenth of the cost of one that every event sets anew. */
  function onIdle(): void {
    const leftMs = lastAt + idleMs - ticks();
    idle = leftMs > 0 ? timers.start(onIdle, leftMs) : undefined;
    if (idle) return;
    const { requestIdleCallback = (run: () => void) => run() } = globals;
    requestIdleCallback(outbox.hurry, { timeout: 1_000 });
  }

  function setUser(next: User | null | undefined): void {
    const id = next && String(next.id);
    const other = lastId != null && next !== undefined && id !== lastId;
    // While the last user is still the one: with the last user's token.
    if (other) outbox.drain(true);
    user = next;
    if (next !== undefined) {
      lastId = id;
      internal = next !== null && attempt(() => options.isInternal?.(next) ?? false, true);
    }
    if (other) {
      outbox.discard('user_changed', false);
      forget();
      keeper?.forget();
    }
    refresh();
    outbox.wake();
  }

  async function shutDown(ms: number | undefined): Promise<void> {
    await outbox.flush(ms ?? timeoutMs);
    life.abort();
    idle?.cancel();
    session.leave?.(refresh() === 'open');
    leaveBehind('shutdown', outbox.stop());
    keeper?.release();
  }

  const listener: Listener = ({ type, persisted = false }) => {
    if (type === 'online') outbox.resume(resumeSpreadMs);
    else if (type === 'pagehide') {
      hidden = true;
      gone = !persisted;
      drain(true);
      session.leave?.(refresh() === 'open');
      keeper?.release();
    } else if (type === 'pageshow') {
      if (!persisted) return;
      hidden = gone = false;
      session.enter?.();
      keeper?.back();
      refresh();
      outbox.wake();
    } else {
      hidden = globals.document?.visibilityState === 'hidden';
      if (hidden) drain(true);
      else outbox.wake();
    }
  };

  const track: AnyTrack = (eventType, details) => {
    ledger.counts.tracked += 1;
    try {
      const now = closing ? 'closed' : refresh();
      if (now === 'open' || holds(now)) enqueue(eventType, details ?? {});
      else ledger.dropped(now, 1, true);
    } catch {
      // A getter or proxy of the caller's threw, before anything was queued.
      ledger.dropped('unserialisable');
    }
  };

  watchPage(globals, listener, life.signal);
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
    flush: (flushOptions) => outbox.flush(flushOptions?.timeoutMs ?? timeoutMs),
    close: (closeOptions) => (closing ??= shutDown(closeOptions?.timeoutMs)),
    stats() {
      const queued = outbox.events().filter(isQueued).length;
      return {
        ...ledger.counts,
        dropped: { ...ledger.counts.dropped },
        restored: keeper?.restored() ?? 0,
        handedOver: keeper?.handedOver() ?? 0,
        queued,
        inFlight: outbox.events().length - queued,
        gate: closing ? 'closed' : state(),
      };
    },
  };
}

/** Pages that went offline together do not come back together. */
const resumeSpreadMs = 3_000;
