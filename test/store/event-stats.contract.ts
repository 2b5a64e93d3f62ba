import { describe, expect, it } from 'vitest';
import { type JsonObject, limits } from '../../src/contract/index.js';
import type { EventStats } from '../../src/domain/ports/index.js';
import { histogramBucket } from '../../src/domain/reading/histogram.js';
import type { Condition, StatsFilter } from '../../src/domain/reading/plan.js';
import type { StoreUnderTest } from '../support/database.js';
import { ask, eventsByKey, numbers, planOf, saltDays, seen, seenWith, spans, utcDays } from './stats-plan.js';

const days = utcDays('2026-11-18', 3);
const today = utcDays('2026-11-20', 1);
const noon = '2026-11-20T12:00:00Z';
const route = (text: string | null) => ({ dimensions: { route: text } });
const wordless = { appVersion: null, source: null, deviceType: null, browserFamily: null, osFamily: null };

/** What every `EventStats` must do. All numbers here were counted by hand. */
export function eventStatsContract(engine: StoreUnderTest<EventStats>): void {
  describe('by time', () => byTime(engine));
  describe('by groups', () => byGroups(engine));
  describe('with filters', () => withFilters(engine));
  describe('of properties', () => ofProperties(engine));
  describe('beside a comparison', () => besideComparison(engine));
}

