import { errorCodes, type TrackBatchInput } from '../contract/index.js';
import type { Exchange } from '../tracker/transport.js';
import {
  field,
  isRetryableStatus,
  type Outcome,
  parseJson,
  readBatchAnswer,
  readItems,
} from '../tracker/verdict.js';

/** A way to hand over a batch. */
export interface Channel {
  readonly url: string;
  body(batch: TrackBatchInput): string;
  /** What the answer means for a batch of `expected` events. */
  read(exchange: Exchange, expected: number): Outcome;
}

/** `POST /v1/events` of a running Signals; `baseUrl` is where it runs. */
export function restChannel(baseUrl: string): Channel {
  return { url: `${baseUrl.replace(/\/+$/, '')}/v1/events`, body: JSON.stringify, read: readBatchAnswer };
}

const mutation = `mutation Replay($input: TrackEventsInput!) {
  trackEvents(input: $input) { results { clientEventId status reason retryAfterMs } }
}`;

/** The mutation `trackEvents` at `url`: a Signals or a gateway in front of it. */
export function graphqlChannel(url: string): Channel {
  return {
    url,
    body: (input) => JSON.stringify({ query: mutation, operationName: 'Replay', variables: { input } }),
    read: readGraphqlAnswer,
  };
}

/** Never throws. An error code that is not Signals' own is the gateway's, and may pass. */
function readGraphqlAnswer(exchange: Exchange, expected: number): Outcome {
  if (exchange.kind === 'failure') return { kind: 'retry', reason: exchange.reason, retryAfterMs: null };
  const { status, retryAfterMs } = exchange;
  const body = parseJson(exchange.text);
  const items = readItems(field(field(body, 'data'), 'trackEvents'), expected);
  if (items !== null && status >= 200 && status <= 299) return { kind: 'answered', items, retryAfterMs };
  const code = graphqlErrorCode(body);
  if (status === 413 || code === 'BATCH_TOO_LARGE' || code === 'REQUEST_ENTITY_TOO_LARGE') {
    return { kind: 'too-large', reason: code ?? 'http_413' };
  }
  if (code !== null) {
    return errorCodes[code].retryable
      ? { kind: 'retry', reason: code, retryAfterMs }
      : { kind: 'refused', reason: code };
  }
  const passes = isRetryableStatus(status) || (status >= 200 && status <= 299);
  if (!passes) return { kind: 'refused', reason: `http_${status}` };
  return { kind: 'retry', reason: status <= 299 ? 'bad_answer' : `http_${status}`, retryAfterMs };
}

/** The first code of `errors` that is in the contract's table; null where there is none. */
export function graphqlErrorCode(body: unknown): keyof typeof errorCodes | null {
  const errors = field(body, 'errors');
  if (!Array.isArray(errors)) return null;
  const codes = errors.map((error) => field(field(error, 'extensions'), 'code'));
  const known = codes.find((code) => typeof code === 'string' && Object.hasOwn(errorCodes, code));
  return known === undefined ? null : (known as keyof typeof errorCodes);
}
