import { request } from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { rawBytes, trackEvents } from '../hostile/client.js';
import { openWorld, type World } from '../hostile/world.js';
import { bearer, type TestApp } from '../support/app.js';
import { pageViewed } from '../support/pipeline.js';

let world: World;
let app: TestApp;
const tokens: string[] = [];

beforeAll(async () => {
  world = await openWorld();
  app = await world.start({ env: { SIGNALS_RATE_LIMIT_PER_MINUTE: '10000000' } });
  tokens.push(
    await app.token('user-1'),
    await app.token('root', 'admin'),
    await app.token('server', 'service', 'backfill'),
  );
});
afterAll(() => world.close());

/** Longer than anything honest takes; a request that is not answered by then hangs. */
const patienceMs = 8_000;

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly type: string;
  readonly accept: string;
  readonly token: number;
  readonly body: Buffer;
}

/** The status of the answer; 0 where the connection was closed without one. */
function send({ method, path, type, accept, token, body }: Sent): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = tokens[token];
    const headers = {
      ...(type !== '' && { 'content-type': type }),
      ...(accept !== '' && { accept }),
      ...(sent !== undefined && bearer(sent)),
      'content-length': body.length,
    };
    const outgoing = request(`${app.url}${path}`, { method, headers, timeout: patienceMs }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
      response.on('error', () => resolve(0));
    });
    outgoing.on('timeout', () => reject(new Error('no answer')));
    outgoing.on('error', () => resolve(0));
    outgoing.end(body);
  });
}

const event = () => pageViewed({ route: '/a', properties: { status: 200 }, seq: 1, host: 'a.example' });

/** Requests that are fine, for mutation. */
const valid: readonly (readonly [path: string, body: () => unknown])[] = [
  ['/v1/events', () => ({ sentAt: new Date().toISOString(), events: [event(), event()] })],
  ['/graphql', () => ({ query: trackEvents, variables: { input: { events: [event()] } } })],
  [
    '/graphql',
    () => ({
      query: '{ events(first: 2, filter: { appName: ["web"] }) { totalCount edges { cursor node { id } } } }',
    }),
  ],
  [
    '/graphql',
    () => ({
      query: 'query A($r: [_Any!]!) { _entities(representations: $r) { __typename } }',
      operationName: 'A',
      variables: { r: [{ __typename: 'AnalyticsEvent', id: 'x' }] },
    }),
  ],
  [
    '/graphql',
    () => ({
      query: '{ eventCatalog { fingerprint eventTypes(appName: "web") { name properties } } }',
      extensions: { jwt: { payload: { sub: 'x' } } },
    }),
  ],
];

const junk = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(
    null,
    '',
    '\u0000',
    '\ud800',
    -0,
    1e308,
    2 ** 53,
    '__proto__',
    [],
    {},
    [[]],
    'x'.repeat(5_000),
  ),
  fc.string({ unit: 'binary', maxLength: 200 }),
);

/** The value with the node that the path leads to replaced, or taken out. */
function replaced(value: unknown, path: readonly number[], by: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined || typeof value !== 'object' || value === null) return by;
  const keys = Object.keys(value);
  const key = keys[step % Math.max(1, keys.length)];
  if (key === undefined) return by;
  const copy: Record<string, unknown> = Array.isArray(value) ? ([...value] as never) : { ...value };
  copy[key] = replaced(copy[key], rest, by);
  return copy;
}

const mutatedValue = fc
  .tuple(fc.constantFrom(...valid), fc.array(fc.nat(20), { maxLength: 6 }), junk)
  .map(([[path, make], steps, by]) => ({
    path,
    body: Buffer.from(JSON.stringify(replaced(make(), steps, by)) ?? ''),
  }));

