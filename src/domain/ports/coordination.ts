/** A lock that somebody holds. */
export interface HeldLock {
  /** True: somebody else may hold it by now, because its connection broke. Work in batches stops then. */
  lost(): boolean;
}

/** What replicas agree on. */
export interface Coordination {
  /**
   * Runs `work` while holding the named lock across all replicas, or answers `{ ran: false }` at once
   * when somebody else holds it.
   */
  withLock<T>(
    name: string,
    work: (lock: HeldLock) => Promise<T>,
  ): Promise<{ ran: true; value: T } | { ran: false }>;
  /** The engine's own clock, where it has one apart from ours. */
  now(): Promise<Date | null>;
}
