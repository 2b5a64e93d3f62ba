import { GraphQLError } from 'graphql';
import { type ErrorCode, errorCodes } from '../contract/index.js';

const ours = new WeakSet<Error>();

/** An expected refusal as GraphQL sees it: a code of the table, never a value. The one maker of such errors. */
export function codedError(code: ErrorCode, message: string = errorCodes[code].meaning): GraphQLError {
  const error = new GraphQLError(message, { extensions: { code } });
  ours.add(error);
  return error;
}

/** The store could not be asked. The cause stays on the error for the log, and goes no further. */
export function storeFailed(cause: unknown): GraphQLError {
  const error = codedError('SERVICE_UNAVAILABLE');
  error.cause = cause;
  return error;
}

/** Whether `codedError` made it (GraphQL wraps errors of resolvers to add their place), so that its message is known to hold no value. */
export function isCoded(error: GraphQLError): boolean {
  return ours.has(error) || (error.originalError != null && ours.has(error.originalError));
}
