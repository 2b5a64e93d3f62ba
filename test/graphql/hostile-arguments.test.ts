import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { limits, readingLimits } from '../../src/contract/index.js';
import type { OpenedStore } from '../../src/store/open-store.js';
import { answerOf } from '../hostile/client.js';
import { watched } from '../hostile/world.js';
import { bearer, createTestApp, type TestApp } from '../support/app.js';
import { openTestStore } from '../support/database.js';
import { anonymousEvent } from '../support/events.js';

let opened: OpenedStore;
let app: TestApp;
let operations: string[];
let admin: Record<string, string>;
let logged: string;

beforeAll(async () => {
  opened = await openTestStore();
  await opened.store.append([anonymousEvent({})]);
  const watching = watched(opened);
  operations = watching.operations;
  app = await createTestApp({ store: watching.store });
  admin = bearer(await app.token('boss', 'admin'));
});
afterAll(async () => {
  await app.close();
  await opened.store.close();
});

async function ask(query: string, variables: object) {
  operations.length = 0;
  logged = app.logs();
  return answerOf(await app.post('/graphql', { query, variables }, admin));
}

const eventsQuery = `query($filter: EventsFilter, $first: Int, $after: String, $last: Int, $before: String) {
  events(filter: $filter, first: $first, after: $after, last: $last, before: $before) { totalCount edges { node { id } } }
}`;

/** Refused with a sentence that begins with the argument; nothing was asked of the store, nothing but the request logged. */
async function expectRefused(argument: string, answer: Awaited<ReturnType<typeof ask>>): Promise<void> {
  expect([answer.status, answer.data, answer.codes]).toEqual([200, null, ['BAD_USER_INPUT']]);
  const [error] = answer.errors ?? [];
  expect(error?.message.startsWith(`${argument} `), error?.message).toBe(true);
  expect(error?.message.endsWith('.')).toBe(true);
  expect(error?.extensions.retryable).toBe(false);
  expect(operations).toEqual([]);
  const lines = app.logs().slice(logged.length).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line).level)).toEqual(['debug']);
}

const texts = ['entityType', 'entityId', 'route', 'userHash', 'sessionId'];
const lists = ['appName', 'eventType', 'deviceType', 'browserFamily', 'osFamily', 'source', 'appVersion'];
const noText: readonly (readonly [what: string, text: string])[] = [
  ['NUL', '/a\u0000b'],
  ['NUL alone', '\u0000'],
  ['another control character', '/a\u001b[31m'],
  ['a line break', '/a\n'],
  ['the first half of a surrogate pair', '/a\ud83d'],
  ['the second half of one', '\udc00/a'],
  ['a pair the wrong way round', '\udc00\ud83d'],
  ['more characters than any stored text', `/${'a'.repeat(limits.maxFilterTextLength)}`],
  ['half a megabyte', '/'.repeat(500_000)],
];

describe('a filter that no store could be asked', () => {
  describe.each(noText)('%s', (_, text) => {
    it.each(texts)('in %s', async (name) => {
      await expectRefused(`filter.${name}`, await ask(eventsQuery, { filter: { [name]: text } }));
    });
    it.each(lists)('among %s', async (name) => {
      await expectRefused(`filter.${name}`, await ask(eventsQuery, { filter: { [name]: ['x', text] } }));
    });
  });
  it('NUL in a literal', async () => {
    await expectRefused(
      'filter.route',
      await ask('{ events(filter: { route: "\\u0000" }) { totalCount } }', {}),
    );
  });
  it.each(lists)('too many values of %s', async (name) => {
    for (const count of [limits.maxFilterValues + 1, 100_000]) {
      const filter = { [name]: Array.from({ length: count }, (_, index) => `v${index}`) };
      await expectRefused(`filter.${name}`, await ask(eventsQuery, { filter }));
    }
  });
  it.each([
    ['eventVersion', 1],
    ['none', 'ROUTE'],
  ])('too many values of %s', async (name, value) => {
    const filter = { [name]: Array.from({ length: limits.maxFilterValues + 1 }, () => value) };
    await expectRefused(`filter.${name}`, await ask(eventsQuery, { filter }));
  });
  it.each([
    '0000-01-01T00:00:00Z',
    '0000-12-31T23:59:59.999Z',
    '0001-01-01T00:00:00+00:01',
    '9999-12-31T23:59:59.999-00:01',
    '9999-12-31T23:00:00-23:59',
  ])('%s', async (instant) => {
    for (const name of ['from', 'to']) {
      await expectRefused(`filter.${name}`, await ask(eventsQuery, { filter: { [name]: instant } }));
    }
  });
  it('a range the wrong way round', async () => {
    const filter = { from: '2026-11-21T00:00:00.001Z', to: '2026-11-21T00:00:00Z' };
    await expectRefused('filter.from', await ask(eventsQuery, { filter }));
  });
  it.each([
    '0',
    '2026',
    '2026-11-21',
    '+010000-01-01T00:00:00Z',
    '-000001-01-01T00:00:00Z',
    '2026-11-21T24:61:00Z',
  ])('what is no instant at all: %s', async (from) => {
    const answer = await ask(eventsQuery, { filter: { from } });
    expect(answer.codes).toEqual(['BAD_USER_INPUT']);
    expect(operations).toEqual([]);
  });
});

