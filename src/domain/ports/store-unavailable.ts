/**
 * A question that the engine behind a port did not answer: it is unreachable, too slow, or refuses. The question was
 * right, and asking again later may work. Every other error is a bug. `cause` is the engine's own error, whose message
 * may quote values.
 */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';

  constructor(cause: unknown) {
    super('The store could not be asked.', { cause });
  }
}
