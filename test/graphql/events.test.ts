import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EventsDocument, type EventsQueryVariables } from '../../src/generated/documents.js';
import type { OpenedStore } from '../../src/store/open-store.js';
import { watched } from '../hostile/world.js';
import { bearer, createTestApp, type TestApp } from '../support/app.js';
import { openTestStore } from '../support/database.js';
import { anonymousEvent } from '../support/events.js';

let opened: OpenedStore;
let app: TestApp;
let operations: string[];
let admin: Record<string, string>;
let user: Record<string, string>;

const journey = '018f4e7a-1111-7222-8333-444455556666';
const hash = (digit: string): string => digit.repeat(32);
const at = (second: number): Date => new Date(Date.UTC(2026, 10, 20, 12, 0, second));

/** Twenty-five events; every five share an instant, so that paging has ties to get right. */
const events = Array.from({ length: 25 }, (_, index) =>
  anonymousEvent({
    id: `00000000-0000-8000-8000-${(1000 - index * 7).toString().padStart(12, '0')}`,
    createdAt: at(Math.floor(index / 5)),
    occurredAt: index % 2 ? at(0) : null,
    clientEventId: `018f4e7a-0000-7000-8000-${index.toString().padStart(12, '0')}`,
    entityId: index % 3 === 0 ? journey : null,
    userHash: index % 4 === 0 ? null : hash(String(index % 4)),
    sessionHash: index % 5 === 0 ? hash('a') : null,
    seq: index,
    properties: index % 2 ? { status: 200 + index } : null,
    dimensions: {
      appName: index % 2 ? 'web' : 'journeys-admin',
      eventType: index % 2 ? 'page_viewed' : 'journey_create_clicked',
      eventVersion: 1,
      appVersion: index % 2 ? '1.2.3' : null,
      source: 'web',
      route: index % 2 ? '/a/[id]' : null,
      entityType: index % 3 === 0 ? 'journey' : null,
      deviceType: ['desktop', 'mobile', null][index % 3] ?? null,
      browserFamily: ['Chrome', 'Safari', null][index % 3] ?? null,
      osFamily: ['Windows', 'iOS', null][index % 3] ?? null,
    },
  }),
);
/** As they must come back: newest first, by (createdAt, id). */
const expected = [...events].sort(
  (a, b) => b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? 1 : -1),
);

beforeAll(async () => {
  opened = await openTestStore();
  expect(new Set(await opened.store.append(events))).toEqual(new Set(['ACCEPTED']));
  const watching = watched(opened);
  operations = watching.operations;
  app = await createTestApp({ store: watching.store });
  admin = bearer(await app.token('boss', 'admin'));
  user = bearer(await app.token('user-1'));
});
afterAll(async () => {
  await app.close();
  await opened.store.close();
});

async function query(variables: EventsQueryVariables, headers = admin) {
  const answer = await app.graphql(EventsDocument, variables, headers);
  if (!answer.data) throw new Error(answer.text);
  return answer.data.events;
}
const idsOf = (page: Awaited<ReturnType<typeof query>>) => page.edges.map(({ node }) => node.id);
const codesOf = async (variables: EventsQueryVariables, headers: Record<string, string>) => {
  const { status, data, errors } = await app.graphql(EventsDocument, variables, headers);
  return { status, data, codes: errors?.map(({ extensions }) => extensions.code) };
};

