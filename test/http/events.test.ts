import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, clientOf, metric, trackEvents, verdicts } from '../hostile/client.js';
import { openWorld, type World } from '../hostile/world.js';
import { bearer, type TestApp } from '../support/app.js';
import { freshId, noon, pageViewed } from '../support/pipeline.js';

let world: World;
let app: TestApp;
let client: Client;
let token: string;

beforeAll(async () => {
  world = await openWorld();
  app = await world.start({ now: () => noon, env: { SIGNALS_RATE_LIMIT_PER_MINUTE: '1000000' } });
  token = await app.token('user-1');
  client = clientOf(app, token);
});
afterAll(() => world.close());

let routes = 0;
/** An event without an id, that nobody has sent before. */
const withoutId = (more: object = {}) => ({
  eventType: 'page_viewed',
  appName: 'web',
  route: `/page-${String.fromCharCode(97 + (routes++ % 26)).repeat(1 + Math.floor(routes / 26))}`,
  ...more,
});

describe('a batch over REST', () => {
  it('is answered with 202, one verdict per event in order, and counts that add up', async () => {
    const twice = pageViewed();
    const { status, headers, body } = await client.rest({
      events: [pageViewed(), twice, twice, pageViewed({ seq: -1 }), pageViewed({ appName: 'nope' })],
    });
    expect(status).toBe(202);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-store');
    const { results, ...counts } = body;
    expect(counts).toEqual({ accepted: 2, duplicates: 1, dropped: 0, rejected: 2 });
    expect(verdicts(body)).toEqual([
      'ACCEPTED',
      'ACCEPTED',
      'DUPLICATE',
      'REJECTED INVALID_SEQ',
      'REJECTED UNKNOWN_APP',
    ]);
    expect(results[1]).toEqual({
      clientEventId: twice.clientEventId,
      status: 'ACCEPTED',
      reason: null,
      retryAfterMs: null,
      field: null,
      rule: null,
    });
    expect(results[3]).toMatchObject({ field: '/seq', rule: 'integer' });
    expect(results[4]).toMatchObject({ field: '/appName', rule: 'unknown' });
  });

  it.each(['{}', '{"__proto__":{"appName":"web"}}', '{"appName":null}'])(
    'has a verdict of its own for %s in place of an event, and takes the others',
    async (element) => {
      const good = JSON.stringify(pageViewed());
      const { status, body } = await client.rest(`{"events":[${good},${element},${good}]}`);
      expect([status, body.accepted, body.duplicates, body.rejected]).toEqual([202, 1, 1, 1]);
      expect(body.results[1]).toMatchObject({ reason: 'UNKNOWN_APP', field: '/appName', rule: 'required' });
    },
  );

  it('says of every element that is no object just that, in its place, counts it, and takes the others', async () => {
    const before = await metric(app, 'signals_events_received_total');
    const good = pageViewed();
    const sent = [null, 1, 'x', [], true, good, [pageViewed()], 0, '', [[null]], -1e308, good];
    const { status, body } = await client.rest({ events: sent });
    expect([status, body.results.length]).toEqual([202, sent.length]);
    expect([body.accepted, body.duplicates, body.dropped, body.rejected]).toEqual([1, 1, 0, 10]);
    for (const [place, result] of body.results.entries()) {
      if (sent[place] === good) continue;
      expect(result).toEqual({
        ...{ clientEventId: '', status: 'REJECTED', reason: 'UNKNOWN_APP', retryAfterMs: null },
        ...{ field: '', rule: 'type' },
      });
    }
    expect(verdicts(body)[5]).toBe('ACCEPTED');
    expect(await metric(app, 'signals_events_received_total')).toBe(before + sent.length);
    const nothing = await client.rest({ events: [null] });
    expect([nothing.status, nothing.body.rejected]).toEqual([202, 1]);
  });

  it('names the first property that was cut off an accepted event', async () => {
    const event = pageViewed({ properties: { status: 204, colour: 'red', alice_4155550123: 1 } });
    const { body } = await client.rest({ events: [event] });
    expect(body.results[0]).toMatchObject({
      ...{ status: 'ACCEPTED', reason: null, field: '/properties/colour', rule: 'unknown' },
    });
  });

  it('goes through the same pipeline as GraphQL: one event over both is one row', async () => {
    const event = pageViewed({ route: '/both', properties: { status: 204 } });
    expect((await client.rest({ events: [event] })).body.accepted).toBe(1);
    expect(await client.one(event)).toBe('DUPLICATE');
    expect(await world.stored(event.clientEventId ?? '')).toHaveLength(1);
  });

  it('may hold nothing', async () => {
    const { status, body } = await client.rest({ events: [] });
    expect([status, body]).toEqual([
      202,
      { accepted: 0, duplicates: 0, dropped: 0, rejected: 0, results: [] },
    ]);
  });

  it('may say when it was sent, which corrects the clock of its events', async () => {
    const event = pageViewed({ occurredAt: '2026-11-20T10:00:00Z' });
    // The client's clock is two hours behind, and the event was five minutes old.
    await client.rest({ sentAt: '2026-11-20T10:05:00Z', events: [event] });
    const [row] = await world.stored(event.clientEventId ?? '');
    expect(row?.occurredAt).toEqual(new Date('2026-11-20T11:55:00Z'));
    const wrong = await client.rest({ sentAt: 'yesterday', events: [pageViewed()] });
    expect([wrong.status, wrong.body.error.code]).toEqual([400, 'BAD_USER_INPUT']);
  });

  it('may not hold more than SIGNALS_MAX_BATCH', async () => {
    const small = await world.start({ env: { SIGNALS_MAX_BATCH: '3' } });
    const limited = clientOf(small, await small.token('user-1'));
    const events = [pageViewed(), pageViewed(), pageViewed(), pageViewed()];
    const over = await limited.rest({ events });
    expect([over.status, over.body.error.code]).toEqual([413, 'BATCH_TOO_LARGE']);
    expect(await world.stored(...events.map(({ clientEventId }) => clientEventId ?? ''))).toEqual([]);
    expect((await limited.rest({ events: events.slice(1) })).body.accepted).toBe(3);
  });

  it('is refused by the same code and sentence over GraphQL', async () => {
    const small = await world.start({ env: { SIGNALS_MAX_BATCH: '1' } });
    const limited = clientOf(small, await small.token('user-1'));
    const many = { events: [pageViewed(), pageViewed()] };
    const undated = { sentAt: 'yesterday', events: [pageViewed()] };
    for (const [input, code] of [
      [many, 'BATCH_TOO_LARGE'],
      [undated, 'BAD_USER_INPUT'],
    ] as const) {
      const { error } = (await limited.rest(input)).body;
      const answer = await limited.graphql(trackEvents, { input });
      expect([error.code, answer.status, answer.codes, answer.data]).toEqual([code, 200, [code], null]);
      expect(answer.text).toContain(JSON.stringify(error.message));
    }
  });
});

