import type { AnonymousEvent } from './event.js';

/** The time, as the process believes it. */
export interface Clock {
  now(): Date;
}

/**
 * What a store says of one event.
 * `ACCEPTED` and `DUPLICATE` are said only after the commit that makes them true.
 * `UNAVAILABLE`: not known to be stored; sending it again is safe. `UNSTORABLE`: this row alone was refused by the engine.
 */
export type AppendVerdict = 'ACCEPTED' | 'DUPLICATE' | 'OVERLOADED' | 'UNAVAILABLE' | 'UNSTORABLE';

export interface Readiness {
  readonly ready: boolean;
  /** A word from a closed list, such as `store_unreachable`, `migrations_pending`, `schema_newer_than_code`. */
  readonly reason?: string;
}

/** The engines' seam: the one way to write, count and forget events. */
export interface EventStore {
  /**
   * Stores what is new, exactly once by `id`, and answers one verdict per event in order, after commit.
   * Never rejects: an outage is a verdict.
   */
  append(events: readonly AnonymousEvent[]): Promise<readonly AppendVerdict[]>;
  /** How many events were created before the cut-off. */
  countBefore(cutoff: Date): Promise<number>;
  /** Deletes at most `limit` events created before the cut-off, oldest first, in one short transaction; answers how many. */
  deleteBefore(cutoff: Date, limit: number): Promise<number>;
  /** Deletes dimension rows last used before `lastUsedBefore` that no event refers to; answers how many. */
  deleteUnusedDimensions(lastUsedBefore: Date): Promise<number>;
  /** How many rows are still in the form of a version before November 2026. */
  countOldRows(): Promise<number>;
  /**
   * Gives at least one and about `limit` of them the form of today, in one transaction, all of a session together;
   * answers how many, 0 when none is left.
   */
  rewriteOldRows(limit: number): Promise<number>;
  /**
   * Runs `work` while holding the named lock across all replicas, or answers `{ ran: false }` at once
   * when somebody else holds it.
   */
  withLock<T>(name: string, work: () => Promise<T>): Promise<{ ran: true; value: T } | { ran: false }>;
  /** The engine's own clock, where it has one apart from ours. */
  now(): Promise<Date | null>;
  /** Bounded in time; never rejects. */
  readiness(): Promise<Readiness>;
  /** Events taken but not yet committed. */
  pending(): number;
  /** Waits for what is in flight, then lets go of every connection. */
  close(): Promise<void>;
}

/** Allowance of events per caller. */
export interface RateLimiter {
  /** Takes up to `wanted` from the allowance of `key`; answers how many were granted, and when to come back for the rest. */
  take(key: string, wanted: number): Promise<{ granted: number; retryAfterMs: number }>;
}

/** Structured log: a fixed sentence, and fields that hold no value from a request. */
export interface Log {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}
export type LogFields = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;