function byTime(engine: StoreUnderTest<EventStats>): void {
  it('counts events, and visitors and sessions once a day, and nobody where the visitor opted out', async () => {
    await engine.fill([
      seen('2026-11-18T09:00:00Z', 'ann'),
      seen('2026-11-18T10:00:00Z', 'ann', { sessionHash: 'e'.repeat(32) }),
      seen('2026-11-18T11:00:00Z', 'bob', { sessionHash: null }),
      seen('2026-11-20T09:00:00Z', 'ann'),
      seen('2026-11-20T12:00:00Z', null),
    ]);
    const { total, rows, folded } = await ask(engine.store(), planOf({ days }));
    expect(total.points.map(numbers)).toEqual([
      [3, 2, 2],
      [0, 0, 0],
      [2, 1, 1],
    ]);
    expect(numbers(total.totals)).toEqual([5, 3, 3]);
    expect(total).toMatchObject({ kind: 'VALUE', key: [], previous: null, folded: false });
    expect(rows).toEqual([]);
    expect(folded).toBe(false);
  });

  it('says the salt day of the oldest event, whatever is asked, and null where there is none', async () => {
    const plan = planOf({
      days: today,
      filter: { all: [{ dimension: 'APP', in: ['none such'] }], not: null },
    });
    expect((await ask(engine.store(), plan)).since).toBeNull();
    await engine.fill([seen(noon, 'ann'), seen('2026-11-03T23:59:59.999Z', 'bob')]);
    expect((await ask(engine.store(), plan)).since).toBe('2026-11-03');
  });

  it('counts an event on a border in the bucket that begins there', async () => {
    await engine.fill(
      ['09:59:59.999', '10:00:00.000', '10:59:59.999', '11:00:00.000', '12:00:00.000'].map((time) =>
        seen(`2026-11-20T${time}Z`, 'ann'),
      ),
    );
    const buckets = spans('2026-11-20T10:00:00Z', '2026-11-20T11:00:00Z', '2026-11-20T12:00:00Z');
    const { total } = await ask(engine.store(), planOf({ days: today, buckets }));
    expect(total.points.map(({ events }) => events)).toEqual([2, 1]);
    expect(total.totals.events).toBe(3);
  });

  it('counts a visitor of two hours in both, and once in all', async () => {
    await engine.fill([
      seen('2026-11-20T10:10:00Z', 'ann'),
      seen('2026-11-20T11:10:00Z', 'ann'),
      seen('2026-11-20T11:20:00Z', 'bob'),
    ]);
    const buckets = spans('2026-11-20T10:00:00Z', '2026-11-20T11:00:00Z', '2026-11-20T12:00:00Z');
    const { total } = await ask(engine.store(), planOf({ days: today, buckets }));
    expect(total.points.map(numbers)).toEqual([
      [1, 1, 1],
      [2, 2, 2],
    ]);
    expect(numbers(total.totals)).toEqual([3, 2, 2]);
  });

  it('counts buckets of minutes that begin and end anywhere', async () => {
    await engine.fill(
      ['10:14', '10:15', '10:29', '10:45'].map((time) => seen(`2026-11-20T${time}:00Z`, 'ann')),
    );
    const buckets = spans('2026-11-20T10:15:00Z', '2026-11-20T10:30:00Z', '2026-11-20T10:46:00Z');
    const { total } = await ask(engine.store(), planOf({ days: today, buckets }));
    expect(total.points.map(({ events }) => events)).toEqual([2, 1]);
  });

  it('counts nothing without buckets', async () => {
    await engine.fill([seen(noon, 'ann')]);
    const groupBy = [{ dimension: 'APP' }] as const;
    const { total, rows } = await ask(engine.store(), planOf({ days: [], buckets: [], groupBy }));
    expect(numbers(total.totals)).toEqual([0, 0, 0]);
    expect(total.points).toEqual([]);
    expect(rows).toEqual([]);
  });

  it('counts days of another zone, of which visitors are the days of the salt', async () => {
    const berlin = saltDays(
      { '2026-11-19': '2026-11-18T23:00:00Z', '2026-11-20': '2026-11-19T23:00:00Z' },
      '2026-11-20T23:00:00Z',
    );
    await engine.fill([
      seen('2026-11-19T22:30:00Z', 'ann', { day: '2026-11-19' }),
      seen('2026-11-19T23:30:00Z', 'ann', { day: '2026-11-20' }),
      seen('2026-11-20T00:30:00Z', 'ann', { day: '2026-11-20' }),
    ]);
    const { total } = await ask(engine.store(), planOf({ days: berlin }));
    expect(total.points.map(numbers)).toEqual([
      [1, 1, 1],
      [2, 1, 1],
    ]);
    expect(numbers(total.totals)).toEqual([3, 2, 2]);
  });

  it('counts visitors of a bucket that lies in two salt days twice', async () => {
    const berlin = saltDays(
      { '2026-11-19': '2026-11-18T23:00:00Z', '2026-11-20': '2026-11-19T23:00:00Z' },
      '2026-11-20T23:00:00Z',
    );
    await engine.fill([
      seen('2026-11-19T22:30:00Z', 'ann', { day: '2026-11-19' }),
      seen('2026-11-19T23:30:00Z', 'ann', { day: '2026-11-20' }),
    ]);
    const buckets = spans('2026-11-19T00:00:00Z', '2026-11-20T00:00:00Z');
    const { total } = await ask(engine.store(), planOf({ days: berlin, buckets }));
    expect(total.points.map(numbers)).toEqual([[2, 2, 2]]);
  });

  it('counts a day of 25 hours, and the hour that comes twice in two buckets', async () => {
    const begin = Date.parse('2026-10-24T22:00:00Z');
    const autumn = saltDays({ '2026-10-25': '2026-10-24T22:00:00Z' }, '2026-10-25T23:00:00Z');
    const hours = Array.from({ length: 26 }, (_, hour) => new Date(begin + hour * 3_600_000).toISOString());
    await engine.fill([
      seen('2026-10-24T22:00:00Z', 'ann', { day: '2026-10-25' }),
      seen('2026-10-25T00:30:00Z', 'ann', { day: '2026-10-25' }),
      seen('2026-10-25T01:30:00Z', 'bob', { day: '2026-10-25' }),
      seen('2026-10-25T22:59:59.999Z', 'ann', { day: '2026-10-25' }),
      seen('2026-10-25T23:00:00Z', 'ann', { day: '2026-10-26' }),
    ]);
    const byDay = await ask(engine.store(), planOf({ days: autumn }));
    expect(byDay.total.points.map(numbers)).toEqual([[4, 2, 2]]);
    const byHour = await ask(engine.store(), planOf({ days: autumn, buckets: spans(...hours) }));
    const events = byHour.total.points.map((point) => point.events);
    expect(events).toHaveLength(25);
    expect([events[0], events[1], events[2], events[3], events[4], events[24]]).toEqual([1, 0, 1, 1, 0, 1]);
    expect(numbers(byHour.total.totals)).toEqual([4, 2, 2]);
  });

  it('leaves out the points and the measures that nobody asked for', async () => {
    await engine.fill([seen(noon, 'ann', { properties: { size: 1 } })]);
    const { total, rows } = await ask(
      engine.store(),
      planOf({
        days: today,
        previous: [null],
        groupBy: [{ dimension: 'APP' }],
        measures: { visitors: false, sessions: false, properties: [] },
        points: false,
      }),
    );
    const nothing = { events: 0, visitors: null, sessions: null, properties: new Map() };
    const expected = {
      kind: 'VALUE',
      totals: { ...nothing, events: 1 },
      points: [],
      previous: { totals: nothing, points: [] },
      folded: false,
    };
    expect(total).toEqual({ ...expected, key: [] });
    expect(rows).toEqual([{ ...expected, key: ['web'] }]);
  });

  it('counts visitors without sessions, and sessions without visitors', async () => {
    await engine.fill([seen(noon, 'ann'), seen(noon, 'ann', { sessionHash: 'e'.repeat(32) })]);
    for (const [visitors, sessions, expected] of [
      [true, false, [2, 1, null]],
      [false, true, [2, null, 2]],
    ] as const) {
      const measures = { visitors, sessions, properties: [] };
      const { total } = await ask(engine.store(), planOf({ days: today, measures }));
      expect(numbers(total.totals)).toEqual(expected);
      expect(total.points.map(numbers)).toEqual([expected]);
    }
  });
}

