import { type ErrorCode, errorCodes } from '../contract/index.js';

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

/** Seconds after which a client should come back when the service is away. */
const retryAfterSeconds = 2;

export interface RefusalDetails {
  /** A sentence that says more than the code's meaning, and holds no value of the request. */
  readonly message?: string | undefined;
  readonly retryAfterMs?: number;
  /** What stands beside `error`. */
  readonly more?: object;
}

/** `{error: {code, message, retryable}}` with the code's status, and `Retry-After` where retrying helps. */
export function refusal(code: ErrorCode, { message, retryAfterMs, more }: RefusalDetails = {}): Reply {
  const { httpStatus, meaning, retryable } = errorCodes[code];
  const headers = retryHeaders(code, retryAfterMs);
  return json(httpStatus, { error: { code, message: message ?? meaning, retryable }, ...more }, headers);
}

/** `Retry-After` where retrying helps. */
export function retryHeaders(
  code: ErrorCode,
  retryAfterMs = retryAfterSeconds * 1_000,
): Readonly<Record<string, string>> {
  const { httpStatus, retryable } = errorCodes[code];
  if (!retryable || httpStatus === 500) return {};
  return { 'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / 1_000))) };
}
