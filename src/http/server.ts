import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ErrorCode } from '../contract/index.js';
import type { Log } from '../domain/ports/index.js';
import { describeError } from '../observability/log.js';
import type { Metrics } from '../observability/metrics.js';
import { createRequestBody, type RequestBody } from './body.js';
import { createBodyBudget } from './body-budget.js';
import type { Cors } from './cors.js';
import { forgetLastMatch } from './forget-last-match.js';
import { type NoContent, type Reply, refusal } from './reply.js';
import { requestLimits } from './request-limits.js';
import { pathOfTarget } from './request-target.js';
import { type SendPatience, send } from './send.js';

/** What a handler may know of the request beside its own headers and body. */
export interface RequestInfo {
  /** Taken from `x-request-id` when that is a UUID or hex, else made here. */
  readonly requestId: string;
  /** Read by the handler as far as it likes; its room is given back with the answer. */
  readonly body: RequestBody;
  /** When the request's headers had arrived: the one instant that decides day and salt. */
  readonly receivedAt: Date;
}

export type Handler = (request: IncomingMessage, info: RequestInfo) => Promise<Reply>;

/** One row per path; `metric` is its closed label. */
export interface Route {
  /** Compared with the path as it was sent (`pathOfTarget`). */
  readonly path: string;
  readonly metric: string;
  readonly methods: readonly string[];
  /** Null or absent: no page of another origin may read the answers. */
  readonly cors?: Cors | null;
  /** How what goes wrong outside of the handler is answered at this path. Absent: as a REST error. */
  readonly refuse?: (code: ErrorCode, request: IncomingMessage) => Reply;
  readonly handle: Handler;
}

export interface ServerOptions {
  readonly routes: readonly Route[];
  readonly log: Log;
  readonly metrics: Metrics;
  readonly now: () => Date;
  /** How long a drain may take before connections are cut. */
  readonly drainMs?: number;
  /** Milliseconds; the defaults stop slow clients and outlive a gateway's keep-alive. */
  readonly timeouts?: {
    readonly headers: number;
    readonly request: number;
    readonly keepAlive: number;
    readonly check: number;
  };
  /** What the process takes in; `requestLimits` unless given. */
  readonly limits?: Partial<ServerLimits>;
}

export interface ServerLimits extends SendPatience {
  readonly vouchedBytes: number;
  readonly unvouchedBytes: number;
  readonly slowBodyMs: number;
  readonly connections: number;
}

export interface HttpServer {
  /** Listens; rejects with the system's code when the port cannot be had. Answers the base URL. */
  listen(port: number, host: string): Promise<string>;
  readonly draining: () => boolean;
  /** Stops accepting, lets running requests finish, cuts what is left after `drainMs`. */
  close(): Promise<void>;
}

const defaultLimits: ServerLimits = { ...requestLimits, stalledMs: requestLimits.stalledAnswerMs };
const defaultTimeouts = { headers: 10_000, request: 15_000, keepAlive: 75_000, check: 1_000 };

/** Node's HTTP server around the routes: timeouts against slow clients, one request id, one log line, a drain. */
export function createHttpServer(options: ServerOptions): HttpServer {
  const { log, metrics } = options;
  const timeouts = options.timeouts ?? defaultTimeouts;
  const limits = { ...defaultLimits, ...options.limits };
  const bodies = createBodyBudget({
    bytes: { vouched: limits.vouchedBytes, unvouched: limits.unvouchedBytes },
    slowMs: limits.slowBodyMs,
    elapsedMs: () => performance.now(),
  });
  const byPath = new Map(options.routes.map((route) => [route.path, route]));
  let draining = false;

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const requestId = requestIdOf(request);
    const path = pathOfTarget(request.url);
    const route = path === null ? undefined : byPath.get(path);
    const body = createRequestBody(request, bodies);
    const info = { requestId, body, receivedAt: options.now() };
    const cors = route?.cors?.(request);
    const preflight = cors?.preflight === true;
    const plain = await answer(request, route, info, preflight).catch((error: unknown) => {
      log.error({ ...describeError(error), request_id: requestId }, 'request failed');
      return refusalAt(route, 'INTERNAL_SERVER_ERROR', request);
    });
    body.release();
    const reply = { ...plain, headers: { ...plain.headers, ...cors?.headers } };
    send(request, response, reply, { ...limits, requestId, closing: draining || body.crowdedOut() });
    const label = route?.metric ?? 'other';
    metrics.count('signals_http_requests_total', {
      route: label,
      status: `${Math.floor(reply.status / 100)}xx`,
    });
    log.debug({ route: label, status: reply.status, request_id: requestId }, 'request');
  };

  const server = createServer(
    {
      headersTimeout: timeouts.headers,
      requestTimeout: timeouts.request,
      keepAliveTimeout: timeouts.keepAlive,
      connectionsCheckingInterval: timeouts.check,
      maxHeaderSize: 65_536,
      noDelay: true,
    },
    (request, response) => void handle(request, response).finally(forgetLastMatch),
  );
  server.maxConnections = limits.connections;
  // Connections that wait for their next request make room, so that the next caller gets one.
  server.on('drop', () => {
    metrics.count('signals_connections_dropped_total', {});
    server.closeIdleConnections();
  });

  return {
    draining: () => draining,
    listen: (port, host) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.off('error', reject);
          resolve(baseUrl(server.address() as AddressInfo));
        });
      }),
    close: () => {
      draining = true;
      // Sockets that turn idle after close() would be kept until their keep-alive ends: sweep them.
      const sweep = setInterval(() => server.closeIdleConnections(), 100);
      const cut = setTimeout(() => server.closeAllConnections(), options.drainMs ?? 10_000);
      return new Promise((resolve) => {
        server.close(() => {
          clearInterval(sweep);
          clearTimeout(cut);
          resolve();
        });
        server.closeIdleConnections();
      });
    },
  };
}

async function answer(
  request: IncomingMessage,
  route: Route | undefined,
  info: RequestInfo,
  preflight: boolean,
): Promise<Reply | NoContent> {
  if (preflight) return { status: 204, body: null };
  if (!route) return refusal('NOT_FOUND');
  if (!route.methods.includes(request.method ?? '')) {
    const reply = refusalAt(route, 'METHOD_NOT_ALLOWED', request);
    return { ...reply, headers: { ...reply.headers, allow: route.methods.join(', ') } };
  }
  return route.handle(request, info);
}

/** A refusal in the form that callers of the path can read. */
function refusalAt(route: Route | null | undefined, code: ErrorCode, request: IncomingMessage): Reply {
  return route?.refuse ? route.refuse(code, request) : refusal(code);
}

/** A foreign id is only taken over when it has no room for anything but an id. */
function requestIdOf(request: IncomingMessage): string {
  const sent = request.headers['x-request-id'];
  return typeof sent === 'string' && /^[0-9a-f-]{16,36}$/i.test(sent) ? sent.toLowerCase() : randomUUID();
}

function baseUrl({ address, family, port }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
