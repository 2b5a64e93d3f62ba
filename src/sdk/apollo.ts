import { type ApolloClient, ApolloLink, gql } from '@apollo/client/core';
import { field, parseJson } from '../client/json-field.js';
import type { HttpFetch } from '../client/transport.js';
import { graphqlFetch } from './graphql-fetch.js';

export interface ApolloTransportOptions {
  /** In place of the client's own links: past those that retry, queue or batch what the app sends. */
  readonly link?: ApolloLink | undefined;
}

/**
 * Sends through the links of an Apollo Client (4, or 3.13 with a bundler): its endpoint, its auth link, its
 * persisted queries. Only the links: `client.mutate` would notify every watched query twice and write to the
 * cache, here neither is touched. An HTTP error resolves with its `status`, its `Retry-After` and the GraphQL
 * errors of its body; rejects when no answer came, and at once when `signal` aborts, which also ends the
 * request. Without an asynchronous link `fetch` is called on the caller's stack.
 *
 * Every request carries `signals: true` in its context. The tracker retries and batches by itself, so a chain
 * with a `RetryLink`, `BatchHttpLink` or a queue should let it pass by, as should one whose error link alarms
 * the user:
 *
 * ```ts
 * const rest = ApolloLink.from([errorLink, retryLink, batchHttpLink]);
 * const ours = ({ getContext }: ApolloLink.Operation) => getContext().signals === true;
 * new ApolloClient({ cache, link: ApolloLink.from([authLink, ApolloLink.split(ours, httpLink, rest)]) });
 * ```
 *
 * or gets links of its own: `apolloTransport(client, { link: ApolloLink.from([authLink, httpLink]) })`.
 */
export function apolloTransport(
  client: { readonly link: ApolloLink },
  options: ApolloTransportOptions = {},
): HttpFetch {
  return graphqlFetch(async ({ query, variables, signal, keepalive }) => {
    signal.throwIfAborted();
    const context = { signals: true, fetchOptions: { keepalive, signal, priority: 'low' } };
    let operation: ApolloLink.Operation | undefined;
    // A GraphQL answer with an HTTP error can be an ordinary result to Apollo Client 4. What it came with is in
    // the operation's context then, where the HTTP links put it.
    const observe = new ApolloLink((given, forward) => {
      operation = given;
      return forward(given);
    });
    const running = ApolloLink.execute(
      observe.concat(options.link ?? client.link),
      // `gql` parses a text once and keeps the document.
      { query: gql(query), variables, context },
      // Links may ask the client for more than its link. It is what the caller gave; the type says less.
      { client: client as ApolloClient },
    );
    const [body, response] = await new Promise<Answer>((resolve, reject) => {
      const subscription = running.subscribe({
        next: (result) => resolve([result, operation?.getContext().response]),
        error: (error: Partial<ServerError> | undefined) => {
          // No other error has a response: no answer came.
          if (error?.response) resolve([error.result ?? parseJson(error.bodyText ?? ''), error.response]);
          else reject(error);
        },
        complete: () => reject(new Error('The links gave no answer.')),
      });
      const abort = () => {
        subscription.unsubscribe();
        reject(signal.reason);
      };
      signal.addEventListener('abort', abort, { once: true });
    });
    const errors = field(body, 'errors');
    return { data: field(body, 'data'), errors: Array.isArray(errors) ? errors : undefined, response };
  });
}

/** A body and what it came with, which links in place of HTTP leave out. */
type Answer = readonly [body: unknown, response: Response | undefined];

/** `ServerError` and `ServerParseError` of either version. */
interface ServerError {
  readonly response: Response;
  /** Version 4. */
  readonly bodyText: string;
  /** Version 3: parsed where that was possible. */
  readonly result: unknown;
}