describe('a filter at the edge of what can be asked', () => {
  it.each([
    { from: '0001-01-01T00:00:00Z', to: '9999-12-31T23:59:59.999Z' },
    { appName: Array.from({ length: limits.maxFilterValues }, (_, index) => `v${index}`) },
    {
      route: 'a'.repeat(limits.maxFilterTextLength),
      entityId: '👩‍👩‍👧',
      entityType: "'; --",
      deviceType: ['%', '_', '\\'],
    },
    { eventVersion: [2 ** 31 - 1, -(2 ** 31), 0] },
    { from: '2026-11-21T00:00:00Z', to: '2026-11-21T00:00:00Z' },
  ])('%# is answered', async (filter) => {
    const { errors, data } = await ask(eventsQuery, { filter });
    expect(errors).toBeUndefined();
    expect(data.events.totalCount).toBeGreaterThanOrEqual(0);
  });
  it.each(lists)('an empty list of %s matches nothing, and asks nothing', async (name) => {
    const { data } = await ask(eventsQuery, { filter: { [name]: [] } });
    expect([data.events, operations]).toEqual([{ totalCount: 0, edges: [] }, []]);
  });
});

describe('a page that cannot be had', () => {
  const cursor = (text: string) => Buffer.from(text).toString('base64url');
  const id = '00000000-0000-4000-8000-000000000000';
  it.each([
    cursor(`999999999999999:${id}`),
    cursor(`253402300800000:${id}`),
    cursor(`-1:${id}`),
    cursor(`1e3:${id}`),
    cursor('1:\u0000'),
    '\u0000',
    '\ud800',
    'x'.repeat(500_000),
    '',
  ])('after or before %#', async (text) => {
    await expectRefused('after', await ask(eventsQuery, { after: text }));
    await expectRefused('before', await ask(eventsQuery, { before: text }));
  });
  it.each([0, -1, 201, 2 ** 31 - 1, -(2 ** 31)])('of %s', async (size) => {
    await expectRefused('first', await ask(eventsQuery, { first: size }));
    await expectRefused('last', await ask(eventsQuery, { last: size }));
  });
  it('from both ends at once', async () => {
    await expectRefused('first', await ask(eventsQuery, { first: 1, last: 1 }));
  });
});

const statsQuery = 'query($input: EventStatsInput!) { eventStats(input: $input) { total { events } } }';
const askStats = (input: object) => ask(statsQuery, { input });
const lastDay = { last: 'P1D' };

it('a statistic that can be asked is asked of the store, so that the refusals below can fail', async () => {
  const { errors } = await askStats(lastDay);
  expect([errors, operations]).toEqual([undefined, ['stats']]);
});

