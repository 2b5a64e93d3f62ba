import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ErrorCode, errorCodes } from '../../src/contract/index.js';
import { answerOf, clientOf, metric, rawBytes, trackEvent } from '../hostile/client.js';
import { gatewaySecret, signedByGateway } from '../hostile/gateway.js';
import { openWorld, type World } from '../hostile/world.js';
import { bearer, type TestApp } from '../support/app.js';
import { freshId, noon, pageViewed } from '../support/pipeline.js';

let world: World;
let app: TestApp;
let gated: TestApp;
let user: Record<string, string>;

beforeAll(async () => {
  world = await openWorld();
  app = await world.start({ env: { SIGNALS_RATE_LIMIT_PER_MINUTE: '1000000' } });
  gated = await world.start({ env: { SIGNALS_GATEWAY_HMAC_SECRETS: gatewaySecret } });
  user = bearer(await app.token('user-1'));
});
afterAll(() => world.close());

interface Provoked {
  readonly status: number;
  readonly code: string;
  readonly retryable: boolean;
  readonly text: string;
}

/** What a response says went wrong, from whichever door it comes. */
async function read(response: Response): Promise<Provoked> {
  const text = await response.text();
  const { error, errors } = JSON.parse(text);
  const { code, retryable } = error ?? errors[0].extensions;
  return { status: response.status, code, retryable, text };
}

/** Refusals before execution, for a client that knows the newer media type: there, a status is a status. */
const strict = { accept: 'application/graphql-response+json' };
const graphql = async (body: unknown, to = app, headers = user) =>
  read(await to.post('/graphql', body, { ...headers, ...strict }));
const rest = async (body: unknown, to = app, headers = user) =>
  read(await to.post('/v1/events', body, headers));

async function signed(change: (request: ReturnType<typeof signedByGateway>) => unknown, ageMs = 0) {
  const now = new Date(Date.now() - ageMs);
  return graphql(change(signedByGateway({ query: '{ __typename }' }, { now })), gated);
}

async function withoutKeys(): Promise<Provoked> {
  const other = await world.start({
    env: { SIGNALS_JWKS_URL: 'https://issuer.example/keys' },
    fetch: () => Promise.reject(new TypeError('fetch failed')),
  });
  return rest({ events: [] }, other);
}

/** An app whose store says or does something else. */
async function withStore(append: () => Promise<never[]>): Promise<TestApp> {
  return world.start({ store: { ...world.store, store: { ...world.store.store, append } } });
}

async function failing(append: () => Promise<never[]>): Promise<Provoked> {
  const broken = await withStore(append);
  return rest({ events: [pageViewed()] }, broken, bearer(await broken.token('user-1')));
}

/** Node itself answers a request that does not arrive in time, with a status and no body. */
async function tooSlow(): Promise<Provoked> {
  const answer = await rawBytes(app.url, 'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-', { end: false });
  const status = Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);
  return { status, code: 'REQUEST_TIMEOUT', retryable: true, text: answer };
}

/** The body is the verdicts themselves, so that a client knows of every event. */
async function overTheLimit(): Promise<Provoked> {
  const limited = await world.start({ now: () => noon, env: { SIGNALS_RATE_LIMIT_PER_MINUTE: '1' } });
  const client = clientOf(limited, await limited.token('user-1'));
  await client.one(pageViewed());
  const { status, headers, body } = await client.rest({ events: [pageViewed(), pageViewed()] });
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  const [code = ''] = new Set(body.results.map(({ reason }) => String(reason)));
  return { status, code, retryable: true, text: JSON.stringify(body) };
}

/** A question whose answer would take too much reading, says the store. */
async function tooExpensive(): Promise<Provoked> {
  const stats = async () => ({ ok: false, error: { estimatedRows: 6_000_000, limit: 5_000_000 } }) as const;
  const dear = await world.start({ store: { ...world.store, store: { ...world.store.store, stats } } });
  const query = '{ eventStats(input: { last: "P1D" }) { total { events } } }';
  return graphql({ query }, dear, bearer(await dear.token('boss', 'admin')));
}

