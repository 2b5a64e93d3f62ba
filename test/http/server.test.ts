import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contentProblem } from '../../src/http/content-type.js';
import { graphqlRefusal } from '../../src/http/graphql-reply.js';
import { json, refusal } from '../../src/http/reply.js';
import { createHttpServer, type HttpServer } from '../../src/http/server.js';
import { createLog } from '../../src/observability/log.js';
import { createMetrics } from '../../src/observability/metrics.js';

let server: HttpServer;
let url: string;
let lines: string[];
let release: () => void;

beforeEach(async () => {
  lines = [];
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  server = createHttpServer({
    log: createLog({ level: 'debug', destination: { write: (line) => lines.push(line) } }),
    metrics: createMetrics(),
    now: () => new Date(),
    drainMs: 2_000,
    timeouts: { headers: 300, request: 600, keepAlive: 5_000, check: 50 },
    routes: [
      {
        path: '/echo',
        metric: 'echo',
        methods: ['POST'],
        handle: async (incoming, info) => {
          const problem = contentProblem(incoming);
          if (problem) return refusal(problem);
          const body = await info.body.read({ maxBytes: 1_000, pool: 'vouched' });
          return body.ok ? json(200, { length: body.value.length }) : refusal(body.error);
        },
      },
      {
        path: '/held',
        metric: 'held',
        methods: ['GET'],
        handle: async () => {
          await held;
          return json(200, { held: true });
        },
      },
      {
        path: '/matched',
        metric: 'matched',
        methods: ['GET'],
        handle: async (incoming) => {
          await once(incoming.socket, 'close');
          /alice/.test('alice@example.org');
          return json(200, {});
        },
      },
      {
        path: '/broken',
        metric: 'broken',
        methods: ['GET'],
        handle: () => Promise.reject(new Error('alice@example.org')),
      },
      {
        path: '/graphql',
        metric: 'graphql',
        methods: ['POST'],
        refuse: (code) => graphqlRefusal(code, 'application/json'),
        handle: () => Promise.reject(new Error('alice@example.org')),
      },
    ],
  });
  url = await server.listen(0, '127.0.0.1');
});
afterEach(async () => {
  release();
  await server.close();
});

const post = (body: string, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
  fetch(`${url}/echo`, { method: 'POST', body, headers });

/** Bytes as they are, and what came back until the connection closed. */
function raw(bytes: string, { end = false } = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => {
      socket.write(bytes);
      if (end) socket.end();
    });
    let text = '';
    socket.on('data', (chunk) => (text += chunk));
    socket.on('close', () => resolve(text));
    socket.on('error', reject);
  });
}

