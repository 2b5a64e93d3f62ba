import type { HttpFetch } from '../client/transport.js';

/** A request of the tracker as a GraphQL client wants it. */
export interface GraphqlRequest {
  readonly query: string;
  readonly variables: { readonly input: unknown };
  /** Aborted when the tracker has given up waiting. */
  readonly signal: AbortSignal;
  /** Whether the page may be gone before the answer: to be passed on to `fetch`. */
  readonly keepalive: boolean;
}

/** What came back. */
export interface GraphqlAnswer {
  readonly data: unknown;
  readonly errors: readonly unknown[] | undefined;
  /** What it came with, where that was HTTP. */
  readonly response: Response | undefined;
}

/**
 * What the tracker takes for `fetch`, made of a GraphQL client. An HTTP error keeps its status and `Retry-After`;
 * a rejection is a network failure. Where it goes and who sends it are the client's: the tracker's `endpoint`,
 * `token` and `headers` are not looked at.
 */
export function graphqlFetch(send: (request: GraphqlRequest) => Promise<GraphqlAnswer>): HttpFetch {
  return async (_, { body, signal, keepalive = false }) => {
    const { data, errors, response } = await send({ ...JSON.parse(body), signal, keepalive });
    return {
      status: response && !response.ok ? response.status : 200,
      headers: { get: (name) => response?.headers.get(name) ?? null },
      text: async () => JSON.stringify({ data, errors }),
    };
  };
}