/** One way to each code: the compiler asks for all of them. */
const provocations: Readonly<Record<ErrorCode, () => Promise<Provoked>>> = {
  UNAUTHENTICATED: () => rest({ events: [] }, app, {}),
  FORBIDDEN: () => graphql({ query: '{ events { totalCount } }' }),
  AUTH_UNAVAILABLE: withoutKeys,
  GATEWAY_SIGNATURE_REQUIRED: () => graphql({ query: '{ __typename }' }, gated),
  GATEWAY_SIGNATURE_INVALID: () => signed((request) => ({ ...request, query: '{ a: __typename }' })),
  GATEWAY_SIGNATURE_STALE: () => signed((request) => request, 120_000),
  BAD_USER_INPUT: () => rest({ events: 'none' }),
  GRAPHQL_PARSE_FAILED: () => graphql({ query: '{' }),
  GRAPHQL_VALIDATION_FAILED: () => graphql({ query: '{ nothing }' }),
  PERSISTED_QUERY_NOT_FOUND: () => graphql({ extensions: { persistedQuery: { version: 1 } } }),
  QUERY_TOO_EXPENSIVE: tooExpensive,
  BATCH_TOO_LARGE: () => rest({ events: Array.from({ length: 201 }, () => ({})) }),
  REQUEST_ENTITY_TOO_LARGE: () => rest('x'.repeat(1_048_577)),
  UNSUPPORTED_MEDIA_TYPE: () => rest('{}', app, { ...user, 'content-type': 'text/plain' }),
  METHOD_NOT_ALLOWED: async () => read(await fetch(`${app.url}/graphql`)),
  NOT_FOUND: async () => read(await fetch(`${app.url}/graphiql`)),
  REQUEST_TIMEOUT: tooSlow,
  RATE_LIMITED: overTheLimit,
  SERVICE_UNAVAILABLE: () => failing(async () => ['UNAVAILABLE'] as unknown as never[]),
  INTERNAL_SERVER_ERROR: () => failing(() => Promise.reject(new Error('alice@example.org'))),
};

describe('every code of the table can be had', () => {
  it.concurrent.each(Object.entries(provocations))('%s', async (code, provoke) => {
    const provoked = await provoke();
    const { httpStatus, retryable } = errorCodes[code as ErrorCode];
    // What was executed answers 200 whatever the code.
    const status = ['FORBIDDEN', 'QUERY_TOO_EXPENSIVE'].includes(code) ? 200 : httpStatus;
    expect(provoked).toMatchObject({ status, code, retryable });
    expect(provoked.text).not.toMatch(/alice|\n\s+at |node_modules|\.ts:/);
  });

  it('a fault of ours is logged without its message', async () => {
    const broken = await withStore(() => Promise.reject(new TypeError('alice@example.org')));
    const client = clientOf(broken, await broken.token('user-1'));
    const answer = await client.graphql(trackEvent, { input: pageViewed() });
    expect([answer.status, answer.codes, answer.data]).toEqual([200, ['INTERNAL_SERVER_ERROR'], null]);
    expect(broken.logs()).toContain('"error":"TypeError"');
    expect(broken.logs()).not.toContain('alice');
  });
});

describe('what the client accepts decides status and media type', () => {
  const json = 'application/json';
  const response = 'application/graphql-response+json';
  const refused = [
    ['a document that does not parse', { query: '{' }],
    ['a document that does not validate', { query: '{ nothing }' }],
    ['a variable that does not fit', { query: trackEvent, variables: { input: 'x' } }],
    ['an unknown operation', { query: 'query A { __typename }', operationName: 'B' }],
  ] as const;
  const accepts: readonly [accept: string, type: string, status: number][] = [
    [json, json, 200],
    ['*/*', json, 200],
    ['application/*', json, 200],
    [response, response, 400],
    [`${response}, ${json}`, response, 400],
    [`${response}; charset=utf-8, ${json};q=0.9`, response, 400],
    [`text/html, ${json}`, json, 200],
  ];
  it.each(
    refused.flatMap(([what, body]) =>
      accepts.map(([accept, ...rest_]) => [what, accept, body, ...rest_] as const),
    ),
  )('%s, accepting %s', async (_what, accept, body, type, status) => {
    const answer = await app.post('/graphql', body, { ...user, accept });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, `${type}; charset=utf-8`]);
    const { data, errors } = await answerOf(answer);
    expect([data, errors?.length]).toEqual([undefined, 1]);
  });
  it('what was executed is 200 for both, errors or not', async () => {
    for (const accept of [json, response]) {
      for (const query of ['{ eventCatalog { fingerprint } }', '{ events { totalCount } }']) {
        const answer = await app.post('/graphql', { query }, { ...user, accept });
        expect([answer.status, answer.headers.get('content-type')]).toEqual([
          200,
          `${accept}; charset=utf-8`,
        ]);
      }
    }
  });
  it('neither of them is 406', async () => {
    for (const accept of ['text/html', 'multipart/mixed', 'text/event-stream', 'nonsense']) {
      expect((await app.post('/graphql', { query: '{ __typename }' }, { ...user, accept })).status).toBe(406);
    }
  });
});