describe('a request', () => {
  it('is answered with its length and a request id of its own', async () => {
    const response = await post('{"a":1}');
    expect(await response.json()).toEqual({ length: 7 });
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });
  it('keeps the gateway’s request id only when it is an id', async () => {
    const id = '018f4e7a-1111-7222-8333-444455556666';
    const kept = await post('{}', { 'content-type': 'application/json', 'x-request-id': id });
    expect(kept.headers.get('x-request-id')).toBe(id);
    const dropped = await post('{}', {
      'content-type': 'application/json',
      'x-request-id': 'alice@example.org',
    });
    expect(dropped.headers.get('x-request-id')).not.toContain('alice');
  });

  const types: readonly [string, Record<string, string>, number][] = [
    ['JSON', { 'content-type': 'application/json' }, 200],
    ['JSON with a charset', { 'content-type': 'Application/JSON; charset=UTF-8' }, 200],
    ['JSON in UTF-16', { 'content-type': 'application/json; charset=utf-16' }, 415],
    ['plain text', { 'content-type': 'text/plain' }, 415],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['multipart', { 'content-type': 'multipart/form-data; boundary=x' }, 415],
    ['application/graphql', { 'content-type': 'application/graphql' }, 415],
    ['no type', { 'content-type': '' }, 415],
    ['gzip', { 'content-type': 'application/json', 'content-encoding': 'gzip' }, 415],
    ['zstd', { 'content-type': 'application/json', 'content-encoding': 'zstd' }, 415],
    ['identity', { 'content-type': 'application/json', 'content-encoding': 'identity' }, 200],
  ];
  it.each(types)('with a body of %s', async (_, headers, status) => {
    expect((await post('{}', headers)).status).toBe(status);
  });

  it('is refused by its declared length, by its real length, and by nothing less', async () => {
    expect((await post(`"${'a'.repeat(998)}"`)).status).toBe(200);
    expect((await post(`"${'a'.repeat(999)}"`)).status).toBe(413);
    const chunk = `${(1_001).toString(16)}\r\n${'a'.repeat(1_001)}\r\n0\r\n\r\n`;
    const answer = await raw(
      `POST /echo HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n${chunk}`,
    );
    expect(answer).toContain('413');
    expect(answer.toLowerCase()).toContain('connection: close');
  });
  it('to nowhere, or with another method, is refused by code', async () => {
    const nowhere = await fetch(`${url}/nowhere?token=secret`);
    expect([nowhere.status, await nowhere.json()]).toMatchObject([404, { error: { code: 'NOT_FOUND' } }]);
    const wrong = await fetch(`${url}/echo`, { method: 'DELETE' });
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST']);
  });
  it('that we fail at is answered in the form that callers of its path can read', async () => {
    const response = await fetch(`${url}/graphql`, { method: 'POST' });
    expect([response.status, response.headers.get('retry-after')]).toEqual([500, null]);
    const extensions = { code: 'INTERNAL_SERVER_ERROR', retryable: true, retryAfterMs: 2_000 };
    expect(await response.json()).toEqual({
      errors: [{ message: 'A fault of ours; it is logged by request id.', extensions }],
    });
    const refused = await fetch(`${url}/graphql`);
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'POST']);
    expect((await refused.json()).errors[0].extensions.code).toBe('METHOD_NOT_ALLOWED');
  });
  it('that we fail at is answered without a word of the error, in the log as well', async () => {
    const response = await fetch(`${url}/broken`);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('alice');
    expect(lines.join()).toContain('request failed');
    expect(lines.join()).not.toContain('alice');
  });
});

it('what was matched last of a caller who hung up is not kept', async () => {
  const answered = lines.length + 1;
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write('GET /matched HTTP/1.1\r\nhost: x\r\n\r\n', () => socket.destroy());
  while (lines.length < answered) await setImmediate();
  await setImmediate();
  const { $_: kept, input } = RegExp as unknown as { readonly $_: string; readonly input: string };
  expect(lines.join('')).toContain('"route":"matched"');
  expect([kept, input].join()).not.toContain('alice');
});

describe('a slow client', () => {
  it('that does not finish its headers gets 408', async () => {
    expect(await raw('POST /echo HTTP/1.1\r\nhost: x\r\ncontent-')).toContain('408');
  });
  it('that does not finish its body gets 408', async () => {
    expect(
      await raw(
        'POST /echo HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 10\r\n\r\n{',
      ),
    ).toContain('408');
  });
});

describe('draining', () => {
  it('lets a running request finish, closes its connection, and takes no new one', async () => {
    const answered = new Promise<{ status: number | undefined; connection: string | undefined }>(
      (resolve, reject) => {
        request(`${url}/held`, (response) => {
          response.resume();
          response.on('end', () =>
            resolve({ status: response.statusCode, connection: response.headers.connection }),
          );
        })
          .on('error', reject)
          .end();
      },
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    const closed = server.close();
    expect(server.draining()).toBe(true);
    await expect(fetch(`${url}/echo`)).rejects.toThrow();
    release();
    expect(await answered).toEqual({ status: 200, connection: 'close' });
    await closed;
  });
});
