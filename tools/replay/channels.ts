import { field } from '../../src/client/json-field.js';
import { errorCodes, type TrackBatchInput } from '../../src/contract/index.js';

/** A way to hand over a batch. */
export interface Channel {
  readonly url: string;
  body(batch: TrackBatchInput): string;
}

/** `POST /v1/events` of a running Signals; `baseUrl` is where it runs. */
export function restChannel(baseUrl: string): Channel {
  return { url: `${baseUrl.replace(/\/+$/, '')}/v1/events`, body: JSON.stringify };
}

const mutation = `mutation Replay($input: TrackEventsInput!) {
  trackEvents(input: $input) { results { clientEventId status reason retryAfterMs } }
}`;

/** The mutation `trackEvents` at `url`: a Signals or a gateway in front of it. */
export function graphqlChannel(url: string): Channel {
  return {
    url,
    body: (input) => JSON.stringify({ query: mutation, operationName: 'Replay', variables: { input } }),
  };
}

/** The first code of `errors` that is in the contract's table; null where there is none. */
export function graphqlErrorCode(body: unknown): keyof typeof errorCodes | null {
  const errors = field(body, 'errors');
  if (!Array.isArray(errors)) return null;
  const codes = errors.map((error) => field(field(error, 'extensions'), 'code'));
  const known = codes.find((code) => typeof code === 'string' && Object.hasOwn(errorCodes, code));
  return known === undefined ? null : (known as keyof typeof errorCodes);
}
