import { batchJson } from '../client/batch.js';
import { createLedger, type TrackerStats } from '../client/ledger.js';
import { createOutbox } from '../client/outbox.js';
import { type EventParts, serialiseEvent } from '../client/serialise.js';
import { post, type TransportDeps } from '../client/transport.js';
import { uuidV7 } from '../client/uuid-v7.js';
import { batchReader } from '../client/verdict.js';
import { type JsonValue, limits } from '../contract/index.js';
import { maxDelayMs, readEventsUrl, readNumbers, type TrackerOptions } from './options.js';
import { createTimers } from './timers.js';

/** What may be said of an event besides its type. */
export interface TrackDetails {
  /** What the event type declares in the catalogue; anything else is cut off by the server. */
  readonly properties?: { readonly [key: string]: JsonValue | undefined };
  readonly entity?: { readonly type: string; readonly id: string };
  /** A route template such as `/journeys/[id]/edit`, not a filled-in path. */
  readonly route?: string;
  /** Default: now. */
  readonly occurredAt?: Date;
  /** UUID. */
  readonly sessionId?: string;
  /** UUID; two events with one id are one event. Default: a new UUID version 7 that tells the day. */
  readonly clientEventId?: string;
  readonly eventVersion?: number;
}

export interface Tracker {
  /**
   * Queues one event and returns at once. Never throws, never waits, does no I/O on the caller's stack,
   * whatever it is given; what cannot be sent is counted in `stats().dropped`.
   */
  track(eventType: string, details?: TrackDetails): void;
  /**
   * Sends what is queued now and resolves when the last of it has a final answer or was given up
   * (`maxAttempts` requests at the worst). Keeps the process alive meanwhile. Never rejects.
   */
  flush(): Promise<void>;
  /**
   * Takes no more events (`closed`), flushes, and after `timeoutMs` (default 5,000) drops what is left
   * (`shutdown`; a request cut off here may have come through). Never rejects; a second call is the first one.
   */
  close(options?: { readonly timeoutMs?: number }): Promise<void>;
  /** Counts that add up at any time: tracked = accepted + duplicates + dropped + queued + inFlight. */
  stats(): TrackerStats;
}

/**
 * Best-effort tracking for a Node backend: telemetry that is never in the way of the request it reports on.
 *
 * ```ts
 * const tracker = createTracker({
 *   endpoint: 'https://signals.example.org',
 *   token: () => tokens.forService('conversations'),
 *   appName: 'conversations',
 *   onError: (problem) => log.warn(problem, 'tracking'),
 * });
 *
 * tracker.track('message_sent', { properties: { length: text.length } });
 *
 * process.once('SIGTERM', async () => {
 *   await server.close();
 *   await tracker.close({ timeoutMs: 2_000 });
 * });
 * ```
 *
 * - Events wait in memory, at most `maxQueue`; what does not fit is dropped as `queue_full`, and counted.
 * - They leave in batches of at most 200 events and 512 KiB, one request at a time, each event with a UUIDv7
 *   made by `track`, which holds the day and no more of the clock: a retry whose predecessor did come through is a duplicate, not a second event.
 * - Network errors, 408, 425, 429, 5xx and events refused for the moment (`RATE_LIMITED`, `OVERLOADED`) are
 *   sent again after a wait with full jitter, no sooner than the server asked for; other answers are final.
 *   A 400, 413 or 422 halves the batch until the event that brought it is found: it costs only itself.
 * - Its timers do not keep the process alive. Call `close` before exiting, or what is queued is lost; a
 *   request that is under way holds the process for `timeoutMs` at most.
 *
 * Reasons in `stats().dropped`: the server's in capitals (`PII_KEY`, `UNAUTHENTICATED` …); ours in small
 * letters: `queue_full`, `unserialisable`, `too_large`, `closed`, `shutdown`, `network`, `timeout`,
 * `no_token`, `bad_answer`, `http_<status>`.
 *
 * Throws a `TypeError` for options that cannot work (no URL, a limit that is no whole number); nothing else does.
 */
