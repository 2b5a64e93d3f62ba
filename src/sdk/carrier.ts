import type { QueuedEvent } from './core/queued-event.js';
import type { SendMode } from './core/sender.js';
import { type Exchange, post, type TokenSource, within } from './core/transport.js';
import { type Outcome, readBatchAnswer } from './core/verdict.js';
import type { GraphqlResponse, TrackerOptions } from './options.js';
import type { Platform } from './platform.js';

/**
 * Most bytes that may be under way with `keepalive`: below the 64 KiB that a page has for all such requests
 * together (Fetch standard, "HTTP-network-or-cache fetch"), with room for somebody else's beacon.
 */
const budget = 60_000;
/** Of a body, besides its events. */
const envelope = 300;

const operationName = 'TrackEvents';
const query = `mutation ${operationName}($input:TrackEventsInput!){trackEvents(input:$input){results{clientEventId status reason retryAfterMs}}}`;

/** Takes batches to the far end and keeps account of the bytes that are under way. */
export interface Carrier {
  /** Bytes of events that a further batch may have. */
  room(): number;
  carry(batch: readonly QueuedEvent[], mode: SendMode): Promise<Outcome>;
  /** The user has changed: the token known so far is somebody else's. */
  forgetToken(): void;
}

export function createCarrier(
  options: Pick<
    TrackerOptions,
    'endpoint' | 'api' | 'transport' | 'token' | 'credentials' | 'headers' | 'fetch'
  >,
  platform: Platform,
  timeoutMs: number,
  correct: (events: string) => string,
): Carrier {
  let underway = 0;
  let lastToken: string | undefined;
  const clock = { now: () => new Date(platform.now()) };
  const { token, transport } = options;
  const rest = options.api === 'rest';
  const url = rest ? `${options.endpoint.replace(/\/+$/, '')}/v1/events` : options.endpoint;

  /** At exit there is no time to ask for a token. */
  function tokenFor(exit: boolean): TokenSource | undefined {
    if (typeof token !== 'function') return token;
    if (exit && lastToken !== undefined) return lastToken;
    return async () => (lastToken = await token());
  }

  function send(input: string, mode: SendMode): Promise<Exchange> {
    // Where the budget is not ours alone, `fetch` refuses: a second try goes without.
    const keepalive = mode.exit || !mode.again;
    if (transport !== undefined) {
      return within(platform.timers, timeoutMs, undefined, async (signal) =>
        toExchange(
          await transport({
            query,
            operationName,
            variables: { input: JSON.parse(input) },
            signal,
            keepalive,
          }),
        ),
      );
    }
    return post(
      { fetch: options.fetch ?? platform.fetch, timers: platform.timers, clock },
      {
        url,
        token: tokenFor(mode.exit),
        headers: options.headers,
        body: rest
          ? input
          : `{"query":"${query}","operationName":"${operationName}","variables":{"input":${input}}}`,
        timeoutMs,
        init: {
          keepalive,
          priority: 'low',
          credentials: options.credentials ?? (token === undefined ? 'same-origin' : 'omit'),
        },
      },
    );
  }

  return {
    room: () => budget - envelope - underway,
    async carry(batch, mode) {
      const events = batch.map((event) => event.json).join(',');
      const bytes = batch.reduce((sum, event) => sum + event.bytes, envelope);
      underway += bytes;
      const exchange = await send(
        `{"sentAt":"${clock.now().toISOString()}","events":[${correct(events)}]}`,
        mode,
      );
      underway -= bytes;
      return readBatchAnswer(exchange, batch.length);
    },
    forgetToken() {
      lastToken = undefined;
    },
  };
}

function toExchange({ status = 200, retryAfterMs = null, data, errors }: GraphqlResponse): Exchange {
  return { kind: 'answer', status, retryAfterMs, text: JSON.stringify({ data, errors }) };
}
