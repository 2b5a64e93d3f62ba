import type { TrackerStats } from '../client/ledger.js';
import type { JsonValue } from '../contract/index.js';

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
