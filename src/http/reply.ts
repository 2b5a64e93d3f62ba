import { type ErrorCode, errorCodes, type RefusalCause, refusalWords } from '../contract/index.js';

/** One finished answer. Nothing of the request is ever in it but what the contract says. */
export interface Reply {
  readonly status: number;
  readonly body: string;
  readonly contentType: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Nothing to say, which is not an empty text: no length and no type go with it (RFC 9110 section 8.6). */
export interface NoContent {
  readonly status: 204;
  readonly body: null;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A JSON answer. */
export function json(status: number, value: unknown, headers?: Readonly<Record<string, string>>): Reply {
  return {
    status,
    body: JSON.stringify(value),
    contentType: 'application/json; charset=utf-8',
    ...(headers && { headers }),
  };
}

/** When a client should come back when the service is away. */
const defaultRetryAfterMs = 2_000;

export interface RefusalDetails {
  /** A sentence that says more than the code's meaning, and holds no value of the request. */
  readonly message?: string;
  readonly retryAfterMs?: number;
  /** What stands beside `error`. */
  readonly more?: object;
}

/**
 * `{error: {code, message, retryable}}` by a code or by what is wrong with the request, with its status, and
 * `Retry-After` where retrying helps.
 */
export function refusal(why: ErrorCode | RefusalCause, details: RefusalDetails = {}): Reply {
  const { code, httpStatus, retryable, message } = refusalWords(why);
  const headers = retryHeaders(code, details.retryAfterMs ?? defaultRetryAfterMs);
  const error = { code, message: details.message ?? message, retryable };
  return json(httpStatus, { error, ...details.more }, headers);
}

/** `Retry-After` where the service is away or somebody has to wait; a fault of ours has no time at which it is over. */
export function retryHeaders(code: ErrorCode, afterMs: number): Readonly<Record<string, string>> | undefined {
  const { retryable, httpStatus } = errorCodes[code];
  if (!retryable || httpStatus === 500) return undefined;
  return { 'retry-after': String(Math.max(1, Math.ceil(afterMs / 1000))) };
}
