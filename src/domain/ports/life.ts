export interface Readiness {
  readonly ready: boolean;
  /** Why not: a word from a closed list, such as `store_unreachable`, `migrations_pending`, `schema_newer_than_code`. */
  readonly reason?: string;
  /** The reason in words, for operators; it holds no value. */
  readonly sentence?: string;
  /** What an operator should know although it is ready, in words of a closed list. */
  readonly notices?: readonly string[];
}

/** Whether an engine can work, and its end. */
export interface Life {
  /** Bounded in time; never rejects. */
  readiness(): Promise<Readiness>;
  /** Waits for what is in flight, then lets go of every connection. */
  close(): Promise<void>;
}