const mail = 'alice.echo@example.org';
const name = 'alice_echo_example_org';

describe('no answer repeats what was sent', () => {
  const requests: readonly [place: string, body: unknown][] = [
    ['a variable', { query: trackEvent, variables: { input: mail } }],
    ['a field of a variable', { query: trackEvent, variables: { input: { ...pageViewed(), seq: mail } } }],
    ['a name in a variable', { query: trackEvent, variables: { input: { ...pageViewed(), [mail]: 1 } } }],
    [
      'a variable’s list',
      { query: trackEvent, variables: { input: { ...pageViewed(), eventVersion: [mail] } } },
    ],
    ['a literal', { query: `{ events(first: "${mail}") { totalCount } }` }],
    ['a block string', { query: `{ events(first: """${mail}""") { totalCount } }` }],
    ['a literal of an input', { query: `mutation { trackEvent(input: { seq: "${mail}" }) { status } }` }],
    ['an enum value', { query: `{ events(first: ${name}) { totalCount } }` }],
    ['an unknown field', { query: `{ ${name} }` }],
    ['an unknown argument', { query: `{ events(${name}: 1) { totalCount } }` }],
    ['an unknown field of an input', { query: `{ events(filter: { ${name}: 1 }) { totalCount } }` }],
    ['an unknown type', { query: `query($a: ${name}) { __typename }` }],
    ['an unknown directive', { query: `{ __typename @${name} }` }],
    ['an unknown fragment', { query: `{ ...${name} }` }],
    ['a fragment on an unknown type', { query: `{ ... on ${name} { a } }` }],
    ['an unused fragment', { query: `{ __typename } fragment ${name} on Query { __typename }` }],
    ['an unused variable', { query: `query($${name}: Int) { __typename }` }],
    ['an undefined variable', { query: `{ events(first: $${name}) { totalCount } }` }],
    ['an operation’s name', { query: `query ${name} { nothing }`, operationName: name }],
    ['two operations of one name', { query: `query ${name} { a } query ${name} { b }` }],
    ['an operation that is not there', { query: '{ __typename }', operationName: mail }],
    ['a comment', { query: `{ # ${mail}\n` }],
    ['a syntax error', { query: `{ events("${mail}") }` }],
    ['a string without an end', { query: `{ events(after: "${mail}` }],
    ['a character that is none', { query: `{ events \u0000${mail} }` }],
    ['a cursor', { query: `{ events(after: "${mail}") { totalCount } }` }],
    ['a date', { query: `{ events(filter: { from: "${mail}" }) { totalCount } }` }],
    ['a representation', { query: `{ _entities(representations: ["${mail}"]) { __typename } }` }],
    ['a conflict', { query: `{ a: eventCatalog { x: fingerprint } a: eventCatalog { x: ${name} } }` }],
    ['a member of the body', { query: '{ __typename }', [mail]: 1 }],
    ['a body that is no JSON', `{"query": ${mail}`],
    [
      'the time it was sent',
      {
        query: 'mutation($i: TrackEventsInput!) { trackEvents(input: $i) { accepted } }',
        variables: { i: { events: [], sentAt: mail } },
      },
    ],
  ];
  it.each(requests)('from %s', async (_place, body) => {
    const token = await app.token('root', 'admin');
    for (const accept of ['application/json', 'application/graphql-response+json']) {
      const response = await app.post('/graphql', body, { ...bearer(token), accept });
      const text = `${await response.text()} ${JSON.stringify([...response.headers])}`;
      expect(text).toContain('"errors"');
      expect(text).not.toMatch(/alice|echo/i);
      expect(response.status).toBeLessThan(500);
    }
    expect(app.logs()).not.toMatch(/alice|echo/i);
  });
  it('but the caller’s own aliases, in a path', async () => {
    const answer = await clientOf(app, await app.token('user-1')).graphql('{ alice: events { totalCount } }');
    expect(answer.errors?.[0]?.path).toEqual(['alice']);
  });
  it('over REST, from a path, a query or a body', async () => {
    for (const path of [`/${mail}`, `/v1/events/${mail}`, `/graphql/${mail}?a=${mail}`]) {
      const response = await app.post(path, { [mail]: mail }, user);
      expect(response.status).toBe(404);
      expect(await response.text()).not.toContain('alice');
    }
    const event = { ...pageViewed(), appName: mail, eventType: mail, route: mail, clientEventId: mail };
    const response = await app.post('/v1/events', { events: [event] }, user);
    expect(await response.text()).not.toContain('alice');
  });
});

