/** One event that is to be sent. */
export interface NewEvent {
  /** Its `clientEventId`. */
  readonly id: string;
  readonly json: string;
  /** Of UTF-8, or more; see `utf8Length`. */
  readonly bytes: number;
}

/** One event that has no final answer yet. */
export interface QueuedEvent extends NewEvent {
  /** How often it may still be sent; 0: it was discarded, and a request that is under way is its last. */
  attemptsLeft: number;
  /** A request with it is under way. */
  inFlight: boolean;
}

export const isQueued = (event: QueuedEvent): boolean => !event.inFlight;
