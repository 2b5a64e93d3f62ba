import type { IncomingMessage, ServerResponse } from 'node:http';
import type { NoContent, Reply } from './reply.js';

/** How long a caller has time for what comes after the answer, in milliseconds. */
export interface SendPatience {
  /** Without any progress, an answer that is not read is given up and its connection closed. */
  readonly stalledMs: number;
  /** The rest of a body that was not read is thrown away for so long. */
  readonly lingerMs: number;
}

export interface SendOptions extends SendPatience {
  readonly requestId: string;
  /** Whether the connection is closed after the answer; it always is where the body was not read to its end. */
  readonly closing: boolean;
}

/** Writes an answer; a client that has gone away is no error. */
export function send(
  request: IncomingMessage,
  response: ServerResponse,
  reply: Reply | NoContent,
  { requestId, closing, stalledMs, lingerMs }: SendOptions,
): void {
  if (response.headersSent || response.destroyed) return;
  const payload = reply.body === null ? null : Buffer.from(reply.body, 'utf8');
  // A body that was refused unread would be taken for the next request on this connection.
  const unread = !request.complete && request.method !== 'GET';
  response.writeHead(reply.status, {
    ...(reply.body !== null && { 'content-type': reply.contentType }),
    ...(payload !== null && { 'content-length': payload.length }),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-request-id': requestId,
    ...((closing || unread) && { connection: 'close' }),
    ...reply.headers,
  });
  if (!unread) response.end(payload ?? undefined);
  else endAfterBody(request, response, payload, lingerMs);
  // Node ends a connection on which nothing moves for so long; it looks at how much of the answer has left.
  if (response.writableLength > 0 || request.socket.writableLength > 0) request.socket.setTimeout(stalledMs);
}

/**
 * Answers at once and closes later. A connection that is closed while its peer is still writing is reset, and the peer
 * loses the answer that says why (RFC 9112 section 9.6). What still comes is thrown away.
 */
function endAfterBody(
  request: IncomingMessage,
  response: ServerResponse,
  payload: Buffer | null,
  lingerMs: number,
): void {
  if (payload) response.write(payload);
  else response.flushHeaders();
  const end = (): void => {
    clearTimeout(timer);
    request.off('end', end).off('close', end);
    response.end();
  };
  const timer = setTimeout(end, lingerMs);
  request.on('end', end).on('close', end).resume();
}
