import { createCarrier } from './carrier.js';
import { createComposer } from './compose.js';
import { createLedger, type TrackerStats as LedgerStats, tellSafely } from './core/ledger.js';
import { createBatchQueue } from './core/queue.js';
import type { QueuedEvent } from './core/queued-event.js';
import { createSender } from './core/sender.js';
import { createUuidV7 } from './core/uuid-v7.js';
import { createWaiters, settledWithin } from './core/waiters.js';
import { createGate, type GateState } from './gate.js';
import type { Consent, StoredEvent, TrackedUser, TrackerOptions } from './options.js';
import { watchPage } from './page.js';
import { browserPlatform, type Platform } from './platform.js';
import { createSession } from './session.js';
import type { AnyTrack, RegisteredTrack, TrackDetails } from './track.js';

/** Counts of events since the tracker was made. */
export interface TrackerStats extends LedgerStats {
  /** Left in the offline store by an earlier page and taken over by this one. */
  readonly restored: number;
  /** Left in the offline store for another page. */
  readonly handedOver: number;
  /** What would become of an event that is tracked now. */
  readonly gate: GateState;
}

export interface Tracker<User extends TrackedUser = TrackedUser, Track = RegisteredTrack> {
  /**
   * Queues one event and returns at once. Never throws, never waits, does no I/O on the caller's stack,
   * whatever it is given; what cannot be sent is counted in `stats().dropped`. Needs no `this`.
   */
  readonly track: Track;
  /**
   * Who is signed in; see `TrackerOptions.user`. When it is somebody else, what the last user did is sent with
   * the last user's token, and what cannot be sent at once is dropped as `user_changed`: an event never goes
   * out in another user's name.
   */
  setUser(user: User | null | undefined): void;
  /** `denied` empties the queue, forgets the session and erases the offline store. */
  setConsent(consent: Consent): void;
  /**
   * Sends what is queued now and resolves when the last of it has a final answer, was given up, or `timeoutMs`
   * (default: that of the tracker) have passed. Never rejects.
   */
  flush(options?: { readonly timeoutMs?: number }): Promise<void>;
  /**
   * Takes no more events (`closed`), flushes, lets go of the page, and drops what is left (`shutdown`; what the
   * offline store holds is left to it). Never rejects; a second call is the first one.
   */
  close(options?: { readonly timeoutMs?: number }): Promise<void>;
  /**
   * Counts that add up at any time:
   * tracked + restored = accepted + duplicates + dropped + handedOver + queued + inFlight.
   */
  stats(): TrackerStats;
}

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

