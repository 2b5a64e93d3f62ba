import type { AnonymousEvent } from '../event.js';

/**
 * What a store says of one event.
 * `ACCEPTED` and `DUPLICATE` are said only after the commit that makes them true.
 * `UNAVAILABLE`: not known to be stored; sending it again is safe. `UNSTORABLE`: this row alone was refused by the engine.
 * `TOO_OLD`: its salt day has been forgotten, and nothing of that day is stored any more.
 */
export type AppendVerdict =
  | 'ACCEPTED'
  | 'DUPLICATE'
  | 'OVERLOADED'
  | 'UNAVAILABLE'
  | 'UNSTORABLE'
  | 'TOO_OLD';

/** Takes events in. */
export interface EventSink {
  /**
   * Stores what is new, exactly once by `id`, and answers one verdict per event in order, after commit.
   * Never rejects: an outage is a verdict.
   */
  append(events: readonly AnonymousEvent[]): Promise<readonly AppendVerdict[]>;
  /** Events taken but not yet committed. */
  pending(): number;
}