export function createTracker(options: TrackerOptions): Tracker {
  const numbers = readNumbers(options);
  const clock = options.clock ?? { now: () => new Date() };
  const timers = createTimers();
  const ledger = createLedger(options.onError);
  const abort = new AbortController();
  const now = () => clock.now().getTime();
  const deps = {
    now,
    later: timers.later,
    timeoutMs: numbers.timeoutMs,
    signal: abort.signal,
    random: options.random ?? Math.random,
    // Looked up when it is called: one that is instrumented later is used.
    fetch: options.fetch ?? ((url, request) => fetch(url, request)),
  } satisfies TransportDeps & { random(): number };
  const url = readEventsUrl(options.endpoint);
  const outbox = createOutbox({
    ...numbers,
    ...deps,
    idleMs: Infinity,
    maxBatch: limits.maxBatch,
    maxFlyingBytes: maxBatchBytes,
    overflow: options.overflow,
    ledger,
    ticks: () => performance.now(),
    post(batch) {
      const body = batchJson(batch, now());
      return post(deps, url, options.token, body, batchReader(batch.length), () => true, {});
    },
    maySend: () => true,
    onDone() {},
  });
  let closing: Promise<void> | null = null;
  /** Under way: somebody waits, and the process with them. */
  let flushes = 0;

  function enqueue(eventType: string, details: TrackDetails): void {
    const id = details.clientEventId ?? uuidV7(now(), deps.random);
    const parts = toParts(options, eventType, details, id, clock);
    const event = hasRightTypes(parts) ? serialiseEvent(parts) : 'unserialisable';
    if (typeof event === 'string') {
      ledger.report(event);
      return;
    }
    outbox.push(event);
    outbox.wake();
  }

  async function flush(timeoutMs: number): Promise<void> {
    flushes += 1;
    timers.keepAlive(true);
    await outbox.flush(timeoutMs);
    flushes -= 1;
    timers.keepAlive(flushes > 0);
  }

  async function shutDown(timeoutMs: number): Promise<void> {
    await flush(timeoutMs);
    const left = outbox.stop();
    abort.abort();
    ledger.report('shutdown', left.length);
  }

  return {
    track(eventType, details) {
      ledger.counts.tracked += 1;
      try {
        if (closing !== null) ledger.report('closed');
        else enqueue(eventType, details ?? {});
      } catch {
        // A getter or proxy of the caller's threw, before anything was queued.
        ledger.report('unserialisable');
      }
    },
    flush: () => flush(maxDelayMs),
    close(closeOptions) {
      closing ??= shutDown(closeOptions?.timeoutMs ?? 5_000);
      return closing;
    },
    stats: () => ({ ...ledger.counts, ...outbox.sizes(), dropped: { ...ledger.counts.dropped } }),
  };
}

/** Most bytes of the events of a request: half of what the server takes for a body (`limits.maxBodyBytes`). */
const maxBatchBytes = limits.maxBodyBytes / 2 - 500;

function toParts(
  options: TrackerOptions,
  eventType: string,
  details: TrackDetails,
  clientEventId: string,
  clock: { now(): Date },
): EventParts {
  return {
    eventType,
    appName: options.appName,
    clientEventId,
    eventVersion: details.eventVersion,
    appVersion: options.appVersion,
    source: options.source ?? 'server',
    host: options.host,
    route: details.route,
    entityType: details.entity?.type,
    entityId: details.entity?.id,
    sessionId: details.sessionId,
    occurredAt: (details.occurredAt ?? clock.now()).toISOString(),
    properties: details.properties,
  };
}

const required: readonly string[] = ['eventType', 'appName', 'clientEventId'];

/**
 * Everything but the properties is text or a number, or left out where it may be: a field of another type could
 * make the server refuse the whole batch.
 */
function hasRightTypes(parts: EventParts): boolean {
  return Object.entries(parts).every(
    ([name, value]) =>
      name === 'properties' ||
      typeof value === (name === 'eventVersion' ? 'number' : 'string') ||
      (value == null && !required.includes(name)),
  );
}
