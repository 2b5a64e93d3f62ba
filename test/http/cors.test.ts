import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Authentication } from '../../src/auth/authenticator.js';
import type { TrackResult } from '../../src/contract/index.js';
import { limits } from '../../src/contract/index.js';
import { createCors } from '../../src/http/cors.js';
import { eventsRoute } from '../../src/http/events-route.js';
import { json } from '../../src/http/reply.js';
import { createHttpServer, type HttpServer } from '../../src/http/server.js';
import { createMetrics } from '../../src/observability/metrics.js';
import { openWorld } from '../hostile/world.js';
import { bearer } from '../support/app.js';
import { silent } from '../support/database.js';
import { pageViewed } from '../support/pipeline.js';

const app = 'https://app.example.org';
const local = 'http://localhost:5173';

/** What the service is made to answer, by the token that is sent; everything else is nobody's. */
type Outcome = 'fine' | 'limited' | 'away' | 'broken';
const outcomes: readonly Outcome[] = ['fine', 'limited', 'away', 'broken'];

/** The endpoint on a real server; `asked` counts who got as far as the authenticator. */
async function serve(corsOrigins: readonly string[]) {
  let asked = 0;
  const metrics = createMetrics();
  const authenticate = async ({ authorization }: { authorization: unknown }): Promise<Authentication> => {
    asked++;
    const subject = outcomes.find((outcome) => authorization === `Bearer ${outcome}`);
    if (!subject) return { ok: true, value: { kind: 'anonymous' } };
    const roles = { isAdmin: false, isService: false, mayBackfill: false };
    return { ok: true, value: { kind: 'user', subject, email: null, ...roles } };
  };
  const result = { accepted: 0, duplicates: 0, dropped: 1, rejected: 0 };
  const dropped: TrackResult = {
    clientEventId: 'x',
    status: 'DROPPED',
    reason: 'RATE_LIMITED',
    retryAfterMs: 7_000,
    field: null,
    rule: null,
  };
  const server: HttpServer = createHttpServer({
    log: silent,
    metrics,
    now: () => new Date(),
    routes: [
      eventsRoute({
        authenticator: { authenticate },
        originOf: () => ({ ip: null, userAgent: null, optedOut: false }),
        track: async ({ author }) => {
          if (author.subject === 'broken') throw new Error('a fault of ours');
          if (author.subject === 'away') return { ok: false, error: 'SERVICE_UNAVAILABLE' };
          if (author.subject === 'limited') return { ok: true, value: { ...result, results: [dropped] } };
          return { ok: true, value: { ...result, dropped: 0, results: [] } };
        },
        metrics,
        maxBatch: 10,
        corsOrigins,
      }),
      { path: '/other', metric: 'livez', methods: ['GET'], handle: async () => json(200, {}) },
    ],
  });
  const url = await server.listen(0, '127.0.0.1');
  const ask = (method: string, headers: Record<string, string>, body?: string, path = '/v1/events') =>
    fetch(`${url}${path}`, { method, headers, ...(body !== undefined && { body }) });
  return { server, url, ask, asked: () => asked };
}

type Served = Awaited<ReturnType<typeof serve>>;
let open: Served;
let closed: Served;

beforeAll(async () => {
  [open, closed] = await Promise.all([serve([app, local]), serve([])]);
});
afterAll(() => Promise.all([open.server.close(), closed.server.close()]));

/** A preflight as Chromium sends it for the SDK's request. */
const preflight = (origin: string) => ({
  origin,
  'access-control-request-method': 'POST',
  'access-control-request-headers': 'authorization,content-type',
});
const post = (origin: string, token: string) => ({
  origin,
  'content-type': 'application/json',
  ...bearer(token),
});

/** Everything an answer says of CORS. */
function corsOf({ headers }: Response): Record<string, string> {
  return Object.fromEntries(
    [...headers].filter(([name]) => name.startsWith('access-control-') || name === 'vary'),
  );
}
const stranger = { vary: 'origin' };
const readable = (origin: string) => ({
  vary: 'origin',
  'access-control-allow-origin': origin,
  'access-control-expose-headers': 'retry-after',
});

/** Bytes as they are, and what came back until the connection closed. */
function raw(url: string, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.end(bytes));
    let text = '';
    socket.on('data', (chunk) => (text += chunk));
    socket.on('close', () => resolve(text));
    socket.on('error', reject);
  });
}