const mutatedBytes = fc
  .tuple(
    fc.constantFrom(...valid),
    fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 }),
    fc.nat(),
    fc.boolean(),
  )
  .map(([[path, make], flips, cut, whole]) => {
    const bytes = Buffer.from(JSON.stringify(make()));
    for (const [place, value] of flips) bytes[place % bytes.length] = value;
    return { path, body: whole ? bytes : bytes.subarray(0, cut % bytes.length) };
  });

const anyBytes = fc
  .tuple(
    fc.oneof(
      fc.constantFrom(
        '/graphql',
        '/v1/events',
        '/livez',
        '/readyz',
        '/metrics',
        '/',
        '/graphql/',
        '/v1',
        '//',
        '/%00',
        '/..%2f',
      ),
      fc.webPath(),
    ),
    fc.oneof(
      fc.uint8Array({ maxLength: 2_000 }).map((bytes) => Buffer.from(bytes)),
      fc.json().map((text) => Buffer.from(text)),
      fc.string({ unit: 'binary', maxLength: 500 }).map((text) => Buffer.from(text)),
      junk.map((query) => Buffer.from(JSON.stringify({ query }))),
    ),
  )
  .map(([path, body]) => ({ path: path || '/', body }));

const requests: fc.Arbitrary<Sent> = fc
  .tuple(
    fc.oneof(
      { weight: 3, arbitrary: mutatedValue },
      { weight: 2, arbitrary: mutatedBytes },
      { weight: 2, arbitrary: anyBytes },
    ),
    fc.oneof(
      { weight: 6, arbitrary: fc.constant('POST') },
      fc.constantFrom('GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'),
    ),
    fc.oneof(
      { weight: 6, arbitrary: fc.constant('application/json') },
      fc.constantFrom(
        '',
        'text/plain',
        'application/json; charset=utf-8',
        'application/graphql',
        'multipart/form-data',
        'application/json;;;=',
        ';',
        'application/graphql-response+json',
      ),
    ),
    fc.constantFrom(
      '',
      '*/*',
      'application/json',
      'application/graphql-response+json',
      'text/html',
      ',;q=',
      'application/json;q=0',
    ),
    fc.nat(3),
  )
  .map(([{ path, body }, method, type, accept, token]) => ({ path, body, method, type, accept, token }));

it('any request to any path is answered in time, and never with a fault of ours', {
  timeout: 240_000,
}, async () => {
  const seen = new Set<number>();
  await fc.assert(
    fc.asyncProperty(fc.array(requests, { minLength: 8, maxLength: 8 }), async (batch) => {
      for (const status of await Promise.all(batch.map(send))) {
        seen.add(status);
        expect(status).toBeLessThan(500);
      }
    }),
    { numRuns: 150 },
  );
  // The net was wide enough to catch good ones and bad ones.
  for (const status of [200, 202, 400, 401, 404, 405, 415]) expect(seen).toContain(status);
  expect(app.logs()).not.toContain('"level":"error"');
  expect((await fetch(`${app.url}/readyz`)).status).toBe(200);
});

it('any bytes at all on a connection end in an answer or a closed connection', {
  timeout: 120_000,
}, async () => {
  const line = fc.constantFrom(
    'GET / HTTP/1.1\r\n',
    'POST /graphql HTTP/1.1\r\nhost: x\r\n',
    'POST /v1/events HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 5\r\n\r\n',
    'POST /graphql HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    '\u0016\u0003\u0001',
    '',
  );
  await fc.assert(
    fc.asyncProperty(line, fc.uint8Array({ maxLength: 300 }), async (start, rest) => {
      const bytes = Buffer.concat([Buffer.from(start, 'latin1'), Buffer.from(rest)]);
      const answer = await rawBytes(app.url, bytes).catch(() => '');
      expect(answer).toMatch(/^(HTTP\/1\.1 [1234]\d\d |$)/);
    }),
    { numRuns: 150 },
  );
  expect(app.logs()).not.toContain('"level":"error"');
  expect((await fetch(`${app.url}/livez`)).status).toBe(200);
});
