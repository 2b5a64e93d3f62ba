import { send } from './loopback.js';
import type { Person } from './people.js';

/** A GraphQL answer, typed as far as tests look into it. */
export interface Answer<T = Record<string, unknown>> {
  readonly status: number;
  readonly data: T | null | undefined;
  readonly errors: readonly { message: string; extensions?: { code?: string } }[] | undefined;
  /** `extensions.code` of every error. */
  readonly codes: readonly (string | undefined)[];
}

export interface RequestOptions {
  readonly variables?: Record<string, unknown>;
  /** `extensions` of the request's body: what a client would like the gateway to believe. */
  readonly extensions?: Record<string, unknown>;
  /** What the client invents before the load balancer appends the true address. */
  readonly spoofedForwardedFor?: string;
  readonly headers?: Record<string, string>;
  /** Instead of the person's own; null: none. */
  readonly token?: string | null;
}

/** Asks a gateway as a browser behind a load balancer does. */
export async function ask<T = Record<string, unknown>>(
  url: string,
  person: Person,
  query: string,
  options: RequestOptions = {},
): Promise<Answer<T>> {
  const { variables, extensions, spoofedForwardedFor, headers } = options;
  const token = options.token === undefined ? person.token : options.token;
  return postGraphql(
    url,
    { query, variables, extensions },
    {
      accept: 'application/graphql-response+json, application/json;q=0.9',
      origin: 'https://app.example',
      'accept-language': 'en-GB,en;q=0.9',
      ...(person.userAgent && { 'user-agent': person.userAgent }),
      'x-forwarded-for': spoofedForwardedFor ? `${spoofedForwardedFor}, ${person.address}` : person.address,
      ...(token && { authorization: `Bearer ${token}` }),
      ...headers,
    },
  );
}

/** Posts a GraphQL request with these headers and no others. */
export async function postGraphql<T = Record<string, unknown>>(
  url: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Answer<T>> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await send(url, {
    headers: {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(text)),
      ...headers,
    },
    body: text,
  });
  const { data, errors } = parse(answer.text);
  return { status: answer.status, data, errors, codes: errors?.map((error) => error.extensions?.code) ?? [] };
}

function parse(text: string): Pick<Answer<never>, 'data' | 'errors'> {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`not JSON: ${text.slice(0, 500)}`);
  }
}