describe('a statistic that cannot be asked', () => {
  const one = ['routePrefix', 'entityType'];
  const many = [...lists, 'route', 'entityId'];
  describe.each(noText)('%s', (_, text) => {
    it.each(one)('in %s', async (name) => {
      await expectRefused(`input.filter.${name}`, await askStats({ ...lastDay, filter: { [name]: text } }));
    });
    it.each(many)('among %s', async (name) => {
      const filter = { [name]: ['x', text] };
      await expectRefused(`input.filter.${name}`, await askStats({ ...lastDay, filter }));
    });
    it('as a zone, a duration and a property', async () => {
      await expectRefused('input.zone', await askStats({ ...lastDay, zone: text }));
      await expectRefused('input.last', await askStats({ last: text }));
      const filter = { eventType: ['page_viewed'] };
      const groupBy = [{ property: text }];
      await expectRefused('input.groupBy[0].property', await askStats({ ...lastDay, filter, groupBy }));
      const properties = [{ name: text, in: [1] }];
      const withProperty = { ...filter, properties };
      await expectRefused(
        'input.filter.properties[0].name',
        await askStats({ ...lastDay, filter: withProperty }),
      );
    });
  });

  const [from, to] = ['2026-11-20T00:00:00Z', '2026-11-21T00:00:00Z'];
  const values = Array.from({ length: 10_000 }, (_, index) => `v${index}`);
  const pages = { eventType: ['page_viewed'] };
  it.each<[argument: string, input: object]>([
    ['input.last', {}],
    ['input.last', { last: null, from: null, to: null }],
    ['input.from', { last: 'P1D', from, to }],
    ['input.to', { from }],
    ['input.from', { to }],
    ['input.from', { from: to, to: from }],
    ['input.from', { from: '0000-12-31T23:59:59Z', to }],
    ['input.last', { last: 'P0D' }],
    ['input.last', { last: '-P1D' }],
    ['input.last', { last: 'P1.5D' }],
    ['input.last', { last: 'P9999Y' }],
    ['input.from', { from: '0001-01-01T00:00:00Z', to: '9999-12-31T00:00:00Z', interval: 'HOUR' }],
    ['input.zone', { ...lastDay, zone: '' }],
    ['input.zone', { ...lastDay, zone: 'Mars/Olympus' }],
    ['input.zone', { ...lastDay, zone: '+02:00' }],
    ['input.top', { ...lastDay, top: 0 }],
    ['input.top', { ...lastDay, top: -1 }],
    ['input.top', { ...lastDay, top: readingLimits.maxStatsTop + 1 }],
    ['input.groupBy[0]', { ...lastDay, groupBy: [{}] }],
    ['input.groupBy[0]', { ...lastDay, groupBy: [{ dimension: 'ROUTE', property: 'status' }] }],
    ['input.groupBy[1]', { ...lastDay, groupBy: [{ dimension: 'ROUTE' }, { dimension: 'ROUTE' }] }],
    [
      'input.groupBy',
      { ...lastDay, groupBy: ['ROUTE', 'OS', 'APP', 'DEVICE'].map((dimension) => ({ dimension })) },
    ],
    ['input.groupBy[0].property', { ...lastDay, groupBy: [{ property: 'status' }] }],
    ['input.filter.appName', { ...lastDay, filter: { appName: values } }],
    ['input.filter.eventVersion', { ...lastDay, filter: { eventVersion: values.map(() => 1) } }],
    ['input.filter.not.route', { ...lastDay, filter: { not: { route: ['\u0000'] } } }],
    [
      'input.filter.not.not.not.not.not',
      { ...lastDay, filter: { not: { not: { not: { not: { not: {} } } } } } },
    ],
    ['input.filter.properties[0].name', { ...lastDay, filter: { properties: [{ name: 'status', gte: 1 }] } }],
    [
      'input.filter.properties[0].name',
      { ...lastDay, filter: { ...pages, properties: [{ name: 'mail', in: ['x'] }] } },
    ],
    ['input.filter.properties[0]', { ...lastDay, filter: { ...pages, properties: [{ name: 'status' }] } }],
    [
      'input.filter.properties[0].in',
      { ...lastDay, filter: { ...pages, properties: [{ name: 'status', in: [{}] }] } },
    ],
  ])('%s of %#', async (argument, input) => {
    await expectRefused(argument, await askStats(input));
  });

  it('statistics of a property that is undeclared, no number, or of several event types', async () => {
    for (const [name, eventType] of [
      ['mail', ['page_viewed']],
      ['referrerHost', ['page_viewed']],
      ['status', ['page_viewed', 'cta_clicked']],
      ['status', null],
      ['__proto__', ['page_viewed']],
    ] as const) {
      const query = `query($input: EventStatsInput!, $name: String!) {
        eventStats(input: $input) { total { property(name: $name) { sum } } }
      }`;
      await expectRefused(
        'property(name:)',
        await ask(query, { input: { ...lastDay, filter: { eventType } }, name }),
      );
    }
  });
  it.each([
    ['an unknown dimension', { ...lastDay, groupBy: [{ dimension: 'MOOD' }] }],
    ['an unknown interval', { ...lastDay, interval: 'YEAR' }],
    ['an unknown field of the filter', { ...lastDay, filter: { userHash: 'x' } }],
    ['a bound that is no number', { ...lastDay, filter: { properties: [{ name: 'status', gte: '1' }] } }],
  ])('%s does not fit its type', async (_, input) => {
    const answer = await askStats(input);
    expect([answer.codes, operations]).toEqual([['BAD_USER_INPUT'], []]);
  });
});

