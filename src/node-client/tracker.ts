import { batchJson } from '../client/batch.js';
import { createLedger } from '../client/ledger.js';
import { createOutbox, type OutboxDeps } from '../client/outbox.js';
import type { SendBatch } from '../client/sender.js';
import { readStats } from '../client/stats.js';
import { post, type TransportDeps } from '../client/transport.js';
import { readVerdicts } from '../client/verdict.js';
import { limits } from '../contract/index.js';
import { composeEvent } from './compose.js';
import { createFlusher } from './flusher.js';
import { readEventsUrl, readNumbers, type TrackerOptions } from './options.js';
import { createTimers } from './timers.js';
import type { TrackDetails, Tracker } from './tracker-api.js';

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
  const now = () => clock.now().getTime();
  const random = options.random ?? Math.random;
  const timers = createTimers();
  const ledger = createLedger(options.onError);
  const abort = new AbortController();
  const deps = {
    now,
    later: timers.later,
    timeoutMs: numbers.timeoutMs,
    signal: abort.signal,
    // Looked up when it is called: one that is instrumented later is used.
    fetch: options.fetch ?? ((url, request) => fetch(url, request)),
  } satisfies TransportDeps;
  const outbox = createOutbox({
    ...outboxSettings,
    ...numbers,
    overflow: options.overflow,
    ledger,
    random,
    later: timers.later,
    sendBatch: createSendBatch(options, deps),
  });
  const flush = createFlusher(outbox, timers);
  let closing: Promise<void> | undefined;

  function enqueue(eventType: string, details: TrackDetails): void {
    const event = composeEvent({ options, eventType, details, nowMs: now(), random });
    if (typeof event === 'string') {
      ledger.report(event);
      return;
    }
    outbox.push(event);
    outbox.schedule();
  }

  async function shutDown(timeoutMs: number): Promise<void> {
    await flush(timeoutMs);
    const left = outbox.stop();
    abort.abort();
    ledger.report('shutdown', { count: left.length });
  }

  return {
    track(eventType, details) {
      ledger.counts.tracked += 1;
      try {
        if (closing) ledger.report('closed');
        else enqueue(eventType, details ?? {});
      } catch {
        // A getter or proxy of the caller's threw, before anything was queued.
        ledger.report('unserialisable');
      }
    },
    flush: () => flush(),
    close(closeOptions) {
      closing ??= shutDown(closeOptions?.timeoutMs ?? 5_000);
      return closing;
    },
    stats: () => readStats(ledger, outbox),
  };
}

/** Throws a `TypeError` for an endpoint that is no URL. */
function createSendBatch({ endpoint, token }: TrackerOptions, deps: TransportDeps): SendBatch {
  const url = readEventsUrl(endpoint);
  return async (batch) => {
    const body = batchJson(batch, deps.now());
    return readVerdicts(await post(deps, { url, token, body }), batch.length);
  };
}

/** What a backend decides for every tracker. */
const outboxSettings = {
  idleMs: Infinity,
  maxBatch: limits.maxBatch,
  // Half of what the server takes for a body.
  maxBytesInFlight: limits.maxBodyBytes / 2 - 500,
  monotonicNow: () => performance.now(),
  maySend: () => true,
  onDone() {},
} satisfies Partial<OutboxDeps>;