function byGroups(engine: StoreUnderTest<EventStats>): void {
  const byRoute = planOf({ days: today, groupBy: [{ dimension: 'ROUTE' }] });

  it('tells events without a value from words that only look like it', async () => {
    await engine.fill(seenWith(noon, [null, null, '(none)', 'OTHER', 'null', 'NONE'].map(route)));
    const { rows } = await ask(engine.store(), byRoute);
    expect(rows.map(({ kind }) => kind)).toEqual(Array(5).fill('VALUE'));
    expect(eventsByKey(rows)).toEqual([
      [[null], 2],
      [['(none)'], 1],
      [['NONE'], 1],
      [['OTHER'], 1],
      [['null'], 1],
    ]);
  });

  it.each([
    ['APP', ['admin', 'web']],
    ['EVENT_TYPE', ['opened', 'page_viewed']],
    ['EVENT_VERSION', ['1', '10']],
    ['ROUTE', ['/a', null]],
    ['ENTITY_TYPE', ['journey', null]],
    ['ENTITY', ['j-1', null]],
    ['DEVICE', ['mobile', null]],
    ['BROWSER', ['Firefox', null]],
    ['OS', ['Linux', null]],
    ['SOURCE', ['ide', null]],
    ['APP_VERSION', ['1.4.0', null]],
  ] as const)('groups by %s', async (dimension, expected) => {
    await engine.fill([
      seen(noon, 'ann', {
        entityId: 'j-1',
        dimensions: {
          ...{ appName: 'admin', eventType: 'opened', eventVersion: 10, route: '/a', entityType: 'journey' },
          ...{ deviceType: 'mobile', browserFamily: 'Firefox', osFamily: 'Linux', source: 'ide' },
          appVersion: '1.4.0',
        },
      }),
      seen(noon, 'bob', { dimensions: { ...wordless, route: null, entityType: null } }),
    ]);
    const { rows } = await ask(
      engine.store(),
      planOf({ days: today, groupBy: [{ dimension }], orderBy: 'KEY' }),
    );
    expect(eventsByKey(rows)).toEqual(expected.map((word) => [[word], 1]));
  });

  it('groups by two and by three, each row with points and visitors of its own', async () => {
    await engine.fill([
      seen('2026-11-18T10:00:00Z', 'ann', { dimensions: { route: '/a', deviceType: 'mobile' } }),
      seen('2026-11-18T11:00:00Z', 'bob', { dimensions: { route: '/a', deviceType: 'mobile' } }),
      seen('2026-11-20T10:00:00Z', 'ann', { dimensions: { route: '/a', deviceType: 'mobile' } }),
      seen('2026-11-20T11:00:00Z', 'ann', { dimensions: { route: '/a', deviceType: null } }),
      seen('2026-11-20T12:00:00Z', 'ann', { dimensions: { route: null, deviceType: null }, entityId: 'j-1' }),
    ]);
    const two = await ask(
      engine.store(),
      planOf({ days, groupBy: [{ dimension: 'ROUTE' }, { dimension: 'DEVICE' }] }),
    );
    expect(two.rows.map(({ key, totals, points }) => [key, numbers(totals), points.map(numbers)])).toEqual([
      [
        ['/a', 'mobile'],
        [3, 3, 3],
        [
          [2, 2, 2],
          [0, 0, 0],
          [1, 1, 1],
        ],
      ],
      [
        ['/a', null],
        [1, 1, 1],
        [
          [0, 0, 0],
          [0, 0, 0],
          [1, 1, 1],
        ],
      ],
      [
        [null, null],
        [1, 1, 1],
        [
          [0, 0, 0],
          [0, 0, 0],
          [1, 1, 1],
        ],
      ],
    ]);
    const three = await ask(
      engine.store(),
      planOf({
        days,
        groupBy: [{ dimension: 'ENTITY' }, { dimension: 'ROUTE' }, { dimension: 'DEVICE' }],
      }),
    );
    expect(eventsByKey(three.rows)).toEqual([
      [[null, '/a', 'mobile'], 3],
      [['j-1', null, null], 1],
      [[null, '/a', null], 1],
    ]);
    expect(numbers(three.total.totals)).toEqual([5, 3, 3]);
  });

  it('counts in OTHER the different visitors of the events that no row shows', async () => {
    await engine.fill([
      ...seenWith(noon, ['/a', '/a', '/a', '/b'].map(route)),
      seen(noon, 'bob', route('/b')),
      ...seenWith(noon, ['/c', null].map(route)),
      seen(noon, 'cat', route('/d')),
    ]);
    const { rows, total } = await ask(engine.store(), { ...byRoute, top: 2 });
    expect(rows.map(({ kind, key, totals }) => [kind, key, numbers(totals)])).toEqual([
      ['VALUE', ['/a'], [3, 1, 1]],
      ['VALUE', ['/b'], [2, 2, 2]],
      ['OTHER', [null], [3, 2, 2]],
    ]);
    expect(rows[2]?.points.map(numbers)).toEqual([[3, 2, 2]]);
    expect(numbers(total.totals)).toEqual([8, 3, 3]);
  });

  it('shows no OTHER where every event is in a row', async () => {
    await engine.fill(seenWith(noon, ['/a', '/b'].map(route)));
    const { rows } = await ask(engine.store(), { ...byRoute, top: 2 });
    expect(eventsByKey(rows)).toEqual([
      [['/a'], 1],
      [['/b'], 1],
    ]);
  });

  it('orders ties bytewise in UTF-8, whatever the language, with null last', async () => {
    const inOrder = ['/Z', '/a', '/a/b', '/aa', '/z', '/ä', '/\u{FF5E}', '/\u{1F600}', null];
    await engine.fill(seenWith(noon, [...inOrder].reverse().map(route)));
    for (const orderBy of ['EVENTS', 'VISITORS', 'KEY'] as const) {
      const { rows } = await ask(engine.store(), { ...byRoute, orderBy });
      expect(rows.map(({ key }) => key[0])).toEqual(inOrder);
    }
  });

  it('orders by keys part by part', async () => {
    const words = [
      ['/a', 'mobile'],
      ['/a', null],
      ['/ab', 'desktop'],
      [null, 'desktop'],
      [null, null],
    ] as const;
    await engine.fill(
      seenWith(
        noon,
        [...words].reverse().map(([route, deviceType]) => ({ dimensions: { route, deviceType } })),
      ),
    );
    const groupBy = [{ dimension: 'ROUTE' }, { dimension: 'DEVICE' }] as const;
    const { rows } = await ask(engine.store(), planOf({ days: today, groupBy, orderBy: 'KEY' }));
    expect(rows.map(({ key }) => key)).toEqual(words);
  });

  it('chooses rows by events, by the sum of daily visitors, or by the key, over all buckets', async () => {
    await engine.fill([
      // Five events of one visitor, three of two on two days, and two of one on two days.
      ...seenWith('2026-11-18T10:00:00Z', Array(5).fill(route('/c'))),
      seen('2026-11-18T10:00:00Z', 'ann', route('/b')),
      seen('2026-11-18T10:00:00Z', 'bob', route('/b')),
      seen('2026-11-20T10:00:00Z', 'ann', route('/b')),
      seen('2026-11-19T10:00:00Z', 'ann', route('/a')),
      seen('2026-11-20T10:00:00Z', 'ann', route('/a')),
      // Four of nobody.
      ...Array.from({ length: 4 }, () => seen('2026-11-20T10:00:00Z', null, route('/d'))),
    ]);
    for (const [orderBy, expected] of [
      ['EVENTS', ['/c', '/d', '/b']],
      ['VISITORS', ['/b', '/a', '/c']],
      ['KEY', ['/a', '/b', '/c']],
    ] as const) {
      // Also where visitors are not asked for, so that the answer does not say them.
      for (const visitors of [true, false]) {
        const measures = { visitors, sessions: false, properties: [] };
        const { rows } = await ask(
          engine.store(),
          planOf({ days, groupBy: [{ dimension: 'ROUTE' }], top: 3, orderBy, measures }),
        );
        const shown = rows.filter(({ kind }) => kind === 'VALUE');
        expect(shown.map(({ key }) => key[0])).toEqual(expected);
        expect(rows.every(({ totals }) => (totals.visitors !== null) === visitors)).toBe(true);
      }
    }
  });
}