describe('an event without an id', () => {
  it('posted twice is accepted once, and with one field changed exactly that one is new', async () => {
    const batch = Array.from({ length: 20 }, () => withoutId({ properties: { status: 200 } }));
    expect((await client.rest({ events: batch })).body).toMatchObject({ accepted: 20, duplicates: 0 });
    expect((await client.rest({ events: batch })).body).toMatchObject({ accepted: 0, duplicates: 20 });
    for (const change of [
      { properties: { status: 201 } },
      { appVersion: '1.0' },
      { seq: 1 },
      { sessionId: freshId() },
    ]) {
      const changed = batch.map((event, index) => (index === 7 ? { ...event, ...change } : event));
      const { body } = await client.rest({ events: changed });
      expect([change, body.accepted, body.duplicates]).toEqual([change, 1, 19]);
      expect(body.results[7]?.status).toBe('ACCEPTED');
    }
  });
  it('is told its id, always the same one, whatever the order of its keys', async () => {
    const { route, ...rest } = withoutId({ properties: { status: 200, referrerHost: 'a.example' } });
    const [one] = (await client.rest({ events: [{ route, ...rest }] })).body.results;
    const two = await client.rest(
      `{"events":[{"properties":{"referrerHost":"a.example","status":200},"route":${JSON.stringify(route)},"appName":"web","eventType":"page_viewed"}]}`,
    );
    expect(one?.clientEventId).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(two.body.results[0]).toMatchObject({ clientEventId: one?.clientEventId, status: 'DUPLICATE' });
  });
  it('is the author’s own', async () => {
    const event = withoutId();
    await client.rest({ events: [event] });
    const other = clientOf(app, await app.token('user-2'));
    expect((await other.rest({ events: [event] })).body.accepted).toBe(1);
  });
  it('is refused over GraphQL, where an id is required', async () => {
    const answer = await client.graphql(trackEvents, { input: { events: [withoutId()] } });
    expect(answer.codes).toEqual(['BAD_USER_INPUT']);
  });
});

