import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StatsPlan } from '../../src/domain/reading/plan.js';
import { createMemoryStore } from '../../src/store/memory/memory-store.js';
import type { OpenedStore } from '../../src/store/open-store.js';
import { answerOf } from '../hostile/client.js';
import { openPostgresWorld, openWorld, type World } from '../hostile/world.js';
import { bearer, createTestApp, type TestApp } from '../support/app.js';
import { memoryOnly, postgresOffer } from '../support/database.js';
import { anonymousEvent } from '../support/events.js';

const now = new Date('2026-11-20T12:00:00.000Z');
const journey = '018f4e7a-1111-7222-8333-444455556666';

/** A page that somebody looked at: when, where, with what, and who that was on that day. */
type View = readonly [
  createdAt: string,
  route: string,
  device: string | null,
  visitor: string,
  status: number | null,
];
const views: readonly View[] = [
  ['2026-11-18T09:30:00Z', '/a', 'desktop', '1', 200],
  ['2026-11-18T23:59:59.999Z', '/b', 'mobile', '2', 500],
  ['2026-11-19T00:00:00Z', '/a', 'desktop', '3', 200],
  ['2026-11-19T10:30:00Z', '/a', 'desktop', '3', null],
  ['2026-11-19T11:30:00Z', '/c', null, '4', 404],
  ['2026-11-20T10:30:00Z', '/a', 'desktop', '5', 200],
  ['2026-11-20T11:30:00Z', '/b', 'mobile', '5', 200],
];
const events = views.map(([createdAt, route, deviceType, visitor, status], place) =>
  anonymousEvent({
    day: createdAt.slice(0, 10),
    createdAt: new Date(createdAt),
    userHash: visitor.repeat(32),
    sessionHash: visitor.repeat(32),
    entityId: place === 3 ? journey : null,
    properties: status === null ? null : { status },
    dimensions: { route, deviceType, entityType: place === 3 ? 'journey' : null },
  }),
);

let app: TestApp;
let admin: Record<string, string>;
/** What the port was asked. */
const plans: StatsPlan[] = [];

/** A database of the views, and its end. */
interface Opened {
  readonly store: OpenedStore;
  close(): Promise<void>;
}

async function inMemory(): Promise<Opened> {
  const memory = createMemoryStore();
  await memory.append(events);
  return { store: memoryOnly(memory), close: memory.close };
}

async function inSql(open: () => Promise<World | null>, counted: boolean): Promise<Opened> {
  const world = await open();
  if (!world) throw new Error('There is no such database.');
  const { store } = world.store;
  await store.append(events);
  if (counted) {
    await store.beginCounting();
    for (const { day } of await store.changedDays()) expect(await store.countDay(day)).toBe('COUNTED');
  }
  return world;
}

const engines: readonly (readonly [name: string, open: () => Promise<Opened>])[] = [
  ['memory', inMemory],
  ['raw rows of PGlite', () => inSql(openWorld, false)],
  ['counted days of PGlite', () => inSql(openWorld, true)],
];
const { missing } = await postgresOffer();
const allEngines = missing
  ? engines
  : [...engines, ['counted days of PostgreSQL', () => inSql(openPostgresWorld, true)] as const];

/** The tests around it ask a store of this kind. */
function asksOf(open: () => Promise<Opened>): void {
  let opened: Opened;
  beforeAll(async () => {
    opened = await open();
    const { store } = opened.store;
    const stats: typeof store.stats = (plan) => {
      plans.push(plan);
      return store.stats(plan);
    };
    app = await createTestApp({ store: { ...opened.store, store: { ...store, stats } }, now: () => now });
    admin = bearer(await app.token('boss', 'admin'));
  });
  afterAll(async () => {
    await app.close();
    await opened.close();
  });
}
beforeEach(() => {
  plans.length = 0;
});

async function ask(input: string, selection: string, headers = admin) {
  const query = `{ eventStats(input: { ${input} }) { ${selection} } }`;
  return answerOf(await app.post('/graphql', { query }, headers));
}

async function statsOf(input: string, selection: string) {
  const { data, errors } = await ask(input, selection);
  expect(errors).toBeUndefined();
  return data.eventStats;
}

