/** One event that waits to be sent. */
export interface QueuedEvent {
  /** Grows by one per event. */
  readonly serial: number;
  /** Its `clientEventId`. */
  readonly id: string;
  readonly json: string;
  /** Of UTF-8, with the comma that follows it. */
  readonly bytes: number;
  /** How often it was sent without a final answer. */
  readonly attempts: number;
}
