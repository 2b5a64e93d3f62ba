import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createStatistics } from '../../../src/domain/reading/ask.js';
import { histogramBucket } from '../../../src/domain/reading/histogram.js';
import { propertyStats } from '../../../src/domain/reading/property-stats.js';
import type { StatsInput } from '../../../src/domain/reading/question.js';
import { allWanted, answerOf, ask, between, catalogue, counts, nothingWanted, rowOf } from './asking.js';

const people = counts(6, { visitors: 4, sessions: 5 });
const before = counts(4, { visitors: 2, sessions: 3 });

/** The answer of a store that finds the same people in every bucket. */
const answerWith = (input: StatsInput, more: Parameters<typeof ask>[1] = {}) =>
  answerOf(input, { wanted: allWanted, find: (plan) => ({ total: rowOf(plan, people, before) }), ...more });

describe('a bucket', () => {
  test('is complete, or says the first reason why not', async () => {
    const { buckets } = await answerOf(between('2026-11-24T12:00Z', '2026-11-30'), {
      find: () => ({ since: '2026-11-26' }),
    });
    expect(buckets.map(({ label, incompleteBecause }) => [label, incompleteBecause])).toEqual([
      ['2026-11-24', 'CUT_BY_RANGE'],
      ['2026-11-25', 'BEFORE_DATA'],
      ['2026-11-26', null],
      ['2026-11-27', null],
      ['2026-11-28', 'IN_PROGRESS'],
      ['2026-11-29', 'IN_PROGRESS'],
    ]);
    expect(buckets.map(({ complete }) => complete)).toEqual([false, false, true, true, false, false]);
  });

  test('that is cut or running is left out of what is complete', async () => {
    const input = { ...between('2026-11-26T12:00Z', '2026-11-30'), completeOnly: true };
    expect((await answerOf(input)).buckets.map(({ label }) => label)).toEqual(['2026-11-27']);
  });
});

describe('before the first data', () => {
  test('points are null, and those that begin before it are told', async () => {
    const { total, warnings } = await answerWith(
      { ...between('2026-11-02', '2026-11-23'), interval: 'WEEK' },
      { find: (plan) => ({ total: rowOf(plan, people), since: '2026-11-11' }) },
    );
    expect(total.points.map(({ events }) => events)).toEqual([null, 6, 6]);
    expect(warnings).toContainEqual({ code: 'BEFORE_DATA', argument: 'input.from' });
  });

  test('everything before today is unknown where there is no data', async () => {
    const { total } = await answerWith(
      { last: 'P2D' },
      { find: (plan) => ({ total: rowOf(plan, counts(0)), since: null }) },
    );
    expect(total.points.map(({ events }) => events)).toEqual([null, 0]);
  });

  test('nothing is said to have changed', async () => {
    const { total, warnings } = await answerWith(
      { last: 'P2D', compare: 'PREVIOUS_PERIOD' },
      { find: (plan) => ({ total: rowOf(plan, people, before), since: '2026-11-26' }) },
    );
    expect(total.change).toBeNull();
    expect(total.previous?.events).toBe(4);
    expect(total.points.map(({ previous }) => previous?.events ?? null)).toEqual([null, 4]);
    expect(warnings).toEqual([{ code: 'BEFORE_DATA', argument: 'input.compare' }]);
  });
});