const entities = 'query($r: [_Any!]!) { _entities(representations: $r) { ... on AnalyticsEvent { id } } }';
const of = (id: unknown) => ({ __typename: 'AnalyticsEvent', id });

describe('representations', () => {
  it('with ids that can be nobody’s are null, and ask nothing of the store', async () => {
    const ids = [
      '',
      '\u0000',
      '\ud800',
      'x'.repeat(100_000),
      "' OR 1=1",
      `${'0'.repeat(36)}`,
      0,
      -1,
      1e308,
      true,
      null,
      {},
      [],
      [[]],
    ];
    const answer = await ask(entities, { r: [...ids.map(of), { __typename: 'AnalyticsEvent' }] });
    expect([answer.status, answer.errors]).toEqual([200, undefined]);
    expect(answer.data._entities).toEqual([...ids, undefined].map(() => null));
    expect(operations.filter((operation) => operation !== 'Event.findMany')).toEqual([]);
  });
  it.each(['Event', 'Query', '__proto__', 'constructor', '', '\u0000', '\ud800', 'x'.repeat(100_000)])(
    'of the type %# are null',
    async (typeName) => {
      const answer = await ask(entities, { r: [{ __typename: typeName, id: 'x' }] });
      expect([answer.errors, answer.data]).toEqual([undefined, { _entities: [null] }]);
    },
  );
  it.each([
    [[0]],
    [['\u0000']],
    [[[]]],
    [[{}]],
    [[{ __typename: null }]],
    [[{ __typename: ['AnalyticsEvent'] }]],
    [[of('x'), true]],
    [Array.from({ length: limits.maxRepresentations + 1 }, () => of('x'))],
    [Array.from({ length: 100_000 }, () => 0)],
  ])('that are none are refused %#', async (r) => {
    await expectRefused('representations', await ask(entities, { r }));
  });
});

it('what is said of each argument is in the golden file', async () => {
  const samples: readonly (readonly [query: string, variables: object])[] = [
    [eventsQuery, { filter: { route: '\u0000' } }],
    [eventsQuery, { filter: { entityId: '\ud800' } }],
    [eventsQuery, { filter: { appName: ['x'.repeat(513)] } }],
    [eventsQuery, { filter: { eventType: Array.from({ length: 1_001 }, () => 'x') } }],
    [eventsQuery, { filter: { from: '0000-01-01T00:00:00Z' } }],
    [eventsQuery, { filter: { to: '9999-12-31T23:59:59-01:00' } }],
    [eventsQuery, { filter: { from: '2026-11-22T00:00:00Z', to: '2026-11-21T00:00:00Z' } }],
    [eventsQuery, { first: 0 }],
    [eventsQuery, { last: 201 }],
    [eventsQuery, { first: 1, last: 1 }],
    [eventsQuery, { after: 'x' }],
    [eventsQuery, { before: '' }],
    [eventsQuery, { filter: { none: Array.from({ length: 1_001 }, () => 'OS') } }],
    [statsQuery, { input: {} }],
    [statsQuery, { input: { from: '2026-11-21T00:00:00Z' } }],
    [statsQuery, { input: { last: 'a month' } }],
    [statsQuery, { input: { last: 'P9Y' } }],
    [statsQuery, { input: { ...lastDay, zone: 'Mars/Olympus' } }],
    [statsQuery, { input: { ...lastDay, top: 0 } }],
    [statsQuery, { input: { ...lastDay, groupBy: [{}] } }],
    [statsQuery, { input: { ...lastDay, groupBy: [{ property: 'status' }] } }],
    [statsQuery, { input: { ...lastDay, filter: { route: ['\u0000'] } } }],
    [entities, { r: [0] }],
    [entities, { r: Array.from({ length: 1_001 }, () => of('x')) }],
  ];
  const lines: string[] = [];
  for (const [query, variables] of samples) {
    const { errors } = await ask(query, variables);
    const request = JSON.stringify(variables).slice(0, 80);
    lines.push(`${request}\n  ${errors?.map(({ message }) => message).join('\n  ')}\n`);
  }
  await expect(lines.join('\n')).toMatchFileSnapshot('../golden/refused-arguments.txt');
});
