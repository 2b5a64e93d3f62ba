import { batchJson } from '../client/batch.js';
import type { SendBatch } from '../client/sender.js';
import { post, type TransportDeps } from '../client/transport.js';
import { readVerdicts } from '../client/verdict.js';
import { bodyOf } from './body.js';
import type { TrackedUser, TrackerOptions } from './options.js';

export interface DeliveryDeps<User extends TrackedUser> {
  readonly options: TrackerOptions<User>;
  readonly transport: TransportDeps;
  /** Whether anything may leave the page at this moment. */
  readonly isOpen: () => boolean;
}

/** Brings batches to the far end, in the name of the user who is signed in. */
export interface Delivery {
  readonly sendBatch: SendBatch;
  /** The user or the consent is over. */
  forgetToken(): void;
}

export function createDelivery<User extends TrackedUser>(deps: DeliveryDeps<User>): Delivery {
  const { options, transport, isOpen } = deps;
  /** Of the last request. For exits: there is no time to ask for a fresh one. */
  let lastToken: string | undefined;

  const sendBatch: SendBatch = async (batch, { isExit, isRetry }) => {
    const exchange = await post(transport, {
      url: options.endpoint,
      token: (isExit ? lastToken : undefined) ?? options.token,
      body: bodyOf(options, batchJson(batch, transport.now())),
      headers: options.headers,
      // Where the budget for `keepalive` is not ours alone, `fetch` refuses: a second try goes without.
      fetchOptions: { keepalive: isExit || !isRetry, priority: 'low' },
      maySend(token) {
        // After the token was waited for: may anything leave, and these, or were they discarded meanwhile?
        const may = isOpen() && batch.every(({ attemptsLeft }) => attemptsLeft > 0);
        if (may) lastToken = token;
        return may;
      },
    });
    return readVerdicts(exchange, batch.length);
  };

  return {
    sendBatch,
    forgetToken() {
      lastToken = undefined;
    },
  };
}
