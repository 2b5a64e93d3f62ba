import type { StoredEvent } from '../offline-keeping.js';

/** Where the events of one browser profile are kept: told what to keep by the keeper of each page. */
export interface OfflineStore {
  /**
   * Takes over what this user's earlier pages left and no page that is open holds. Called when tracking has
   * been allowed, again after a page came back from the back/forward cache.
   */
  open(user: string, listener: OfflineListener): void;
  /** Keeps events until they are removed; what is over its limits is reported to `onLost`. */
  save(events: readonly StoredEvent[]): void;
  /** Of events that have their final answer. */
  remove(ids: readonly string[]): void;
  /** Whether an event is safe in the store by now. */
  holds(id: string): boolean;
  /** The page is being left: what it holds may be taken over by others. */
  release(): void;
  /** Forgets everything, other pages' events included: consent was withdrawn. */
  erase(): void;
}

/** Who is told of what becomes of stored events. */
export interface OfflineListener {
  readonly onRestored: (events: readonly StoredEvent[]) => void;
  /**
   * Events that this page gave to the store and another page has taken over by now. Called once after every
   * `open`, perhaps with none: until then, what `holds` had confirmed must not be sent.
   */
  readonly onTaken: (ids: readonly string[]) => void;
  /** Too old, or more than the store may hold; only events that no page has in memory. */
  readonly onLost: (reason: 'expired' | 'offline_full', count: number) => void;
}
