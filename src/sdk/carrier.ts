import type { OutboxDeps } from './core/outbox.js';
import { type Exchange, type HttpFetch, post, within } from './core/transport.js';
import { readBatchAnswer } from './core/verdict.js';
import type { TrackerOptions } from './options.js';
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
export interface Carrier extends Pick<OutboxDeps, 'room' | 'post'> {
  /** The user or the consent has changed: no token known or asked for so far is to be used any more. */
  forgetToken(): void;
}

export function createCarrier(
  options: Pick<
    TrackerOptions,
    'endpoint' | 'api' | 'transport' | 'token' | 'headers' | 'credentials' | 'fetch'
  >,
  platform: Platform,
  timeoutMs: number,
  correct: (text: string) => string,
  mayLeave: () => boolean,
  closed: AbortSignal,
): Carrier {
  const { token, transport, endpoint } = options;
  const rest = options.api === 'rest';
  let underway = 0;
  /** For exits: there is no time to ask for one. */
  let lastToken: string | undefined;
  /** Replaced when the user or the consent has changed. */
  let owner = {};

  async function send(
    input: string,
    keepalive: boolean,
    exit: boolean,
    signal: AbortSignal,
  ): Promise<Exchange> {
    if (transport) {
      const variables = { input: JSON.parse(input) };
      const answer = await transport({ query, operationName, variables, signal, keepalive });
      const { status = 200, retryAfterMs = null } = answer;
      return { status, retryAfterMs, text: JSON.stringify(answer) };
    }
    const asked = owner;
    // After the token was waited for: whose is it, and may anything leave at all? On the stack of the request.
    const fetchIfOpen: HttpFetch = async (to, request) => {
      if (asked !== owner || !mayLeave()) throw new Error('The gate has closed.');
      lastToken = fresh ?? lastToken;
      return (options.fetch ?? platform.fetch)(to, request);
    };
    let fresh: string | undefined;
    return post(
      { fetch: fetchIfOpen, now: platform.now },
      {
        url: rest ? `${endpoint.replace(/\/+$/, '')}/v1/events` : endpoint,
        token:
          typeof token === 'function'
            ? (exit && lastToken) ||
              (async () => {
                fresh = await token();
                return fresh;
              })
            : token,
        headers: options.headers,
        body: rest
          ? input
          : `{"query":"${query}","operationName":"${operationName}","variables":{"input":${input}}}`,
        init: {
          keepalive,
          priority: 'low',
          credentials: options.credentials ?? (token ? 'omit' : 'same-origin'),
        },
      },
      signal,
    );
  }

  return {
    room: () => budget - envelope - underway,
    async post(batch, exit, again) {
      const bytes = batch.reduce((sum, event) => sum + event.bytes, envelope);
      const events = correct(batch.map((event) => event.json).join());
      const input = `{"sentAt":"${new Date(platform.now()).toISOString()}","events":[${events}]}`;
      underway += bytes;
      // Where the budget is not ours alone, `fetch` refuses: a second try goes without.
      const exchange = await within(
        platform.timers,
        timeoutMs,
        (signal) => send(input, exit || !again, exit, signal),
        closed,
      );
      underway -= bytes;
      return readBatchAnswer(exchange, batch.length);
    },
    forgetToken() {
      lastToken = undefined;
      owner = {};
    },
  };
}