describe('visitors in points', () => {
  const berlin = 'Europe/Berlin';
  const inZone = { code: 'VISITORS_NOT_IN_ZONE', argument: 'input.zone' };
  const inInterval = { code: 'VISITORS_NOT_IN_INTERVAL', argument: 'input.interval' };
  test.each<[string, StatsInput, object | null]>([
    ['days of the salt', { last: 'P3D' }, null],
    ['days that coincide with those of the salt', { last: 'P3D', zone: 'Europe/London' }, null],
    [
      'days that coincide in part',
      { ...between('2026-03-28', '2026-03-30T23:00Z'), zone: 'Europe/London' },
      inZone,
    ],
    ['days of another zone', { last: 'P3D', zone: berlin }, inZone],
    ['a part of a day', between('2026-11-02T10:00Z', '2026-11-02T12:00Z'), null],
    ['hours', { last: 'P7D', interval: 'HOUR' }, null],
    ['hours of another zone of whole hours', { last: 'P7D', interval: 'HOUR', zone: berlin }, null],
    ['hours of a zone of half hours', { last: 'P7D', interval: 'HOUR', zone: 'Asia/Kolkata' }, inZone],
    ['too many hours', { last: 'P15D', interval: 'HOUR' }, inInterval],
    ['weeks', { last: 'P7D', interval: 'WEEK' }, inInterval],
    ['a month of one day', { last: 'P1D', interval: 'MONTH' }, inInterval],
    ['the whole of a day', { last: 'P1D', interval: 'NONE' }, null],
    ['the whole of two days', { last: 'P2D', interval: 'NONE' }, inInterval],
  ])('by %s', async (_name, input, warning) => {
    const { total, warnings } = await answerWith(input);
    const known = warning ? [null, null] : [4, 5];
    for (const { visitors, sessions } of total.points) expect([visitors, sessions]).toEqual(known);
    expect(warnings).toEqual(warning ? [warning] : []);
    expect(total.sumOfDailyVisitors).toBe(4);
  });

  test('are not missed where nobody asks for them', async () => {
    const input: StatsInput = { last: 'P3D', zone: berlin };
    expect((await answerOf(input, { wanted: { ...nothingWanted, points: true } })).warnings).toEqual([]);
    expect((await answerOf(input, { wanted: { ...nothingWanted, visitors: true } })).warnings).toEqual([]);
  });

  test('that the store does not know any more are null and told', async () => {
    const { total, warnings } = await answerWith(
      { last: 'P2D', interval: 'HOUR' },
      { find: (plan) => ({ total: rowOf(plan, counts(6)) }) },
    );
    expect(total.points[0]).toMatchObject({ events: 6, visitors: null });
    expect(warnings).toEqual([inInterval]);
  });

  test('are told of before by the same rule, and of a row only over one day', async () => {
    const compare = 'PREVIOUS_PERIOD';
    const days = await answerWith({ last: 'P2D', compare });
    expect(days.total.previous).toEqual({
      events: 4,
      visitors: null,
      sumOfDailyVisitors: 2,
      sumOfDailySessions: 3,
    });
    expect(days.total.points[0]?.previous?.visitors).toBe(2);
    const day = await answerWith({ last: 'P1D', interval: 'NONE', compare });
    expect(day.total.previous?.visitors).toBe(2);
    const weeks = await answerWith({ last: 'P7D', interval: 'WEEK', compare });
    expect(weeks.total.points[0]?.previous?.visitors).toBeNull();
  });
});

describe('a row', () => {
  const groupBy = [{ dimension: 'APP' as const }, { dimension: 'OS' as const }];

  test('is what all of its key says', async () => {
    const { rows } = await answerWith(
      { last: 'P1D', groupBy },
      {
        find: (plan) => {
          const row = rowOf(plan, people);
          return {
            rows: [
              { ...row, key: ['a', null] },
              { ...row, key: [null, null] },
              { ...row, key: [null, null], kind: 'OTHER' },
            ],
          };
        },
      },
    );
    expect(rows.map(({ kind }) => kind)).toEqual(['VALUE', 'NONE', 'OTHER']);
  });

  test('tells by how much it changed', async () => {
    const { total } = await answerWith({ last: 'P2D', compare: 'PREVIOUS_PERIOD' });
    expect(total.change).toBe(0.5);
  });

  test('without a base has not changed by any number', async () => {
    const { total } = await answerWith(
      { last: 'P2D', compare: 'PREVIOUS_PERIOD' },
      { find: (plan) => ({ total: rowOf(plan, people, counts(0)) }) },
    );
    expect([total.previous?.events, total.change]).toEqual([0, null]);
  });

  test('into which groups were folded is compared with nothing', async () => {
    const { rows, total, warnings } = await answerWith(
      { last: 'P2D', groupBy, compare: 'PREVIOUS_PERIOD' },
      {
        find: (plan) => {
          const row = rowOf(plan, people, before);
          return { total: { ...row, key: [] }, rows: [{ ...row, folded: true }], folded: true };
        },
      },
    );
    expect([rows[0]?.previous, rows[0]?.change, rows[0]?.points[0]?.previous]).toEqual([null, null, null]);
    expect(total.change).toBe(0.5);
    expect(warnings).toEqual([{ code: 'FOLDED_DAYS', argument: null }]);
  });

  test.each([
    ['events', nothingWanted, groupBy, true],
    ['visitors', { ...nothingWanted, visitors: true }, groupBy, false],
    ['sessions', { ...nothingWanted, sessions: true }, groupBy, false],
    ['visitors without groups', { ...nothingWanted, visitors: true }, [], true],
  ])('of %s adds up, or does not', async (_name, wanted, keys, isSum) => {
    expect((await answerOf({ last: 'P1D', groupBy: keys }, { wanted })).rowsAddUp).toBe(isSum);
  });
});

