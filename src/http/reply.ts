import type { ServerResponse } from 'node:http';
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
  readonly message?: string;
  readonly retryAfterMs?: number;
  /** What stands beside `error`. */
  readonly more?: object;
}

/** `{error: {code, message, retryable}}` with the code's status, and `Retry-After` where retrying helps. */
export function refusal(code: ErrorCode, { message, retryAfterMs, more }: RefusalDetails = {}): Reply {
  const { httpStatus, meaning, retryable } = errorCodes[code];
  const seconds =
    retryAfterMs === undefined ? retryAfterSeconds : Math.max(1, Math.ceil(retryAfterMs / 1000));
  const headers = retryable && httpStatus !== 500 ? { 'retry-after': String(seconds) } : undefined;
  return json(httpStatus, { error: { code, message: message ?? meaning, retryable }, ...more }, headers);
}

/** Writes an answer; a client that has gone away is no error. */
export function send(
  response: ServerResponse,
  reply: Reply | NoContent,
  requestId: string,
  closing: boolean,
): void {
  if (response.headersSent || response.destroyed) return;
  const payload = reply.body === null ? null : Buffer.from(reply.body, 'utf8');
  response.writeHead(reply.status, {
    ...(reply.body !== null && { 'content-type': reply.contentType }),
    ...(payload !== null && { 'content-length': payload.length }),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-request-id': requestId,
    ...(closing && { connection: 'close' }),
    ...reply.headers,
  });
  response.end(payload ?? undefined);
}
