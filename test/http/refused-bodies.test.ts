import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { json, refusal } from '../../src/http/reply.js';
import { createHttpServer, type HttpServer } from '../../src/http/server.js';
import { createMetrics, type Metrics } from '../../src/observability/metrics.js';
import { silent } from '../support/database.js';

let server: HttpServer;
let port: number;
let metrics: Metrics;
let sockets: Socket[];

beforeEach(async () => {
  sockets = [];
  metrics = createMetrics();
  server = createHttpServer({
    log: silent,
    metrics,
    now: () => new Date(),
    drainMs: 100,
    limits: {
      vouchedBytes: 100_000,
      unvouchedBytes: 40_000,
      slowBodyMs: 1_500,
      connections: 20,
      stalledMs: 1_000,
      lingerMs: 500,
    },
    routes: [
      {
        path: '/body',
        metric: 'body',
        methods: ['POST'],
        async handle(request, info) {
          if (request.headers.authorization === 'none') return refusal('UNAUTHENTICATED');
          const pool = request.headers.authorization ? 'vouched' : 'unvouched';
          const body = await info.body.read({ maxBytes: 30_000, pool });
          return body.ok ? json(200, { length: body.value.length }) : refusal(body.error);
        },
      },
      {
        path: '/large',
        metric: 'large',
        methods: ['GET'],
        handle: async () => json(200, 'x'.repeat(8_000_000)),
      },
    ],
  });
  port = Number(new URL(await server.listen(0, '127.0.0.1')).port);
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await server.close();
});

interface Conversation {
  readonly socket: Socket;
  text(): string;
  readonly closed: Promise<string>;
}

function converse(bytes: string): Conversation {
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk) => (text += chunk));
  socket.on('error', () => undefined);
  socket.write(bytes);
  return {
    socket,
    text: () => text,
    closed: new Promise((resolve) => socket.on('close', () => resolve(text))),
  };
}

const head = (length: number, more = '') =>
  `POST /body HTTP/1.1\r\nhost: x\r\n${more}content-length: ${length}\r\n\r\n`;
const known = 'authorization: x\r\n';
/** For what comes at once on a machine that has nothing else to do. */
const patience = { timeout: 10_000, interval: 20 };
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

it('over the budget: 503 with Retry-After, and the connection is closed; the other pool is free', async () => {
  const held = [converse(head(19_001) + 'x'.repeat(19_000)), converse(head(19_001) + 'x'.repeat(19_000))];
  // Until what is held has arrived, there is room for more.
  const refused = await vi.waitFor(async () => {
    const text = await converse(head(3_000, 'connection: close\r\n') + 'x'.repeat(3_000)).closed;
    expect(text).not.toMatch(/^HTTP\/1\.1 200 /);
    return text;
  }, patience);
  expect(refused).toMatch(/^HTTP\/1\.1 503 /);
  expect(refused).toMatch(/\r\nretry-after: 2\r\n/i);
  expect(refused).toMatch(/\r\nconnection: close\r\n/i);
  expect(refused).toContain('"code":"SERVICE_UNAVAILABLE"');
  const answered = converse(head(30_000, `connection: close\r\n${known}`) + 'x'.repeat(30_000));
  expect(await answered.closed).toMatch(/^HTTP\/1\.1 200 /);
  // What was held ends well: it was not given up for newcomers in time.
  for (const { socket } of held) socket.write('x');
  for (const one of held) await vi.waitFor(() => expect(one.text()).toMatch(/^HTTP\/1\.1 200 /), patience);
});

it('bodies that are sent slowly give way to others, and are told so', async () => {
  const slow = [converse(head(20_001) + 'x'.repeat(20_000)), converse(head(20_001) + 'x'.repeat(20_000))];
  await wait(1_700);
  const honest = converse(head(10_000, 'connection: close\r\n') + 'x'.repeat(10_000));
  expect(await honest.closed).toMatch(/^HTTP\/1\.1 200 /);
  expect(await slow[0]?.closed).toMatch(/^HTTP\/1\.1 503 /);
});

it('room is given back, also by those who hang up', async () => {
  for (let round = 0; round < 20; round++) {
    const gone = converse(head(30_000) + 'x'.repeat(20_000));
    await wait(10);
    gone.socket.destroy();
    await gone.closed;
    const answered = converse(head(30_000, 'connection: close\r\n') + 'x'.repeat(30_000));
    expect(await answered.closed).toMatch(/^HTTP\/1\.1 200 /);
  }
});

it('who sends a large body that is refused unread still reads why', async () => {
  for (let round = 0; round < 20; round++) {
    const response = await fetch(`http://127.0.0.1:${port}/body`, {
      method: 'POST',
      headers: { authorization: 'none' },
      body: 'x'.repeat(1_000_000),
    });
    expect([response.status, (await response.json()).error.code]).toEqual([401, 'UNAUTHENTICATED']);
  }
});

it('an answer that nobody reads ends its connection, one that is read slowly does not', {
  timeout: 20_000,
}, async () => {
  const stalled = converse('GET /large HTTP/1.1\r\nhost: x\r\n\r\n');
  stalled.socket.pause();
  const slow = converse('GET /large HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
  slow.socket.pause();
  const reading = setInterval(() => {
    slow.socket.resume();
    setTimeout(() => slow.socket.pause(), 5);
  }, 100);
  await wait(4_000);
  stalled.socket.resume();
  expect((await stalled.closed).length).toBeLessThan(8_000_000);
  clearInterval(reading);
  slow.socket.resume();
  expect((await slow.closed).length).toBeGreaterThan(8_000_000);
});

it('connections are bounded, and those that wait for nothing make room', async () => {
  const idle = Array.from({ length: 20 }, () => converse(`${head(1, known)}x`));
  for (const one of idle) await vi.waitFor(() => expect(one.text()).toMatch(/^HTTP\/1\.1 200 /), patience);
  const ask = () => converse(`${head(1, `connection: close\r\n${known}`)}x`).closed;
  expect(await ask()).toBe('');
  expect(await metrics.render()).toContain('signals_connections_dropped_total 1');
  await vi.waitFor(async () => expect(await ask()).toMatch(/^HTTP\/1\.1 200 /), patience);
});