describe('a field of the wrong type is that event’s own verdict', () => {
  const ofAnyType: readonly unknown[] = [0, 1, {}, [], true, false, [null], { toString: 'x' }];
  const wrong: readonly [field: string, verdict: string, rule: string, values: readonly unknown[]][] = [
    ['eventType', 'UNKNOWN_EVENT_TYPE', 'type', ofAnyType],
    ['eventType', 'UNKNOWN_EVENT_TYPE', 'required', [null, '']],
    ['appName', 'UNKNOWN_APP', 'type', [...ofAnyType, ['web']]],
    ['appName', 'UNKNOWN_APP', 'required', [null, '']],
    ['appName', 'UNKNOWN_APP', 'unknown', ['__proto__', 'constructor']],
    ['clientEventId', 'INVALID_CLIENT_EVENT_ID', 'uuid', [...ofAnyType, '']],
    ['eventVersion', 'UNKNOWN_EVENT_TYPE', 'type', ['1', {}, [], true, false, [1]]],
    ['eventVersion', 'UNKNOWN_EVENT_TYPE', 'unknown', [1.5, -1, 99, 0]],
    ['appVersion', 'INVALID_TEXT', 'type', ofAnyType],
    ['source', 'INVALID_TEXT', 'type', ofAnyType],
    ['source', 'INVALID_TEXT', 'label', ['two\nlines']],
    ['host', 'INVALID_TEXT', 'type', ofAnyType],
    ['host', 'INVALID_TEXT', 'host', ['no host', 'https://a.example/']],
    ['route', 'INVALID_ROUTE', 'type', ofAnyType],
    ['route', 'INVALID_ROUTE', 'path', ['no-slash']],
    ['route', 'INVALID_ROUTE', 'maxLength', ['/'.padEnd(300, 'a')]],
    ['entityType', 'UNKNOWN_ENTITY_TYPE', 'type', ofAnyType],
    ['entityType', 'UNKNOWN_ENTITY_TYPE', 'unknown', ['unheard']],
    ['sessionId', 'INVALID_SESSION', 'uuid', [...ofAnyType, 'x']],
    ['seq', 'INVALID_SEQ', 'integer', ['1', {}, [], true, false, 1.5, -1, 2 ** 31]],
    ['occurredAt', 'INVALID_TIMESTAMP', 'instant', [...ofAnyType, 'yesterday', '2026-02-30T00:00:00Z']],
    ['sentAt', 'INVALID_TIMESTAMP', 'instant', [...ofAnyType, 'yesterday', '2026-11-20']],
    ['properties', 'INVALID_PROPERTIES', 'type', [0, 1, 'x', true, false, []]],
  ];
  it.each(wrong)('%s: %s by the rule %s', async (field, reason, rule, values) => {
    const events = values.map((value) => pageViewed({ [field]: value }));
    const good = pageViewed();
    const { status, body } = await client.rest({ events: [...events, good] });
    expect(status).toBe(202);
    expect(values.map((value, index) => [value, body.results[index]])).toEqual(
      values.map((value) => [value, expect.objectContaining({ reason, field: `/${field}`, rule })]),
    );
    expect(verdicts(body).at(-1)).toBe('ACCEPTED');
    expect(await world.stored(good.clientEventId ?? '')).toHaveLength(1);
  });
  it.each(ofAnyType.map((value) => [JSON.stringify(value), value]))(
    'entityId of a type, as %s',
    async (_, entityId) => {
      const { body } = await client.rest({
        events: [pageViewed({ entityType: 'journey', entityId } as never)],
      });
      expect(body.results[0]).toMatchObject({ reason: 'INVALID_ENTITY', field: '/entityId', rule: 'type' });
    },
  );
  it('and null is as good as absent where a field may be absent', async () => {
    const nothing = Object.fromEntries(
      [
        'eventVersion',
        'appVersion',
        'source',
        'host',
        'route',
        'entityType',
        'entityId',
        'sessionId',
        'seq',
        'occurredAt',
        'properties',
      ].map((name) => [name, null]),
    );
    expect(verdicts((await client.rest({ events: [pageViewed(nothing)] })).body)).toEqual(['ACCEPTED']);
  });
});

