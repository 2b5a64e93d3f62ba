import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import type { HttpFetch, HttpRequest } from '../../../src/client/transport.js';
import { createTracker } from '../../../src/sdk/tracker.js';
import { createFakePage } from '../fake-page.js';

/** A request as it came in; `answer` is how the test replies, when it likes. */
export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: {
    readonly operationName: string;
    readonly query: string;
    readonly variables: Record<string, unknown>;
  };
  answer(body: unknown, status?: number, headers?: Record<string, string>): void;
  /** Sends the head of an answer and the start of its body, then ends the connection. */
  cut(): void;
  /** Settles when the connection has ended before an answer. */
  readonly gone: Promise<void>;
}

/** A GraphQL endpoint whose answers the test gives one by one. */
export interface Gateway {
  readonly url: string;
  readonly received: readonly Received[];
  /** The next request of this operation that nobody has asked for yet. */
  next(operationName: string): Promise<Received>;
  close(): Promise<void>;
}

export async function startGateway(): Promise<Gateway> {
  const received: Received[] = [];
  const unclaimed: Received[] = [];
  const waiting: { operationName: string; resolve: (received: Received) => void }[] = [];

  const server = createServer(async (request, response) => {
    const body = await json(request).then(
      (parsed) => parsed as Received['body'],
      () => null,
    );
    // Given up while it was being sent, or a GET: no operation of these tests.
    if (body === null) return void response.destroy();
    const one: Received = { headers: request.headers, body, ...controls(response) };
    received.push(one);
    const index = waiting.findIndex(({ operationName }) => operationName === body.operationName);
    if (index < 0) unclaimed.push(one);
    else waiting.splice(index, 1)[0]?.resolve(one);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The test server has no port.');

  return {
    url: `http://127.0.0.1:${address.port}/graphql`,
    received,
    next(operationName) {
      const index = unclaimed.findIndex((one) => one.body.operationName === operationName);
      const [one] = index < 0 ? [] : unclaimed.splice(index, 1);
      if (one !== undefined) return Promise.resolve(one);
      return new Promise((resolve) => waiting.push({ operationName, resolve }));
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function controls(response: ServerResponse): Pick<Received, 'answer' | 'cut' | 'gone'> {
  return {
    answer(body, status = 200, headers = {}) {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    },
    cut() {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"data":', () => response.destroy());
    },
    gone: new Promise((resolve) => {
      response.once('close', () => {
        if (!response.writableFinished) resolve();
      });
    }),
  };
}

/** What the tracker says besides its batch; a client has an endpoint, a token and headers of its own. */
export const trackerOptions = {
  endpoint: 'http://tracker.invalid/',
  token: 'of-the-tracker',
  headers: { 'x-tracker': 'yes' },
} as const;

/** The request that a tracker makes of one event, and how to give it up. */
export function trackRequest({ keepalive = false } = {}) {
  const controller = new AbortController();
  let made: HttpRequest | undefined;
  const page = createFakePage({
    fetch(_, given) {
      made = { ...given, keepalive, signal: controller.signal };
      return new Promise(() => {});
    },
  });
  const options = { ...trackerOptions, appName: 'web', user: { id: 1 }, consent: 'granted' } as const;
  createTracker(options, { ...page.platform, later: () => () => {} }).track('journey_opened');
  page.hide();
  if (!made) throw new Error('The tracker did not call fetch.');
  const { query, variables } = JSON.parse(made.body) as Pick<Received['body'], 'query' | 'variables'>;
  return { request: made, query, variables, abort: (reason: Error) => controller.abort(reason) };
}

/** Sends through a transport and reads all that the tracker reads of an answer. */
export async function send(transport: HttpFetch, request: HttpRequest) {
  const answer = await transport(trackerOptions.endpoint, request);
  const { data, errors } = JSON.parse(await answer.text()) as { data?: unknown; errors?: unknown };
  return { status: answer.status, retryAfter: answer.headers.get('retry-after'), data, errors };
}

export const verdicts = {
  trackEvents: {
    results: [{ status: 'ACCEPTED', reason: null, retryAfterMs: null, field: null, rule: null }],
  },
};

/** The platform's `fetch`, and what it was told besides headers and body. */
export function recordingFetch() {
  const calls: Record<string, unknown>[] = [];
  const recorded: typeof fetch = (url, init) => {
    calls.push({ ...init });
    return fetch(url, init);
  };
  return { calls, fetch: recorded };
}

/** A promise that the test settles when it likes. */
export function deferred() {
  let resolve: () => void = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