describe.each(allEngines)('on %s', (_, open) => {
  asksOf(open);

  describe('questions about three days of views', () => {
    it('how much, day by day, with what is not over yet', async () => {
      const stats = await statsOf(
        'last: "P4D"',
        `buckets { label start end complete incompleteBecause } warnings { code } freshness { asOf comparableUntil }
       rows { key } rowsAddUp total { kind key events sumOfDailyVisitors sumOfDailySessions points { events visitors sessions } }`,
      );
      expect(stats.buckets).toEqual(
        [
          ['2026-11-17', false, 'BEFORE_DATA'],
          ['2026-11-18', true, null],
          ['2026-11-19', true, null],
          ['2026-11-20', false, 'IN_PROGRESS'],
        ].map(([label, complete, incompleteBecause]) => ({
          label,
          start: `${label}T00:00:00.000Z`,
          end: new Date(Date.parse(`${label}T00:00:00Z`) + 86_400_000).toISOString(),
          complete,
          incompleteBecause,
        })),
      );
      expect(stats.total).toEqual({
        kind: 'VALUE',
        key: [],
        events: 7,
        sumOfDailyVisitors: 5,
        sumOfDailySessions: 5,
        points: [
          { events: null, visitors: null, sessions: null },
          { events: 2, visitors: 2, sessions: 2 },
          { events: 3, visitors: 2, sessions: 2 },
          { events: 2, visitors: 1, sessions: 1 },
        ],
      });
      expect([stats.rows, stats.rowsAddUp]).toEqual([[], true]);
      expect(stats.freshness).toEqual({ asOf: now.toISOString(), comparableUntil: null });
      expect(stats.warnings).toEqual([{ code: 'BEFORE_DATA' }]);
    });

    it('by device, with those of which none is known', async () => {
      const stats = await statsOf(
        'last: "P3D", groupBy: [{ dimension: DEVICE }]',
        'rowsAddUp rows { kind key events sumOfDailyVisitors points { events } }',
      );
      expect(stats).toEqual({
        rowsAddUp: false,
        rows: [
          { kind: 'VALUE', key: ['desktop'], events: 4, sumOfDailyVisitors: 3, points: [1, 2, 1] },
          { kind: 'VALUE', key: ['mobile'], events: 2, sumOfDailyVisitors: 2, points: [1, 0, 1] },
          { kind: 'NONE', key: [null], events: 1, sumOfDailyVisitors: 1, points: [0, 1, 0] },
        ].map(({ points, ...row }) => ({ ...row, points: points.map((count) => ({ events: count })) })),
      });
    });

    it('the most used route, and all the rest with its own visitors', async () => {
      const stats = await statsOf(
        'last: "P3D", interval: NONE, groupBy: [{ dimension: ROUTE }], top: 1',
        'rows { kind key events sumOfDailyVisitors }',
      );
      expect(stats.rows).toEqual([
        { kind: 'VALUE', key: ['/a'], events: 4, sumOfDailyVisitors: 3 },
        { kind: 'OTHER', key: [null], events: 3, sumOfDailyVisitors: 3 },
      ]);
    });

    it('one thing', async () => {
      const stats = await statsOf(
        `last: "P3D", filter: { entityType: "journey", entityId: ["${journey}"] }`,
        'total { events points { events visitors } }',
      );
      expect(stats.total).toEqual({
        events: 1,
        points: [
          { events: 0, visitors: 0 },
          { events: 1, visitors: 1 },
          { events: 0, visitors: 0 },
        ],
      });
    });

    it('whether it grows, a whole day with a whole day', async () => {
      const stats = await statsOf(
        'from: "2026-11-19T00:00:00Z", to: "2026-11-20T00:00:00Z", compare: PREVIOUS_PERIOD, groupBy: [{ dimension: ROUTE }]',
        `freshness { comparableUntil } total { events change previous { events sumOfDailyVisitors } points { previous { events visitors } } }
       rows { key events change previous { events } }`,
      );
      expect(stats).toEqual({
        freshness: { comparableUntil: null },
        total: {
          events: 3,
          change: 0.5,
          previous: { events: 2, sumOfDailyVisitors: 2 },
          points: [{ previous: { events: 2, visitors: 2 } }],
        },
        rows: [
          { key: ['/a'], events: 2, change: 1, previous: { events: 1 } },
          { key: ['/c'], events: 1, change: null, previous: { events: 0 } },
          { key: [null], events: 0, change: -1, previous: { events: 1 } },
        ],
      });
    });

    it('whether today grows, with the same part of yesterday', async () => {
      const stats = await statsOf(
        'last: "P1D", compare: PREVIOUS_PERIOD',
        'freshness { comparableUntil } total { events change previous { events } }',
      );
      expect(stats.freshness).toEqual({ comparableUntil: '2026-11-19T12:00:00.000Z' });
      expect(stats.total).toMatchObject({ events: 2, previous: { events: 3 } });
      expect(stats.total.change).toBeCloseTo(-1 / 3, 12);
    });

    it('at what hour', async () => {
      const stats = await statsOf(
        'from: "2026-11-20T10:00:00Z", to: "2026-11-20T12:00:00Z", interval: HOUR',
        'buckets { start complete } total { points { events visitors } }',
      );
      expect(stats.buckets).toEqual([
        { start: '2026-11-20T10:00:00.000Z', complete: true },
        { start: '2026-11-20T11:00:00.000Z', complete: true },
      ]);
      expect(stats.total.points).toEqual([
        { events: 1, visitors: 1 },
        { events: 1, visitors: 1 },
      ]);
    });

    it('how a property is spread, where it is known', async () => {
      const stats = await statsOf(
        'last: "P3D", interval: NONE, filter: { eventType: ["page_viewed"], properties: [{ name: "status", lt: 500 }] }',
        'total { property(name: "status") { count sum mean min max } }',
      );
      expect(stats.total.property).toEqual({ count: 5, sum: 1_204, mean: 240.8, min: 200, max: 404 });
    });

    it('a week has no visitors, and says so once', async () => {
      const stats = await statsOf(
        'last: "P1W", interval: WEEK',
        'warnings { code argument } total { points { events visitors } sumOfDailyVisitors }',
      );
      expect(stats.total.points.every(({ visitors }: { visitors: unknown }) => visitors === null)).toBe(true);
      expect(stats.total.sumOfDailyVisitors).toBe(5);
      expect(stats.warnings).toContainEqual({ code: 'VISITORS_NOT_IN_INTERVAL', argument: 'input.interval' });
    });
  });

  it('what is not requested is not asked of the store', async () => {
    await statsOf('last: "P3D"', 'total { events }');
    await statsOf('last: "P3D"', 'total { points { visitors } }');
    expect(plans.map(({ measures, points, previous }) => ({ ...measures, points, previous }))).toEqual([
      { visitors: false, sessions: false, properties: [], points: false, previous: null },
      { visitors: true, sessions: false, properties: [], points: true, previous: null },
    ]);
  });

  it('a dashboard that asks three questions with all fields at once is answered', async () => {
    const all = `
      buckets { label start end complete incompleteBecause }
      total { ...Row } rows { ...Row } rowsAddUp freshness { asOf comparableUntil } warnings { code argument }`;
    const input =
      '{ last: "P3D", filter: { eventType: ["page_viewed"] }, groupBy: [{ dimension: ROUTE }], compare: PREVIOUS_PERIOD }';
    const query = `
      { a: eventStats(input: ${input}) { ${all} } b: eventStats(input: ${input}) { ${all} } c: eventStats(input: ${input}) { ${all} } }
      fragment Totals on EventStatsTotals { events visitors sumOfDailyVisitors sumOfDailySessions }
      fragment Property on EventPropertyStats { count sum mean min max p50 p95 }
      fragment Row on EventStatsRow {
        kind key events sumOfDailyVisitors sumOfDailySessions property(name: "status") { ...Property }
        previous { ...Totals } change
        points { events visitors sessions property(name: "status") { ...Property } previous { ...Totals } }
      }`;
    const { errors, data } = await answerOf(await app.post('/graphql', { query }, admin));
    expect(errors).toBeUndefined();
    expect([data.a, data.b]).toEqual([data.c, data.c]);
    expect(data.a.total.events).toBe(7);
  });

  describe('the page about statistics', () => {
    const page = readFileSync(new URL('../../docs/statistics.md', import.meta.url), 'utf8');
    const examples = [...page.matchAll(/```graphql\n([\s\S]*?)```/g)].map(([, text]) => String(text));

    it.each(examples.map((query) => [query]))('shows a question that is answered: %s', async (query) => {
      const { errors, data } = await answerOf(
        await app.post('/graphql', { query, variables: { id: journey } }, admin),
      );
      expect([errors, plans.length]).toEqual([undefined, 1]);
      expect(data.eventStats).toBeTypeOf('object');
    });
    it('shows one for every kind of question', () => {
      expect(examples.length).toBeGreaterThanOrEqual(8);
    });
  });
});

describe('only admins', () => {
  asksOf(inMemory);

  it.each([
    ['nobody', async () => ({}), 'UNAUTHENTICATED'],
    ['a user', async () => bearer(await app.token('user-1')), 'FORBIDDEN'],
    ['a server emitter', async () => bearer(await app.token('robot', 'service')), 'FORBIDDEN'],
  ])('%s is refused with 200, and nothing is asked of the store', async (_, headers, code) => {
    const { status, data, codes } = await ask('last: "P3D"', 'total { events }', await headers());
    expect([status, data, codes, plans]).toEqual([200, null, [code], []]);
  });
});
