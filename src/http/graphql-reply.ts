import type { ExecutionResult, GraphQLError } from 'graphql';
import { type ErrorCode, errorCodes, type RefusalCause, refusalWords } from '../contract/index.js';
import { retryAfterMs, type WireError } from '../graphql/scrub-errors.js';
import { json, type Reply, retryHeaders } from './reply.js';

export type MediaType = 'application/json' | 'application/graphql-response+json';

/** The first of our two media types that the client takes; JSON where it does not care. Null: neither. */
export function acceptedType(header: string | undefined): MediaType | null {
  if (!header) return 'application/json';
  for (const range of header.split(',')) {
    const type = range.split(';', 1)[0]?.trim().toLowerCase();
    if (type === 'application/graphql-response+json') return type;
    if (type === 'application/json' || type === '*/*' || type === 'application/*') return 'application/json';
  }
  return null;
}

/** The answer to an operation that was handed to the engine. */
export function graphqlReply(
  result: ExecutionResult,
  accept: MediaType,
  scrub: (error: GraphQLError) => WireError,
): Reply {
  const errors = result.errors?.map(scrub);
  const executed = 'data' in result && result.data !== undefined;
  const body = { ...(errors && errors.length > 0 && { errors }), ...(executed && { data: result.data }) };
  const code = errors?.[0]?.extensions.code;
  // A request that did not reach execution is 4xx only for clients that know the newer media type.
  const status =
    executed || !code || (accept === 'application/json' && errorCodes[code].httpStatus < 500)
      ? 200
      : errorCodes[code].httpStatus;
  return { ...json(status, body), contentType: `${accept}; charset=utf-8` };
}

/**
 * A refusal before execution, by a code or by what is wrong with the request: a transport status, and a body that
 * GraphQL clients and gateways understand.
 */
export function graphqlRefusal(why: ErrorCode | RefusalCause, accept: MediaType): Reply {
  const { code, message, httpStatus, retryable } = refusalWords(why);
  const extensions = { code, retryable, ...(retryable && { retryAfterMs }) };
  return {
    ...json(httpStatus, { errors: [{ message, extensions }] }, retryHeaders(code, retryAfterMs)),
    contentType: `${accept}; charset=utf-8`,
  };
}
