import type { OfflineListener } from './offline-store.js';

/** From `open` to `release`: one user, one page id, one lock. */
export interface Lease {
  readonly user: string;
  readonly listener: OfflineListener;
  /** Aborted by `release`. */
  readonly end: AbortController;
}

export const isOver = (lease: Lease): boolean => lease.end.signal.aborted;