function withFilters(engine: StoreUnderTest<EventStats>): void {
  const countWhere = async (all: readonly Condition[], not: StatsFilter | null = null) => {
    const { total } = await ask(engine.store(), planOf({ days: today, filter: { all, not } }));
    expect(total.points[0]).toEqual(total.totals);
    return total.totals.events;
  };
  const not = (...all: readonly Condition[]): StatsFilter => ({ all, not: null });

  it('counts events that have one of the words, and none for an empty list', async () => {
    await engine.fill(seenWith(noon, ['/a', '/a', '/b', '/c', null].map(route)));
    expect(await countWhere([{ dimension: 'ROUTE', in: ['/a', '/b', '/nowhere'] }])).toBe(3);
    expect(await countWhere([{ dimension: 'ROUTE', in: [null] }])).toBe(1);
    expect(await countWhere([{ dimension: 'ROUTE', in: ['/c', null] }])).toBe(2);
    expect(await countWhere([{ dimension: 'ROUTE', in: [] }])).toBe(0);
    expect(await countWhere([{ dimension: 'ROUTE', in: ['null'] }])).toBe(0);
    expect(await countWhere([{ dimension: 'ROUTE', in: ['/A'] }])).toBe(0);
    // As many as a filter may list.
    const many = Array.from({ length: limits.maxFilterValues - 1 }, (_, n) => `/nowhere/${n}`);
    expect(await countWhere([{ dimension: 'ROUTE', in: [...many, '/b'] }])).toBe(1);
  });

  it('negates with the events that have no word there', async () => {
    await engine.fill(seenWith(noon, ['/a', '/b', null].map(route)));
    expect(await countWhere([], not({ dimension: 'ROUTE', in: ['/a'] }))).toBe(2);
    expect(await countWhere([], not({ dimension: 'ROUTE', in: [null] }))).toBe(2);
    expect(await countWhere([], not({ dimension: 'ROUTE', in: ['/a', null] }))).toBe(1);
    expect(await countWhere([], not({ dimension: 'ROUTE', in: [] }))).toBe(3);
    expect(await countWhere([], not({ dimension: 'ROUTE', prefix: '/a' }))).toBe(2);
    expect(await countWhere([], not())).toBe(0);
    expect(await countWhere([], { all: [], not: not({ dimension: 'ROUTE', in: ['/a'] }) })).toBe(1);
  });

  it('holds all conditions together, and negates them as a whole', async () => {
    await engine.fill(
      seenWith(
        noon,
        [
          ['/a', 'mobile'],
          ['/a', 'desktop'],
          ['/b', 'mobile'],
          [null, null],
        ].map(([route = null, deviceType = null]) => ({ dimensions: { route, deviceType } })),
      ),
    );
    const both = [
      { dimension: 'ROUTE', in: ['/a'] },
      { dimension: 'DEVICE', in: ['mobile'] },
    ] as const;
    expect(await countWhere(both)).toBe(1);
    expect(await countWhere([], not(...both))).toBe(3);
    expect(await countWhere([both[0]], not(both[1]))).toBe(1);
    expect(
      await countWhere([
        { dimension: 'ROUTE', in: ['/a', '/b'] },
        { dimension: 'ROUTE', in: ['/b', null] },
      ]),
    ).toBe(1);
  });

  it('takes the beginning of a route as it is written, also with the signs of patterns', async () => {
    await engine.fill(
      seenWith(
        noon,
        ['/a_b/x', '/acb/x', '/50%/x', '/50 off', '/a\\b', '/A_b', '/a', 'x/a_b', null].map(route),
      ),
    );
    for (const [prefix, expected] of [
      ['/a_b', 1],
      ['/a_', 1],
      ['/50%', 1],
      ['/a\\', 1],
      ['/a', 4],
      ['/a_b/x/', 0],
      ['%', 0],
      ['_', 0],
      ['', 8],
    ] as const) {
      expect(await countWhere([{ dimension: 'ROUTE', prefix }]), prefix).toBe(expected);
    }
  });

  it('asks for entities and for versions', async () => {
    await engine.fill([
      seen(noon, 'ann', { entityId: 'j-1', dimensions: { eventVersion: 1 } }),
      seen(noon, 'ann', { entityId: 'J-1', dimensions: { eventVersion: 10 } }),
      seen(noon, 'ann', { entityId: null, dimensions: { eventVersion: 2 } }),
    ]);
    expect(await countWhere([{ dimension: 'ENTITY', in: ['j-1'] }])).toBe(1);
    expect(await countWhere([{ dimension: 'ENTITY', in: [null, 'J-1'] }])).toBe(2);
    expect(await countWhere([], not({ dimension: 'ENTITY', in: ['j-1'] }))).toBe(2);
    expect(await countWhere([{ dimension: 'EVENT_VERSION', in: ['1'] }])).toBe(1);
    expect(
      await countWhere([{ dimension: 'EVENT_VERSION', in: ['2', '10', '1.0', 'x', '99999999999'] }]),
    ).toBe(2);
    expect(await countWhere([{ dimension: 'EVENT_VERSION', in: [null] }])).toBe(0);
  });

  it('asks for a property of a value and type, and for none', async () => {
    const withSize = (...sizes: readonly JsonObject[string][]) =>
      sizes.map((size) => ({ properties: { size } }));
    await engine.fill([
      ...seenWith(noon, withSize(1, 1.5, '1', 'big', true, null, [1], { big: 1 })),
      ...seenWith(noon, [{ properties: { other: 1 } }, { properties: null }]),
    ]);
    for (const [values, expected] of [
      [[1], 1],
      [[1.5, 2], 1],
      [['1'], 1],
      [['big', 1, 'true'], 2],
      [[true], 1],
      [[false], 0],
      // Null, a list, an object, another property, and no properties at all.
      [[null], 5],
      [[null, 'big'], 6],
      [[], 0],
    ] as const) {
      const condition: Condition = { property: 'size', in: values };
      expect(await countWhere([condition]), JSON.stringify(values)).toBe(expected);
      expect(await countWhere([], not(condition)), JSON.stringify(values)).toBe(10 - expected);
    }
  });

  it('asks for numbers between bounds, and only for numbers', async () => {
    const sizes = [-2, -0.5, 0, 0.1, 0.30000000000000004, 1e21, '5', true, null];
    await engine.fill(
      seenWith(noon, [...sizes.map((size) => ({ properties: { size } })), { properties: null }]),
    );
    for (const [gte, lt, expected] of [
      [0, null, 4],
      [null, 0, 2],
      [-0.5, 0.3, 3],
      [0.3, 0.4, 1],
      [1e21, null, 1],
      [null, 1e21, 5],
      [2, 1, 0],
      [null, null, 6],
    ] as const) {
      const condition: Condition = { property: 'size', gte, lt };
      expect(await countWhere([condition]), `${gte} to ${lt}`).toBe(expected);
      expect(await countWhere([], not(condition)), `not ${gte} to ${lt}`).toBe(10 - expected);
    }
  });

  it('reads properties of any name and words of any letters as what they are', async () => {
    const name = `it's "$1" \\ {0} ; --`;
    await engine.fill(seenWith(noon, [{ properties: { [name]: name } }, { properties: { a: { b: 1 } } }]));
    expect(await countWhere([{ property: name, in: [name] }])).toBe(1);
    expect(await countWhere([{ property: 'a.b', in: [1] }])).toBe(0);
    expect(await countWhere([{ property: '__proto__', in: [null] }])).toBe(2);
    expect(await countWhere([{ dimension: 'APP', in: [name, `' OR true --`] }])).toBe(0);
  });
}

