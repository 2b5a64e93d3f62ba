import { createLedger, tellSafely } from '../client/ledger.js';
import { createOutbox } from '../client/outbox.js';
import { readStats } from '../client/stats.js';
import { uuidV7 } from '../client/uuid-v7.js';
import { createAccess } from './access.js';
import { createComposer } from './compose.js';
import { createDelivery } from './delivery.js';
import type { TrackedUser, TrackerOptions } from './options.js';
import { followPage } from './page-exit.js';
import { browserPlatform, type Platform } from './platform.js';
import { memorySession } from './session.js';
import type { RegisteredTrack } from './track.js';
import type { Tracker } from './tracker-api.js';
import { createTrack } from './tracking.js';

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
  const timeoutMs = options.timeoutMs ?? 10_000;
  /** Until `close`. */
  const life = new AbortController();
  let closing: Promise<void> | undefined;
  const isClosing = () => closing !== undefined;

  const ledger = createLedger(options.onError);
  const newId = () => uuidV7(now(), platform.random);
  const session = (options.session ?? memorySession)(newId, now);
  const delivery = createDelivery({
    options,
    transport: { ...platform, fetch: options.fetch ?? platform.fetch, timeoutMs, signal: life.signal },
    isOpen: (): boolean => access.state() === 'open',
  });
  const isAllowed = () => access.check() === 'open';
  const outbox = createOutbox({
    ...options,
    ...platform,
    ledger,
    maxBytesInFlight,
    sendBatch: delivery.sendBatch,
    maySend: () => isAllowed() && !keeper?.mustWait() && globals.navigator?.onLine !== false,
    onDone: (events) => keeper?.done(events),
  });
  const keeper = options.offline?.({ outbox, ledger, timeoutMs, monotonicNow: platform.monotonicNow });
  const access = createAccess({ options, globals, outbox, delivery, session, keeper, isClosing });
  const page = followPage({ globals, signal: life.signal, isAllowed, outbox, ledger, session, keeper });
  const track = createTrack({
    ledger,
    outbox,
    keeper,
    checkGate: () => (isClosing() ? 'closed' : access.check()),
    holds: access.holds,
    compose: createComposer({ options, host: options.host ?? globals.location?.host, session, newId, now }),
    onQueued: page.eventQueued,
  });
  const flush: Tracker['flush'] = (flushOptions) => outbox.flush(flushOptions?.timeoutMs ?? timeoutMs);

  async function shutDown(closeOptions: Parameters<Tracker['close']>[0]): Promise<void> {
    await flush(closeOptions);
    life.abort();
    page.release();
    page.handOver(outbox.stop());
  }

  access.setUser(options.user);

  return {
    track: track as Track,
    setUser: access.setUser,
    setConsent(next) {
      access.setConsent(next);
      tellSafely(options.onConsentChange, next);
    },
    flush,
    close(closeOptions) {
      closing ??= shutDown(closeOptions);
      return closing;
    },
    stats: () => ({ ...readStats(ledger, outbox), gate: isClosing() ? 'closed' : access.state() }),
  };
}

/**
 * With the commas and the rest of the requests 60,000 bytes: below the 64 KiB that may be under way with `keepalive`
 * (Fetch standard, "HTTP-network-or-cache fetch"), with room for somebody else's beacon.
 */
const maxBytesInFlight = 59_200;