describe('events, for admins', () => {
  it('come back newest first, with every field as it was stored', async () => {
    const page = await query({ first: 200 });
    expect(idsOf(page)).toEqual(expected.map(({ id }) => id));
    expect(page.totalCount).toBe(25);
    const [first] = expected;
    expect(page.edges[0]?.node).toEqual({
      ...first?.dimensions,
      id: first?.id,
      createdAt: first?.createdAt.toISOString(),
      occurredAt: first?.occurredAt?.toISOString() ?? null,
      entityId: first?.entityId,
      userHash: first?.userHash,
      sessionId: first?.sessionHash,
      seq: first?.seq,
      clientEventId: first?.clientEventId,
      properties: first?.properties,
    });
  });

  const filters: readonly [
    string,
    EventsQueryVariables['filter'],
    (event: (typeof events)[number]) => boolean,
  ][] = [
    ['app', { appName: ['web'] }, ({ dimensions }) => dimensions.appName === 'web'],
    ['several apps', { appName: ['web', 'journeys-admin'] }, () => true],
    ['no app at all', { appName: [] }, () => false],
    [
      'event type',
      { eventType: ['page_viewed'] },
      ({ dimensions }) => dimensions.eventType === 'page_viewed',
    ],
    ['entity type', { entityType: 'journey' }, ({ entityId }) => entityId !== null],
    ['entity', { entityId: journey }, ({ entityId }) => entityId === journey],
    ['route', { route: '/a/[id]' }, ({ dimensions }) => dimensions.route !== null],
    ['device', { deviceType: ['mobile'] }, ({ dimensions }) => dimensions.deviceType === 'mobile'],
    [
      'browser',
      { browserFamily: ['Chrome', 'Safari'] },
      ({ dimensions }) => dimensions.browserFamily !== null,
    ],
    ['system', { osFamily: ['iOS'] }, ({ dimensions }) => dimensions.osFamily === 'iOS'],
    [
      'version of the app',
      { appVersion: ['1.2.3', '9'] },
      ({ dimensions }) => dimensions.appVersion !== null,
    ],
    ['kind of client', { source: ['mobile'] }, () => false],
    ['version of the event type', { eventVersion: [1, 2] }, () => true],
    ['another version of the event type', { eventVersion: [2] }, () => false],
    ['having no device', { none: ['DEVICE'] }, ({ dimensions }) => dimensions.deviceType === null],
    [
      'having neither entity nor route',
      { none: ['ENTITY', 'ROUTE', 'ENTITY'] },
      ({ entityId, dimensions }) => entityId === null && dimensions.route === null,
    ],
    [
      'having no browser, but a version',
      { none: ['BROWSER'], appVersion: ['1.2.3'] },
      ({ dimensions }) => dimensions.browserFamily === null && dimensions.appVersion !== null,
    ],
    ['having and not having a route', { none: ['ROUTE'], route: '/a/[id]' }, () => false],
    ['having no app, which every event has', { none: ['APP'] }, () => false],
    ['having no version of the event type', { none: ['EVENT_VERSION'] }, () => false],
    ['lacking nothing', { none: [] }, () => true],
    ['visitor', { userHash: hash('1') }, ({ userHash }) => userHash === hash('1')],
    ['session, in its stored form', { sessionId: hash('a') }, ({ sessionHash }) => sessionHash === hash('a')],
    ['a visitor that is no hash', { userHash: 'x' }, () => false],
    ['time, from the first instant on', { from: at(1).toISOString() }, ({ createdAt }) => createdAt >= at(1)],
    [
      'time, up to but without the last instant',
      { to: at(3).toISOString() },
      ({ createdAt }) => createdAt < at(3),
    ],
    [
      'everything at once',
      { appName: ['web'], entityType: 'journey', from: at(1).toISOString(), to: at(4).toISOString() },
      ({ dimensions, entityId, createdAt }) =>
        dimensions.appName === 'web' && entityId !== null && createdAt >= at(1) && createdAt < at(4),
    ],
    ['nulls, which ask for nothing', { appName: null, userHash: null, from: null }, () => true],
  ];
  it.each(filters)('are filtered by %s', async (_, filter, matches) => {
    const page = await query({ filter, first: 200 });
    const wanted = expected.filter(matches).map(({ id }) => id);
    expect(idsOf(page)).toEqual(wanted);
    expect(page.totalCount).toBe(wanted.length);
  });

  it('are paged forwards without loss or repetition, ties included', async () => {
    for (const size of [1, 2, 3, 7, 24, 25, 26]) {
      const seen: string[] = [];
      for (let after: string | null = null, more = true; more; ) {
        const page: Awaited<ReturnType<typeof query>> = await query({ first: size, after });
        seen.push(...idsOf(page));
        expect(page.pageInfo.hasPreviousPage).toBe(after !== null);
        after = page.pageInfo.endCursor;
        more = page.pageInfo.hasNextPage;
      }
      expect(seen, `pages of ${size}`).toEqual(expected.map(({ id }) => id));
    }
  });

  it('are paged backwards, every page still newest first', async () => {
    const seen: string[] = [];
    for (let before: string | null = null, more = true; more; ) {
      const page: Awaited<ReturnType<typeof query>> = await query({ last: 4, before });
      seen.unshift(...idsOf(page));
      before = page.pageInfo.startCursor;
      more = page.pageInfo.hasPreviousPage;
    }
    expect(seen).toEqual(expected.map(({ id }) => id));
  });

  it('keep their pages while new ones come in and old ones are purged', async () => {
    const own = await openTestStore();
    const other = await createTestApp({ store: own });
    const headers = bearer(await other.token('boss', 'admin'));
    const page = async (after: string | null) =>
      (await other.graphql(EventsDocument, { first: 5, after }, headers)).data?.events;
    await own.store.append(events.slice(0, 20));
    const first = await page(null);
    await own.store.append(events.slice(20));
    const second = await page(first?.pageInfo.endCursor ?? null);
    const wanted = expected.filter((event) => events.indexOf(event) < 20).map(({ id }) => id);
    expect([...(first?.edges ?? []), ...(second?.edges ?? [])].map(({ node }) => node.id)).toEqual(
      wanted.slice(0, 10),
    );
    // The cursor's own row may be gone: the place stays.
    await own.prisma.$executeRaw`DELETE FROM events WHERE created_at < ${at(3)}`;
    expect(await page(second?.pageInfo.endCursor ?? null)).toMatchObject({ edges: [] });
    await other.close();
    await own.store.close();
  });

  it.each([0, -1, -5, 201, 1_000_000_000])('are not given in pages of %s', async (size) => {
    expect(await codesOf({ first: size }, admin)).toMatchObject({ status: 200, codes: ['BAD_USER_INPUT'] });
    expect(await codesOf({ last: size }, admin)).toMatchObject({ status: 200, codes: ['BAD_USER_INPUT'] });
  });
  it.each([
    '',
    'x',
    'eyJhIjoxfQ',
    Buffer.from('1:alice@example.org').toString('base64url'),
    'a'.repeat(100_000),
  ])('are not given after a cursor that is none (%#)', async (after) => {
    const answer = await app.graphql(EventsDocument, { after }, admin);
    expect(answer.errors?.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
    expect(answer.text).not.toContain('alice');
  });
  it('come fifty at a time where nothing is said, and not by first and last at once', async () => {
    expect((await query({})).edges).toHaveLength(25);
    expect(await codesOf({ first: 1, last: 1 }, admin)).toMatchObject({ codes: ['BAD_USER_INPUT'] });
  });

  it('are counted only when the count is asked for', async () => {
    operations.length = 0;
    const response = await app.post(
      '/graphql',
      { query: '{ events(first: 1) { edges { node { id } } } }' },
      admin,
    );
    expect((await response.json()).data.events.edges).toHaveLength(1);
    expect(operations).toEqual(['Event.findMany']);
    await query({ first: 1 });
    expect(operations).toContain('Event.count');
  });
});

describe('one statement', () => {
  const ask = async (query: string) => {
    operations.length = 0;
    const response = await app.post('/graphql', { query }, admin);
    return (await response.json()).data;
  };
  it.each([
    '{ events { edges { node { id } } edges { cursor node { route } } } }',
    '{ events { edges { node { id } } more: edges { node { route } } } }',
    '{ events { edges { one: node { id seq } two: node { route properties userHash } } } }',
    '{ events { ...A ...B } } fragment A on EventsConnection { edges { node { x: userHash } } } fragment B on EventsConnection { edges { node { route y: userHash } } }',
    '{ events { edges { node { __typename } } } }',
    '{ events { pageInfo { hasNextPage } } }',
  ])('answers aliases and fragments: %s', async (query) => {
    expect((await ask(query)).events).toEqual(expect.any(Object));
    expect(operations).toEqual(['Event.findMany']);
  });
  it('gives each alias its own fields', async () => {
    const [first] = expected;
    const { events: page } = await ask(
      '{ events(first: 1) { edges { one: node { id seq } two: node { route hash: userHash } } more: edges { node { properties } } } }',
    );
    expect(page).toEqual({
      edges: [
        {
          one: { id: first?.id, seq: first?.seq },
          two: { route: first?.dimensions.route, hash: first?.userHash },
        },
      ],
      more: [{ node: { properties: first?.properties } }],
    });
  });
});

describe('events, for everybody else', () => {
  it('are refused with 200 and a code, and no SQL is run', async () => {
    operations.length = 0;
    expect(await codesOf({}, user)).toEqual({ status: 200, data: null, codes: ['FORBIDDEN'] });
    expect(await codesOf({}, {})).toEqual({ status: 200, data: null, codes: ['UNAUTHENTICATED'] });
    expect(await codesOf({}, bearer('not.a.token'))).toEqual({
      status: 200,
      data: null,
      codes: ['UNAUTHENTICATED'],
    });
    for (const role of ['service', 'backfill', 'ADMIN', 'admin ']) {
      expect(await codesOf({}, bearer(await app.token('x', role)))).toMatchObject({ codes: ['FORBIDDEN'] });
    }
    expect(operations).toEqual([]);
  });
});

describe('_entities', () => {
  const document =
    'query($r: [_Any!]!) { _entities(representations: $r) { ... on AnalyticsEvent { id eventType route } } }';
  const ask = async (representations: unknown, headers: Record<string, string>) => {
    const response = await app.post(
      '/graphql',
      { query: document, variables: { r: representations } },
      headers,
    );
    return (await response.json()) as {
      data?: { _entities: unknown[] } | null;
      errors?: { extensions: { code: string } }[];
    };
  };
  const [one, two] = expected;
  const reference = (id: unknown) => ({ __typename: 'AnalyticsEvent', id });

  it('are loaded in order, null where there is nothing, by one statement', async () => {
    operations.length = 0;
    const answer = await ask(
      [
        reference(two?.id),
        reference('00000000-0000-4000-8000-000000000000'),
        reference(one?.id),
        reference('x'),
        reference(7),
      ],
      admin,
    );
    expect(answer.data?._entities.map((entity) => (entity as { id: string } | null)?.id ?? null)).toEqual([
      two?.id,
      null,
      one?.id,
      null,
      null,
    ]);
    expect(operations).toEqual(['Event.findMany']);
  });
  it('are loaded whole, whatever the aliases', async () => {
    operations.length = 0;
    const query =
      'query($r: [_Any!]!) { _entities(representations: $r) { ... on AnalyticsEvent { a: id seq } ...B } } fragment B on AnalyticsEvent { route hash: userHash }';
    const response = await app.post('/graphql', { query, variables: { r: [reference(one?.id)] } }, admin);
    expect((await response.json()).data._entities).toEqual([
      { a: one?.id, seq: one?.seq, route: one?.dimensions.route, hash: one?.userHash },
    ]);
    expect(operations).toEqual(['Event.findMany']);
  });
  it('are as closed as events: no SQL for anybody but admins', async () => {
    operations.length = 0;
    expect((await ask([reference(one?.id)], user)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect((await ask([reference(one?.id)], {})).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    expect(operations).toEqual([]);
  });
  it('of a type that is not ours are null', async () => {
    expect((await ask([{ __typename: 'Event', id: one?.id }], admin)).data?._entities).toEqual([null]);
  });
  it.each([[['x']], [[null]], [[{ id: 1 }]], [[[]]]])(
    'that are no representations are refused (%#)',
    async (representations) => {
      const answer = await ask(representations, admin);
      expect(answer.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    },
  );
});