describe('a preflight', () => {
  it.each([app, local])('from %s is told all that the SDK needs, and nothing of cookies', async (origin) => {
    const response = await open.ask('OPTIONS', preflight(origin));
    expect([response.status, await response.text()]).toEqual([204, '']);
    expect(corsOf(response)).toEqual({
      vary: 'origin',
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'authorization, content-type, x-request-id',
      'access-control-max-age': '7200',
    });
    for (const name of ['content-length', 'content-type', 'transfer-encoding'])
      expect(response.headers.has(name)).toBe(false);
  });

  it('says the same whatever it asks for, so that nothing of it comes back', async () => {
    const headers = {
      ...preflight(app),
      'access-control-request-method': 'DELETE',
      'access-control-request-headers': 'x-evil',
    };
    const response = await open.ask('OPTIONS', headers);
    expect(response.status).toBe(204);
    expect(corsOf(response)).toEqual(corsOf(await open.ask('OPTIONS', preflight(app))));
  });

  it('asks nobody who is calling, not even with a token', async () => {
    const before = open.asked();
    await open.ask('OPTIONS', { ...preflight(app), ...bearer('fine') });
    expect(open.asked()).toBe(before);
  });

  it('leaves the connection to the request that follows', async () => {
    const head = `host: x\r\norigin: ${app}\r\n`;
    const text = await raw(
      open.url,
      `OPTIONS /v1/events HTTP/1.1\r\n${head}access-control-request-method: POST\r\n\r\n` +
        `POST /v1/events HTTP/1.1\r\n${head}authorization: Bearer fine\r\ncontent-type: application/json\r\n` +
        'content-length: 13\r\nconnection: close\r\n\r\n{"events":[]}',
    );
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 204', 'HTTP/1.1 202']);
  });

  it('with a body is answered without waiting for it, and the connection is given up', async () => {
    const text = await raw(
      open.url,
      `OPTIONS /v1/events HTTP/1.1\r\nhost: x\r\norigin: ${app}\r\naccess-control-request-method: POST\r\n` +
        'content-length: 9000000\r\n\r\nPOST /v1/events HTTP/1.1\r\nhost: x\r\n\r\n',
    );
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 204']);
    expect(text).toMatch(/\r\nconnection: close\r\n/i);
  });

  it.each([
    ['another site', 'https://app.example.com'],
    ['a subdomain', 'https://evil.app.example.org'],
    ['a longer name', 'https://app.example.org.evil.example'],
    ['another scheme', 'http://app.example.org'],
    ['another port', 'https://app.example.org:8443'],
    ['the default port, which no browser writes', 'https://app.example.org:443'],
    ['upper case, which no browser writes', 'https://APP.example.org'],
    ['a slash at the end', 'https://app.example.org/'],
    ['a sandboxed frame', 'null'],
    ['anybody', '*'],
    ['nobody', ''],
    ['a list with an allowed one', `${app} ${local}`],
    ['a name of every object', '__proto__'],
    ['60,000 characters', `${app}${'a'.repeat(60_000)}`],
  ])('from %s is refused like any method that is not served', async (_, origin) => {
    const response = await open.ask('OPTIONS', preflight(origin));
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
    expect((await response.json()).error.code).toBe('METHOD_NOT_ALLOWED');
    expect(corsOf(response)).toEqual(stranger);
  });

  it.each([
    ['twice the same', `origin: ${app}\r\norigin: ${app}`],
    ['an allowed one first', `origin: ${app}\r\norigin: https://evil.example`],
    ['an allowed one last', `origin: https://evil.example\r\norigin: ${app}`],
  ])('with several origins, %s, is refused', async (_, origins) => {
    const text = await raw(
      open.url,
      `OPTIONS /v1/events HTTP/1.1\r\nhost: x\r\n${origins}\r\naccess-control-request-method: POST\r\nconnection: close\r\n\r\n`,
    );
    expect(text).toMatch(/^HTTP\/1\.1 405 /);
    expect(text).not.toMatch(/access-control-/i);
  });

  it('that is none, for want of a method or of an origin, is an OPTIONS like any other', async () => {
    const plain = await open.ask('OPTIONS', { origin: app });
    expect([plain.status, corsOf(plain)]).toEqual([405, readable(app)]);
    const { origin: _, ...without } = preflight(app);
    const nowhere = await open.ask('OPTIONS', without);
    expect([nowhere.status, corsOf(nowhere)]).toEqual([405, stranger]);
  });

  it('gets nowhere on another path', async () => {
    for (const [path, status] of [
      ['/other', 405],
      ['/nowhere', 404],
      ['/v1/events/', 404],
    ] as const) {
      const response = await open.ask('OPTIONS', preflight(app), undefined, path);
      expect([path, response.status, corsOf(response)]).toEqual([path, status, {}]);
    }
  });
});

