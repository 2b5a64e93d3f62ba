import { GraphQLError } from 'graphql';
import { type ErrorCode, errorCodes } from '../contract/index.js';
import { StoreUnavailable } from '../domain/ports/index.js';

const ours = new WeakSet<Error>();

/** An expected refusal as GraphQL sees it: a code of the table, never a value. The one maker of such errors. */
export function codedError(code: ErrorCode, message: string = errorCodes[code].meaning): GraphQLError {
  const error = new GraphQLError(message, { extensions: { code } });
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