function ofProperties(engine: StoreUnderTest<EventStats>): void {
  const sumOf = async (values: readonly JsonObject[string][]) => {
    await engine.fill(
      seenWith(
        noon,
        values.map((size) => ({ properties: { size } })),
      ),
    );
    const measures = { visitors: false, sessions: false, properties: ['size'] };
    const { total } = await ask(engine.store(), planOf({ days: today, measures }));
    expect(total.points).toEqual([total.totals]);
    return total.totals.properties.get('size');
  };

  it.each([
    ['tenths', [0.1, 0.2], '0.3', 0.1, 0.2],
    ['large and small', [1e21, 1, 0.5], '1000000000000000000001.5', 0.5, 1e21],
    ['negative ones', [-1.25, -0.75, 0.5], '-1.5', -1.25, 0.5],
    ['what cancels out', [2.5, -2.5, 0], '0', -2.5, 2.5],
    ['tiny ones', [1e-7, 2.5e-7], '0.00000035', 1e-7, 2.5e-7],
    ['a whole number with zeros at its end', [250, 250], '500', 250, 250],
    ['what is less than one', [-0.25, 0.05], '-0.2', -0.25, 0.05],
    [
      'what doubles cannot add',
      [9007199254740991, 9007199254740991, 3],
      '18014398509481985',
      3,
      9007199254740991,
    ],
    [
      'the longest',
      [1.7976931348623157e308, 5e-324],
      `17976931348623157${'0'.repeat(292)}.${'0'.repeat(323)}5`,
      5e-324,
      1.7976931348623157e308,
    ],
  ])('adds up %s exactly', async (_, values, sum, min, max) => {
    expect(await sumOf(values)).toMatchObject({ count: values.length, sum, min, max });
  });

  it('counts only numbers, by the buckets of the histogram', async () => {
    const counts = await sumOf([10, 10, '10', true, null, [10], -3, 0, 1e30]);
    expect(counts).toEqual({
      count: 5,
      sum: '1000000000000000000000000000017',
      min: -3,
      max: 1e30,
      histogram: [
        [histogramBucket(-3), 1],
        [histogramBucket(0), 1],
        [histogramBucket(10), 2],
        [histogramBucket(1e30), 1],
      ],
    });
  });

  it('knows nothing of a property that is nowhere a number', async () => {
    const nothing = { count: 0, sum: '0', min: null, max: null, histogram: [] };
    expect(await sumOf(['10', null])).toEqual(nothing);
  });

  it('counts several properties, for each row and point', async () => {
    await engine.fill([
      seen('2026-11-19T10:00:00Z', 'ann', { ...route('/a'), properties: { size: 1, depth: 2 } }),
      seen('2026-11-20T10:00:00Z', 'ann', { ...route('/a'), properties: { size: 10 } }),
      seen('2026-11-20T10:00:00Z', 'ann', { ...route('/b'), properties: { size: 100, depth: 4 } }),
    ]);
    const { rows } = await ask(
      engine.store(),
      planOf({
        days: days.slice(1),
        groupBy: [{ dimension: 'ROUTE' }],
        measures: { visitors: false, sessions: false, properties: ['size', 'depth'] },
      }),
    );
    const sums = rows.map(({ totals, points }) =>
      [totals, ...points].map(({ properties }) => [...properties].map(([name, { sum }]) => [name, sum])),
    );
    const both = (size: string, depth: string) => [
      ['size', size],
      ['depth', depth],
    ];
    expect(sums).toEqual([
      [both('11', '2'), both('1', '2'), both('10', '0')],
      [both('100', '4'), both('0', '0'), both('100', '4')],
    ]);
  });

  it('groups by the text of a value, and counts lists and objects as none', async () => {
    const sizes = ['big', 'big', '', 2, 2.5, '2', true, 1e21, -0.5, null, [1], { a: 1 }];
    await engine.fill([
      ...seenWith(
        noon,
        sizes.map((size) => ({ properties: { size } })),
      ),
      ...seenWith(noon, [{ properties: null }, { properties: { other: 'big' } }]),
    ]);
    const plan = planOf({ days: today, groupBy: [{ property: 'size' }], orderBy: 'KEY' });
    const { rows } = await ask(engine.store(), plan);
    expect(eventsByKey(rows)).toEqual([
      [[''], 1],
      [['-0.5'], 1],
      [['1e+21'], 1],
      [['2'], 2],
      [['2.5'], 1],
      [['big'], 2],
      [['true'], 1],
      [[null], 5],
    ]);
  });
}