describe('a document over a limit is refused before it is executed', () => {
  const selections = (count: number, of: string) =>
    Array.from({ length: count }, (_, index) => `a${index}: ${of}`).join(' ');
  const deep = (depth: number): string => (depth === 0 ? 'name' : `ofType { ${deep(depth - 1)} }`);
  const over: readonly [what: string, limit: string, query: string][] = [
    ['tokens', 'Token limit', `{ ${'__typename '.repeat(4_001)} }`],
    ['depth', 'Query depth limit', `{ __schema { types { ${deep(20)} } } }`],
    ['aliases', 'Aliases limit', `{ ${selections(260, '__typename')} }`],
    ['directives', 'Directives limit', `{ __typename ${'@include(if: true) '.repeat(60)} }`],
    ['cost', 'Query Cost limit', `{ ${selections(100, 'events(first: 200) { edges { node { id } } }')} }`],
    ['nesting', 'Nesting limit', `{ events(after: ${'['.repeat(65)}${']'.repeat(65)}) { totalCount } }`],
  ];
  it.each(over)('%s', async (_what, limit, query) => {
    const before = await metric(app, 'signals_events_received_total');
    const answer = await answerOf(await app.post('/graphql', { query }, { ...user, ...strict }));
    expect([answer.status, answer.codes[0], answer.data]).toEqual([
      400,
      'GRAPHQL_VALIDATION_FAILED',
      undefined,
    ]);
    expect(answer.errors?.[0]?.message).toMatch(new RegExp(`^${limit} of \\d+ exceeded`));
    expect(await metric(app, 'signals_events_received_total')).toBe(before);
  });
  it('two hundred aliases of trackEvent are not over it, since gateways merge so many', async () => {
    const before = await metric(app, 'signals_events_received_total');
    const inputs = Array.from({ length: 200 }, () => pageViewed());
    const names = inputs.map((_, index) => `$e${index}: TrackEventInput!`).join(' ');
    const fields = inputs.map((_, index) => `a${index}: trackEvent(input: $e${index}) { status }`).join(' ');
    const variables = Object.fromEntries(inputs.map((input, index) => [`e${index}`, input]));
    const response = await app.post(
      '/graphql',
      { query: `mutation(${names}) { ${fields} }`, variables },
      user,
    );
    const { data, errors } = await answerOf(response);
    expect(errors).toBeUndefined();
    expect(new Set(Object.values<{ status: string }>(data).map(({ status }) => status))).toEqual(
      new Set(['ACCEPTED']),
    );
    expect(await metric(app, 'signals_events_received_total')).toBe(before + 200);
    expect(await world.stored(...inputs.map(({ clientEventId }) => clientEventId ?? ''))).toHaveLength(200);
  });
  it('the introspection query of every tool is not over it', async () => {
    const response = await app.post('/graphql', { query: getIntrospectionQuery() }, user);
    const { data, errors } = await answerOf(response);
    expect(errors).toBeUndefined();
    expect(data.__schema.queryType.name).toBe('Query');
  });
  it('but two of them in one document are', async () => {
    const query = getIntrospectionQuery().replace(
      '__schema',
      'a: __schema { types { ...FullType } } __schema',
    );
    const { codes } = await answerOf(await app.post('/graphql', { query }, user));
    expect(codes).toEqual(['GRAPHQL_VALIDATION_FAILED']);
  });
  it('a full page of every field is not over it', async () => {
    const node =
      'id createdAt occurredAt eventType eventVersion appName appVersion source route entityType entityId userHash sessionId seq deviceType browserFamily osFamily clientEventId properties';
    const query = `{ events(first: 200) { totalCount pageInfo { hasNextPage endCursor } edges { cursor node { ${node} } } } }`;
    const { errors } = await answerOf(
      await app.post('/graphql', { query }, bearer(await app.token('root', 'admin'))),
    );
    expect(errors).toBeUndefined();
  });
  it('a gateway that looks up a page of entities is not over it', async () => {
    const r = Array.from({ length: 200 }, () => ({ __typename: 'AnalyticsEvent', id: freshId() }));
    const query =
      'query($r: [_Any!]!) { _entities(representations: $r) { ... on AnalyticsEvent { id createdAt route } } }';
    const body = { query, variables: { r } };
    const { data, errors } = await answerOf(
      await app.post('/graphql', body, bearer(await app.token('root', 'admin'))),
    );
    expect(errors).toBeUndefined();
    expect(data._entities).toHaveLength(200);
  });
});