describe('the statistics of a property', () => {
  test('come from its sum and its histogram', () => {
    const values = Array.from({ length: 100 }, (_, index) => index + 1);
    const histogram = [
      ...new Map(
        values.map(
          (value) =>
            [
              histogramBucket(value),
              values.filter((other) => histogramBucket(other) === histogramBucket(value)).length,
            ] as const,
        ),
      ),
    ];
    const { p50, p95, ...exact } = propertyStats({ count: 100, sum: '5050.00', min: 1, max: 100, histogram });
    expect(exact).toEqual({ count: 100, sum: 5050, mean: 50.5, min: 1, max: 100 });
    expect(Math.abs((p50 ?? 0) / 50 - 1)).toBeLessThan(0.0101);
    expect(Math.abs((p95 ?? 0) / 95 - 1)).toBeLessThan(0.0101);
  });

  test('are null where there are no numbers', () => {
    expect(propertyStats({ count: 0, sum: '0', min: null, max: null, histogram: [] })).toEqual({
      count: 0,
      sum: null,
      mean: null,
      min: null,
      max: null,
      p50: null,
      p95: null,
    });
  });

  test('never hold what JSON cannot say', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.integer({ min: 1, max: 1e9 }),
        (value, count) => {
          const stats = propertyStats({
            count,
            sum: `${'9'.repeat(400)}`,
            min: value,
            max: value,
            histogram: [[histogramBucket(value), count]],
          });
          for (const number of Object.values(stats))
            expect(number === null || Number.isFinite(number)).toBe(true);
        },
      ),
    );
  });
});

test('nobody but an admin is answered, and no store is asked', async () => {
  const { result, plans } = await ask({ last: 'P1D' }, { isAdmin: false });
  expect(result).toEqual({ ok: false, error: { kind: 'FORBIDDEN' } });
  expect(plans).toEqual([]);
});

test('what is too expensive names what the question leaves open', async () => {
  const statistics = createStatistics({
    stats: { stats: () => Promise.resolve({ ok: false, error: { estimatedRows: 9, limit: 1 } }) },
    catalogue: { current: () => catalogue },
    clock: { now: () => new Date('2026-11-28T12:00Z') },
    saltZone: 'UTC',
  });
  const narrowed = async (input: StatsInput) => {
    const result = await statistics.ask(input, nothingWanted, { isAdmin: true });
    return result.ok ? null : result.error;
  };
  expect(await narrowed({ last: 'P2D', groupBy: [{ dimension: 'APP' }] })).toEqual({
    kind: 'TOO_EXPENSIVE',
    estimatedRows: 9,
    limit: 1,
    narrow: ['range', 'filter.appName', 'filter.eventType', 'groupBy'],
  });
  expect(await narrowed({ last: 'P1D', filter: { appName: ['web'], eventType: ['opened'] } })).toMatchObject({
    narrow: [],
  });
});

test('rows that are put in order by visitors have them counted', async () => {
  const { plans } = await ask({ last: 'P1D', orderBy: 'VISITORS' });
  expect(plans[0]?.measures).toEqual({ visitors: true, sessions: false, properties: [] });
});
