import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import type { TrackBatchInput } from '../../src/contract/index.js';
import { createTracker } from '../../src/node-client/index.js';
import { until } from './fake-signals.js';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

type Handler = (body: TrackBatchInput, response: ServerResponse, request: IncomingMessage) => void;

async function listen(handle: Handler): Promise<string> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    handle(JSON.parse(Buffer.concat(chunks).toString('utf8')), response, request);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : '';
}

const accept = (body: TrackBatchInput, response: ServerResponse) => {
  const results = body.events.map(({ clientEventId }) => ({
    clientEventId,
    status: 'ACCEPTED',
    reason: null,
  }));
  response.writeHead(202, { 'content-type': 'application/json' }).end(JSON.stringify({ results }));
};

it('delivers over a real socket, with the platform’s own fetch', async () => {
  const seen: {
    path: string | undefined;
    authorization: string | undefined;
    count: number;
    text: unknown;
  }[] = [];
  const endpoint = await listen((body, response, request) => {
    const { url: path, headers } = request;
    seen.push({
      path,
      authorization: headers.authorization,
      count: body.events.length,
      text: body.events[0]?.properties,
    });
    accept(body, response);
  });
  const tracker = createTracker({ endpoint: `${endpoint}/base/`, token: async () => 'tok', appName: 'web' });
  for (let index = 0; index < 250; index += 1)
    tracker.track('page_viewed', { properties: { text: '½ 😀 \ud800' } });
  await tracker.close();
  // JSON.stringify escapes half a surrogate pair, so it arrives as it was and is the server's to judge.
  const text = { text: '½ 😀 \ud800' };
  expect(seen).toEqual([
    { path: '/base/v1/events', authorization: 'Bearer tok', count: 200, text },
    { path: '/base/v1/events', authorization: 'Bearer tok', count: 50, text },
  ]);
  expect(tracker.stats()).toMatchObject({ tracked: 250, accepted: 250, dropped: {}, queued: 0, inFlight: 0 });
});

it('gets through a server that cuts connections, is busy, and sends half an answer', async () => {
  let requests = 0;
  const endpoint = await listen((body, response, request) => {
    requests += 1;
    if (requests === 1) request.socket.destroy();
    else if (requests === 2) response.writeHead(503, { 'retry-after': '0' }).end('{}');
    else if (requests === 3) {
      response.writeHead(202, { 'content-length': '1000' }).write('{"results":[');
      response.destroy();
    } else accept(body, response);
  });
  const tracker = createTracker({ endpoint, token: 't', appName: 'web', random: () => 0 });
  tracker.track('page_viewed');
  await tracker.flush();
  expect(requests).toBe(4);
  expect(tracker.stats()).toMatchObject({ sent: 4, accepted: 1, dropped: {} });
});

it.each([
  ['never answers', () => {}],
  ['never ends its answer', (response: ServerResponse) => response.writeHead(202).write('{"results":[')],
])('gives up a server that %s', async (_, answer: (response: ServerResponse) => unknown) => {
  let ended = 0;
  const endpoint = await listen((_body, response) => {
    response.on('close', () => {
      ended += 1;
    });
    answer(response);
  });
  const tracker = createTracker({
    endpoint,
    token: 't',
    appName: 'web',
    timeoutMs: 50,
    maxAttempts: 2,
    random: () => 0,
  });
  tracker.track('page_viewed');
  await tracker.flush();
  expect(tracker.stats().dropped).toEqual({ timeout: 1 });
  await until(() => ended === 2);
});

it('does not follow a redirect with its token', async () => {
  const elsewhere: unknown[] = [];
  const target = await listen((body, response) => {
    elsewhere.push(body);
    accept(body, response);
  });
  const endpoint = await listen((_body, response) => {
    response.writeHead(307, { location: `${target}/v1/events` }).end();
  });
  const tracker = createTracker({ endpoint, token: 't', appName: 'web' });
  tracker.track('page_viewed');
  await tracker.flush();
  expect(elsewhere).toEqual([]);
  expect(tracker.stats().dropped).toEqual({ http_307: 1 });
});

it('counts an endpoint that is not there as network', async () => {
  const tracker = createTracker({
    endpoint: 'http://127.0.0.1:1',
    token: 't',
    appName: 'web',
    maxAttempts: 1,
  });
  tracker.track('page_viewed');
  await tracker.flush();
  expect(tracker.stats().dropped).toEqual({ network: 1 });
});
