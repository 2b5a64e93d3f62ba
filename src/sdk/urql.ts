import type { HttpFetch } from '../client/transport.js';
import { graphqlFetch } from './graphql-fetch.js';

type Fetch = typeof globalThis.fetch;

/** The part of an urql `Client` that is used; that of `@urql/core` 4 to 6 fits. */
export interface UrqlClient {
  createRequestOperation(
    kind: 'mutation',
    request: { readonly key: number; readonly query: object; readonly variables: object },
  ): { readonly context: { readonly fetch?: Fetch | undefined } };
  mutation(
    query: string,
    variables: { readonly input: unknown },
    context: { readonly fetch: Fetch; readonly signals: true },
  ): {
    toPromise(): Promise<{
      readonly data?: unknown;
      readonly error?:
        | { readonly graphQLErrors: readonly unknown[]; readonly networkError?: Error | undefined }
        | undefined;
    }>;
  };
}

/**
 * Sends through an urql client: its endpoint, its exchanges, its `fetch` and `fetchOptions`. An HTTP error
 * resolves with its `status`, its `Retry-After` and the GraphQL errors of its body; rejects when no readable
 * answer came, and at once when `signal` aborts, which also ends the request. urql calls `fetch` one microtask
 * later at the earliest. Mutations are never sent by GET, nor held back by one another.
 *
 * Every request carries `signals: true` in its context. The tracker retries by itself, so a `retryExchange`
 * should let it pass by, and an error handler should not alarm the user:
 *
 * ```ts
 * retryExchange({ retryIf: (error, { context }) => context.signals !== true && error.networkError !== undefined });
 * mapExchange({ onError: (error, { context }) => { if (context.signals !== true) toast(error); } });
 * ```
 *
 * The `cacheExchange` adds `__typename` to the mutation, as to any other, and finds no query to refetch: its
 * types are in no other operation. Graphcache wants to know that they have no key:
 * `keys: { TrackEventsPayload: () => null, TrackEventPayload: () => null }`.
 */
export function urqlTransport(client: UrqlClient): HttpFetch {
  return graphqlFetch(async ({ query, variables, signal, keepalive }) => {
    signal.throwIfAborted();
    // `fetchOptions` of a request replaces those of the client, headers included, and a `signal` in it is
    // replaced in turn. So what `fetch` is to be told is added where it is called.
    const given = client.createRequestOperation('mutation', probe).context.fetch;
    const seen: { response?: Response | undefined } = {};
    const fetch: Fetch = async (url, init) => {
      seen.response = undefined;
      const options = { ...init, keepalive, signal, priority: 'low' as const };
      seen.response = await (given ?? globalThis.fetch)(url, options);
      return seen.response;
    };
    const { data, error } = await Promise.race([
      client.mutation(query, variables, { fetch, signals: true }).toPromise(),
      abortOf(signal),
    ]);
    const { response } = seen;
    if (error?.networkError && (!response || response.ok)) throw error.networkError;
    return { data, errors: error?.graphQLErrors.length ? error.graphQLErrors : undefined, response };
  });
}

/**
 * A mutation that is never sent: an operation made of it tells the client's `fetch`, which nothing else does.
 * Development builds look at its kind.
 */
const probe = {
  key: 0,
  query: { definitions: [{ kind: 'OperationDefinition', operation: 'mutation' }] },
  variables: {},
};

/** Rejects when `signal` aborts: an exchange may hold an operation back and not listen. */
function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
