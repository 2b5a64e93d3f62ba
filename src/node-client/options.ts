import type { TrackerProblem } from '../client/ledger.js';
import type { Overflow } from '../client/outbox-options.js';
import type { HttpFetch, TokenSource } from '../client/transport.js';
import { limits } from '../contract/index.js';

export interface TrackerOptions {
  /** Base URL of Signals; events go to `<endpoint>/v1/events`. */
  readonly endpoint: string;
  /** A token with the service role, or a function that gets a fresh one; asked once per request. */
  readonly token: TokenSource;
  /** The app of the catalogue that the events belong to. */
  readonly appName: string;
  readonly appVersion?: string;
  /** Default `server`. */
  readonly source?: string;
  /** The host that the app is served from. */
  readonly host?: string;
  /** Queued events that are sent without waiting for more. Default 50. */
  readonly flushAt?: number;
  /** Longest wait for company. Default 1,000. */
  readonly flushIntervalMs?: number;
  /** Most events held, those in flight included. Default 1,000. */
  readonly maxQueue?: number;
  /** Which event gives way when the queue is full. Default `drop-oldest`. */
  readonly overflow?: Overflow;
  /** How often one event is sent before it is given up. Default 5. */
  readonly maxAttempts?: number;
  /** For one request, the token included. Default 5,000. */
  readonly timeoutMs?: number;
  readonly fetch?: HttpFetch;
  readonly clock?: { now(): Date };
  /** In [0, 1): spreads the waits between attempts. */
  readonly random?: () => number;
  /**
   * Hears of lost and of repeated events: a reason and a count, which field breaks which rule where the server said
   * so, no content. May throw or reject without consequence. Called after the caller's stack.
   */
  readonly onError?: (problem: TrackerProblem) => unknown;
}

/** The numbers, checked and complete. */
export interface TrackerNumbers {
  readonly flushAt: number;
  readonly flushIntervalMs: number;
  readonly maxQueue: number;
  readonly maxAttempts: number;
  readonly timeoutMs: number;
}

/** The longest delay of `setTimeout`; above it fires at once. */
export const maxDelayMs = 2_147_483_647;

/** Throws a `TypeError` that names the option: a tracker that cannot work should say so when it is made. */
export function readNumbers(options: TrackerOptions): TrackerNumbers {
  return {
    flushAt: whole('flushAt', options.flushAt ?? 50, limits.maxBatch),
    flushIntervalMs: whole('flushIntervalMs', options.flushIntervalMs ?? 1_000, maxDelayMs),
    maxQueue: whole('maxQueue', options.maxQueue ?? 1_000, Number.MAX_SAFE_INTEGER),
    maxAttempts: whole('maxAttempts', options.maxAttempts ?? 5, Number.MAX_SAFE_INTEGER),
    timeoutMs: whole('timeoutMs', options.timeoutMs ?? 5_000, maxDelayMs),
  };
}

/** `<endpoint>/v1/events`; throws a `TypeError` where that is no http(s) URL. The message has no value in it. */
export function readEventsUrl(endpoint: string): string {
  const base = URL.canParse(endpoint) ? new URL(endpoint) : null;
  if (base === null || !/^https?:$/.test(base.protocol) || base.username !== '' || base.password !== '') {
    throw new TypeError('createTracker: endpoint must be an http or https URL without credentials');
  }
  return `${base.origin}${base.pathname.replace(/\/+$/, '')}/v1/events`;
}

function whole(name: string, value: number, most: number): number {
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new TypeError(`createTracker: ${name} must be a whole number from 1 to ${most}`);
}