function besideComparison(engine: StoreUnderTest<EventStats>): void {
  const twoDays = utcDays('2026-11-17', 4);
  const plan = planOf({
    days: twoDays,
    buckets: spans('2026-11-19', '2026-11-20', '2026-11-21'),
    previous: spans('2026-11-17', '2026-11-18', '2026-11-19'),
    groupBy: [{ dimension: 'ROUTE' }],
    top: 1,
  });

  it('counts the same keys before, chosen without the comparison', async () => {
    await engine.fill([
      ...seenWith('2026-11-20T10:00:00Z', ['/a', '/a', '/b'].map(route)),
      seen('2026-11-19T10:00:00Z', 'bob', route('/a')),
      ...seenWith('2026-11-17T10:00:00Z', ['/b', '/b', '/b', '/b', '/gone', '/a'].map(route)),
      seen('2026-11-18T10:00:00Z', 'bob', route('/b')),
    ]);
    const { rows, total } = await ask(engine.store(), plan);
    const shown = [total, ...rows].map(({ kind, key, totals, points, previous }) => ({
      row: kind === 'OTHER' ? kind : key.join(),
      now: [numbers(totals), ...points.map(numbers)],
      before: previous && [
        numbers(previous.totals),
        ...previous.points.map((point) => point && numbers(point)),
      ],
    }));
    expect(shown).toEqual([
      {
        row: '',
        now: [
          [4, 2, 2],
          [1, 1, 1],
          [3, 1, 1],
        ],
        before: [
          [7, 2, 2],
          [6, 1, 1],
          [1, 1, 1],
        ],
      },
      {
        row: '/a',
        now: [
          [3, 2, 2],
          [1, 1, 1],
          [2, 1, 1],
        ],
        before: [
          [1, 1, 1],
          [1, 1, 1],
          [0, 0, 0],
        ],
      },
      {
        row: 'OTHER',
        now: [
          [1, 1, 1],
          [0, 0, 0],
          [1, 1, 1],
        ],
        before: [
          [6, 2, 2],
          [5, 1, 1],
          [1, 1, 1],
        ],
      },
    ]);
  });

  it('shows OTHER for what there was only before', async () => {
    await engine.fill([
      seen('2026-11-20T10:00:00Z', 'ann', route('/a')),
      seen('2026-11-18T10:00:00Z', 'ann', route('/b')),
    ]);
    const { rows } = await ask(engine.store(), { ...plan, top: 5 });
    expect(
      rows.map(({ kind, key, totals, previous }) => [kind, key, totals.events, previous?.totals.events]),
    ).toEqual([
      ['VALUE', ['/a'], 1, 0],
      ['OTHER', [null], 0, 1],
    ]);
    expect((await ask(engine.store(), { ...plan, previous: null })).rows).toHaveLength(1);
  });

  it('compares a bucket with nothing, and with less than itself', async () => {
    await engine.fill([
      seen('2026-11-17T10:00:00Z', 'ann'),
      seen('2026-11-17T11:00:00Z', 'bob'),
      seen('2026-11-17T12:00:00Z', 'bob'),
    ]);
    const previousOf = async (...previous: NonNullable<typeof plan.previous>) => {
      const found = (await ask(engine.store(), { ...plan, previous })).total.previous;
      return found && [numbers(found.totals), ...found.points.map((point) => point && numbers(point))];
    };
    const [cut] = spans('2026-11-17', '2026-11-17T11:00:00Z');
    if (!cut) throw new Error('The span is there.');
    expect(await previousOf(null, cut)).toEqual([[1, 1, 1], null, [1, 1, 1]]);
    expect(await previousOf(null, null)).toEqual([[0, 0, 0], null, null]);
  });

  it('compares with days that lie in the period itself', async () => {
    await engine.fill([seen('2026-11-19T10:00:00Z', 'ann'), seen('2026-11-20T10:00:00Z', 'ann')]);
    const { total } = await ask(engine.store(), { ...plan, previous: [null, plan.buckets[0] ?? null] });
    expect(numbers(total.totals)).toEqual([2, 2, 2]);
    expect(total.previous && numbers(total.previous.totals)).toEqual([1, 1, 1]);
  });

  it('filters and counts properties before as now', async () => {
    await engine.fill([
      seen('2026-11-20T10:00:00Z', 'ann', { properties: { size: 2 } }),
      seen('2026-11-18T10:00:00Z', 'ann', { properties: { size: 3 } }),
      seen('2026-11-18T10:00:00Z', 'ann', { properties: { size: 0.5 } }),
    ]);
    const { total } = await ask(engine.store(), {
      ...plan,
      filter: { all: [{ property: 'size', gte: 1, lt: null }], not: null },
      measures: { visitors: false, sessions: false, properties: ['size'] },
    });
    expect(total.totals.properties.get('size')?.sum).toBe('2');
    expect(total.previous?.totals.properties.get('size')?.sum).toBe('3');
    expect(total.previous?.points.map((point) => point?.properties.get('size')?.count)).toEqual([0, 1]);
  });
}
