/** Why something does not work: a code of a closed list, and its fixed sentence. */
export interface Reason {
  readonly code: string;
  readonly sentence: string;
}

/**
 * A question that the engine behind a port did not answer: it is unreachable, too slow, or refuses. The question was
 * right, and asking again later may work. Every other error is a bug. `cause` is the engine's own error, whose message
 * may quote values.
 */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';

  /** Why, where that is known. It holds no value and may be shown to operators. */
  readonly reason: Reason | undefined;

  constructor(cause: unknown, reason?: Reason) {
    super('The store could not be asked.', { cause });
    this.reason = reason;
  }
}