describe('an answer', () => {
  const cases: readonly [number, string, () => Parameters<Served['ask']>][] = [
    [202, 'a batch', () => ['POST', post(app, 'fine'), '{"events":[]}']],
    [400, 'no batch', () => ['POST', post(app, 'fine'), '[]']],
    [401, 'no token', () => ['POST', post(app, 'nobody'), '{"events":[]}']],
    [405, 'another method', () => ['PUT', post(app, 'fine'), '{"events":[]}']],
    [413, 'a large body', () => ['POST', post(app, 'fine'), `"${'x'.repeat(limits.maxBodyBytes)}"`]],
    [415, 'a form', () => ['POST', { ...post(app, 'fine'), 'content-type': 'text/plain' }, 'a=b']],
    [429, 'too much', () => ['POST', post(app, 'limited'), '{"events":[{}]}']],
    [500, 'a fault', () => ['POST', post(app, 'broken'), '{"events":[{}]}']],
    [503, 'an outage', () => ['POST', post(app, 'away'), '{"events":[{}]}']],
  ];

  it.each(cases)('%i to %s can be read by an allowed page and by no other', async (status, _, request) => {
    const [method, headers, body] = request();
    const allowed = await open.ask(method, headers, body);
    expect([allowed.status, corsOf(allowed)]).toEqual([status, readable(app)]);
    expect(await allowed.json()).toBeInstanceOf(Object);
    const foreign = await open.ask(method, { ...headers, origin: 'https://evil.example' }, body);
    expect([foreign.status, corsOf(foreign)]).toEqual([status, stranger]);
    const { origin: __, ...without } = headers;
    const server = await open.ask(method, without, body);
    expect([server.status, corsOf(server)]).toEqual([status, stranger]);
  });

  it('still says how long to wait', async () => {
    const limited = await open.ask('POST', post(app, 'limited'), '{"events":[{}]}');
    expect(limited.headers.get('retry-after')).toBe('7');
    const away = await open.ask('POST', post(app, 'away'), '{"events":[{}]}');
    expect(away.headers.get('retry-after')).toMatch(/^\d+$/);
  });

  it('says nothing of CORS where no origin is allowed', async () => {
    const asked = await closed.ask('OPTIONS', preflight(app));
    expect([asked.status, asked.headers.get('allow'), corsOf(asked)]).toEqual([405, 'POST', {}]);
    const posted = await closed.ask('POST', post(app, 'fine'), '{"events":[]}');
    expect([posted.status, corsOf(posted)]).toEqual([202, {}]);
  });
});

describe('whatever an Origin header holds', () => {
  it('only an allowed origin is ever printed, and only as the setting has it', () => {
    const origins = [app, local];
    const cors = createCors(origins);
    const near = fc.tuple(fc.constantFrom(...origins), fc.string(), fc.nat(30)).map(([origin, noise, at]) => {
      return origin.slice(0, at) + noise + origin.slice(at);
    });
    const any = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...origins), near);
    fc.assert(
      fc.property(any, fc.constantFrom('OPTIONS', 'POST'), (origin, method) => {
        const answer = cors?.({ method, headers: { origin, 'access-control-request-method': 'POST' } });
        const granted = answer?.headers['access-control-allow-origin'];
        expect(granted).toBe(origins.find((one) => one === origin));
        expect(answer?.headers.vary).toBe('origin');
        expect(answer?.preflight).toBe(granted !== undefined && method === 'OPTIONS');
      }),
    );
  });
});

describe('the whole service', () => {
  it('lets the pages of SIGNALS_CORS_ORIGINS post events, and does nothing of the kind for GraphQL', async () => {
    const world = await openWorld();
    try {
      const running = await world.start({ env: { SIGNALS_CORS_ORIGINS: 'https://APP.example.org:443/' } });
      const asked = await fetch(`${running.url}/v1/events`, { method: 'OPTIONS', headers: preflight(app) });
      expect([asked.status, asked.headers.get('access-control-allow-origin')]).toEqual([204, app]);
      const event = pageViewed();
      const headers = { origin: app, ...bearer(await running.token('user-1')) };
      const posted = await running.post('/v1/events', { events: [event] }, headers);
      expect([posted.status, corsOf(posted)]).toEqual([202, readable(app)]);
      expect(await world.stored(event.clientEventId ?? '')).toHaveLength(1);
      const graphql = await fetch(`${running.url}/graphql`, { method: 'OPTIONS', headers: preflight(app) });
      expect([graphql.status, corsOf(graphql)]).toEqual([405, {}]);
    } finally {
      await world.close();
    }
  });
});