/** The same on a given browser: tests bring their own. */
export function createTrackerOn<User extends TrackedUser, Track>(
  platform: Platform,
  options: TrackerOptions<User>,
): Tracker<User, Track> {
  const { timers } = platform;
  const { offline } = options;
  const timeoutMs = options.timeoutMs ?? 10_000;
  const idleMs = options.idleMs ?? 2_000;
  const gate = createGate(options, platform);
  const ledger = createLedger(options.onError);
  const queue = createBatchQueue<QueuedEvent>({
    maxQueue: options.maxQueue ?? 1_000,
    overflow: options.overflow ?? 'drop-oldest',
  });
  const nextId = createUuidV7(platform.now);
  const session = createSession(platform, options.session === 'sessionStorage', nextId);
  const carrier = createCarrier(options, platform, timeoutMs, session.corrected);
  const waiters = createWaiters();
  const compose = createComposer(options, platform, session, nextId);
  const sender = createSender({
    queue,
    ledger,
    timers,
    post: carrier.carry,
    random: platform.random,
    room: carrier.room,
    maySend: () => refresh() === 'open' && platform.navigator.onLine !== false,
    flushAt: options.flushAt ?? 10,
    flushIntervalMs: options.flushIntervalMs ?? 10_000,
    maxAttempts: options.maxAttempts ?? 10,
    maxBatch: options.maxBatch ?? 50,
    onLanded(batch, again) {
      const open = new Set(again.map((event) => event.id));
      unkeep(batch.filter((event) => !open.has(event.id)));
      settle();
      if (page.isGone()) leaveBehind('page_closed', queue.remove(all));
    },
  });
  let serial = 0;
  let restored = 0;
  let handedOver = 0;
  let lastTrackMs = 0;
  let idling = false;
  let closing: Promise<void> | null = null;
  /** Whose events the offline store is open for. */
  let keptFor: string | null = null;

  const settle = () => waiters.settle(queue.oldest());

  function unkeep(events: readonly StoredEvent[]): void {
    if (events.length > 0) offline?.remove(events.map((event) => event.id));
  }

  /** What is not sent any more is left to the offline store, where it is there already, and else dropped. */
  function leaveBehind(reason: string, events: readonly StoredEvent[]): void {
    const lost = events.filter((event) => !offline?.holds(event.id)).length;
    handedOver += events.length - lost;
    ledger.dropped(reason, lost);
  }

  function discard(reason: string, quiet: boolean): void {
    unkeep(queue.entries());
    sender.discard(reason, quiet);
    settle();
  }

  /** Looks at the gate, and does what follows from its having opened or closed. */
  function refresh(): GateState {
    const state = gate.state();
    if (state === 'open') keep();
    else if (!gate.holds(state)) discard(state, true);
    return state;
  }

  function keep(): void {
    const user = gate.userId();
    if (offline === undefined || user === null || user === keptFor) return;
    keptFor = user;
    offline.open(user, {
      onRestored(events) {
        if (user !== keptFor) return;
        restored += events.length;
        for (const { id, json } of events) push(id, json, new TextEncoder().encode(json).length);
        sender.wake();
      },
      onTaken(ids) {
        const taken = new Set(ids);
        handedOver += queue.remove((event) => taken.has(event.id)).length;
        settle();
      },
      onLost(reason, count) {
        restored += count;
        ledger.dropped(reason, count);
      },
    });
    offline.save(queue.entries());
  }

  function push(id: string, json: string, bytes: number): void {
    serial += 1;
    const victim = queue.push({ serial, id, json, bytes: bytes + 1, attempts: 0 });
    if (victim === null) return;
    ledger.dropped('queue_full');
    unkeep([victim]);
    settle();
  }

  function enqueue(eventType: string, details: TrackDetails): void {
    const event = compose(eventType, details);
    if (!event.ok) {
      ledger.dropped(event.reason);
      return;
    }
    push(event.id, event.json, event.bytes);
    if (keptFor !== null) offline?.save([event]);
    sender.wake();
    // Tracked by a handler that came after ours: it leaves all the same.
    if (page.isHidden()) queueMicrotask(() => drain(false));
    else awaitIdle(idleMs);
  }

  function awaitIdle(waitMs: number): void {
    lastTrackMs = waitMs === idleMs ? platform.now() : lastTrackMs;
    if (idling) return;
    idling = true;
    timers.start(() => {
      idling = false;
      const leftMs = lastTrackMs + idleMs - platform.now();
      if (leftMs > 0 && leftMs < idleMs) awaitIdle(leftMs);
      else platform.whenIdle(sender.hurry);
    }, waitMs);
  }

  function drain(force: boolean): void {
    sender.drain(force);
    if (page.isGone()) leaveBehind('page_closed', queue.remove(all));
  }

  function flush(flushOptions?: { readonly timeoutMs?: number }): Promise<void> {
    if (queue.oldest() === undefined) return Promise.resolve();
    const done = waiters.waitFor(serial);
    sender.hurry();
    return settledWithin(done, flushOptions?.timeoutMs ?? timeoutMs, timers);
  }

  async function shutDown(closeOptions?: { readonly timeoutMs?: number }): Promise<void> {
    await flush(closeOptions);
    sender.stop();
    page.detach();
    session.leave();
    leaveBehind('shutdown', queue.reset());
    offline?.release();
    settle();
  }

  const page = watchPage(platform, {
    hidden: () => drain(true),
    left() {
      drain(true);
      session.leave();
      offline?.release();
    },
    back() {
      session.enter();
      keptFor = null;
      sender.wake();
    },
    seen: sender.wake,
    online: () => sender.resume(resumeSpreadMs),
  });

  const track: AnyTrack = (eventType, details) => {
    ledger.tracked();
    try {
      const state = closing === null ? refresh() : 'closed';
      if (state === 'open' || gate.holds(state)) enqueue(eventType, details ?? {});
      else ledger.dropped(state, 1, true);
    } catch {
      // A getter or proxy of the caller's threw, before anything was queued.
      ledger.dropped('unserialisable');
    }
  };

  gate.setUser(options.user);

  return {
    track: track as Track,
    setUser(user) {
      // While the last user is still the one: with the last user's token.
      const other = gate.isOther(user);
      if (other) sender.drain(true);
      gate.setUser(user);
      if (other) {
        discard('user_changed', false);
        carrier.forgetToken();
        session.forget();
        offline?.release();
        keptFor = null;
      }
      refresh();
      sender.wake();
    },
    setConsent(consent) {
      gate.setConsent(consent);
      if (refresh() === 'consent_denied') {
        session.forget();
        offline?.erase();
        keptFor = null;
      }
      sender.wake();
      tellSafely(options.onConsentChange, consent);
    },
    flush,
    close(closeOptions) {
      closing ??= shutDown(closeOptions);
      return closing;
    },
    stats: () => ({
      ...ledger.counts(),
      restored,
      handedOver,
      queued: queue.queued(),
      inFlight: queue.inFlight(),
      gate: closing === null ? gate.state() : 'closed',
    }),
  };
}

const all = () => true;
/** Pages that went offline together do not come back together. */
const resumeSpreadMs = 3_000;