describe('a body that is no batch', () => {
  it.each([
    'null',
    '[]',
    '"x"',
    '1',
    '',
    '{',
    '{}',
    '{"events":null}',
    '{"events":{}}',
    '{"events":"x"}',
    '{"events":[{}],"sentAt":1}',
    '{"events":[{}],"sentAt":{}}',
    '{"query":"{ __typename }"}',
  ])('%s', async (body) => {
    const answer = await client.rest(body);
    expect([answer.status, answer.body]).toEqual([
      400,
      { error: { code: 'BAD_USER_INPUT', message: expect.any(String), retryable: false } },
    ]);
  });
});

describe('the statuses of the transport', () => {
  const post = (headers: Record<string, string>, body = '{"events":[]}') =>
    app.post('/v1/events', body, headers);

  it('401 without a token, or with one that does not hold', async () => {
    for (const authorization of ['', 'Bearer x', 'Basic YTpi', `Bearer ${token}x`]) {
      expect((await post(authorization ? { authorization } : {})).status).toBe(401);
    }
  });
  it('413 for a body that is too large', async () => {
    expect((await post(bearer(token), `{"events":[],"x":"${'x'.repeat(1_048_576)}"}`)).status).toBe(413);
  });
  it('415 for anything but plain JSON', async () => {
    for (const headers of [{ 'content-type': 'text/plain' }, { 'content-encoding': 'gzip' }]) {
      expect((await post({ ...bearer(token), ...headers } as Record<string, string>)).status).toBe(415);
    }
  });
  it('405 for other methods, 404 for other paths', async () => {
    for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS']) {
      const response = await fetch(`${app.url}/v1/events`, { method, headers: bearer(token) });
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
    }
    expect((await app.post('/v1/events/', { events: [] }, bearer(token))).status).toBe(404);
    expect((await app.post('/v1/event', { events: [] }, bearer(token))).status).toBe(404);
  });
  it('429 with Retry-After when nothing could be taken, 202 when something could', async () => {
    const limited = await world.start({ now: () => noon, env: { SIGNALS_RATE_LIMIT_PER_MINUTE: '3' } });
    const one = clientOf(limited, await limited.token('user-1'));
    const events = Array.from({ length: 5 }, () => pageViewed());
    const partly = await one.rest({ events });
    expect([partly.status, partly.body.accepted, partly.body.dropped]).toEqual([202, 3, 2]);
    const nothing = await one.rest({ events: events.slice(3) });
    expect([nothing.status, nothing.body.dropped, nothing.body.error.code]).toEqual([429, 2, 'RATE_LIMITED']);
    expect(verdicts(nothing.body)).toEqual(['DROPPED RATE_LIMITED', 'DROPPED RATE_LIMITED']);
    const [first] = nothing.body.results;
    expect(first?.retryAfterMs).toBeGreaterThan(0);
    expect(Number(nothing.headers.get('retry-after'))).toBe(Math.ceil((first?.retryAfterMs ?? 0) / 1_000));
  });
  it('503 with Retry-After when the store is away', async () => {
    const store = {
      ...world.store,
      store: { ...world.store.store, append: async () => ['UNAVAILABLE' as const] },
    };
    const away = await world.start({ store });
    const answer = await clientOf(away, await away.token('user-1')).rest({ events: [pageViewed()] });
    expect([answer.status, answer.body.error]).toMatchObject([
      503,
      { code: 'SERVICE_UNAVAILABLE', retryable: true },
    ]);
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
  });
});
