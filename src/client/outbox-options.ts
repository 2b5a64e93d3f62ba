/** Which event gives way when the queue is full. */
export type Overflow = 'drop-oldest' | 'drop-newest';

export interface OutboxOptions {
  /** Queued events that are sent without waiting for more. Default 10. */
  readonly flushAt?: number | undefined;
  /** Longest wait for company. Default 10,000. */
  readonly flushIntervalMs?: number | undefined;
  /** After so long without a further event what is queued is sent. Default 2,000. */
  readonly idleMs?: number | undefined;
  /** How often one event is sent before it is given up; not counted while the browser is offline. Default 10. */
  readonly maxAttempts?: number | undefined;
  /** Most events of a request, no more than the server's limit. Default 50. */
  readonly maxBatch?: number | undefined;
  /** Most events held, those in flight included: what bounds the memory. Default 1,000. */
  readonly maxQueue?: number | undefined;
  /** Which event gives way when the queue is full. Default `drop-oldest`. */
  readonly overflow?: Overflow | undefined;
}
