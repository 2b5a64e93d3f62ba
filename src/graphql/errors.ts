import { GraphQLError } from 'graphql';
import { type ErrorCode, errorCodes } from '../contract/index.js';
import { StoreUnavailable } from '../domain/ports/index.js';

const ours = new WeakSet<Error>();

/** What a refusal says besides its code and sentence, for programs. */
export interface ErrorDetails {
  /** QUERY_TOO_EXPENSIVE: raw rows that the question would read, and may. */
  readonly estimatedRows?: number;
  readonly limit?: number;
  /** QUERY_TOO_EXPENSIVE: the arguments that would make it cheaper. */
  readonly narrow?: readonly string[];
}

/** An expected refusal as GraphQL sees it: a code of the table, never a value. The one maker of such errors. */
export function codedError(
  code: ErrorCode,
  message: string = errorCodes[code].meaning,
  details: ErrorDetails = {},
): GraphQLError {
  const error = new GraphQLError(message, { extensions: { code, ...details } });
  ours.add(error);
  return error;
}

/**
 * The answer of the store, or SERVICE_UNAVAILABLE where it could not be asked. The engine's own error stays on it as
 * the cause, for the log, and goes no further.
 */
export async function answered<T>(question: Promise<T>): Promise<T> {
  try {
    return await question;
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    throw Object.assign(codedError('SERVICE_UNAVAILABLE'), { cause: error.cause });
  }
}

/** Whether `codedError` made it (GraphQL wraps errors of resolvers to add their place), so that its message is known to hold no value. */
export function isCoded(error: GraphQLError): boolean {
  return ours.has(error) || (error.originalError != null && ours.has(error.originalError));
}
