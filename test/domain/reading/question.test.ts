import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readingLimits } from '../../../src/contract/index.js';
import type { FilterInput, StatsInput } from '../../../src/domain/reading/question.js';
import { ask, between, nothingWanted, planOf, refusalOf } from './asking.js';

const week = between('2026-11-01', '2026-11-08');

describe('a range', () => {
  test.each([
    ['P1D', 'DAY', 'UTC', '2026-11-28T00:00Z', '2026-11-29T00:00Z'],
    ['P30D', 'DAY', 'UTC', '2026-10-30T00:00Z', '2026-11-29T00:00Z'],
    ['P2W', 'DAY', 'UTC', '2026-11-15T00:00Z', '2026-11-29T00:00Z'],
    ['P1M', 'MONTH', 'UTC', '2026-10-29T00:00Z', '2026-11-29T00:00Z'],
    ['P1Y', 'MONTH', 'UTC', '2025-11-29T00:00Z', '2026-11-29T00:00Z'],
    ['P5Y', 'WEEK', 'UTC', '2021-11-29T00:00Z', '2026-11-29T00:00Z'],
    ['P2D', 'NONE', 'Asia/Kolkata', '2026-11-26T18:30Z', '2026-11-28T18:30Z'],
    ['P30D', 'DAY', 'America/New_York', '2026-10-30T04:00Z', '2026-11-29T05:00Z'],
    ['PT24H', 'DAY', 'UTC', '2026-11-27T13:00Z', '2026-11-28T13:00Z'],
    ['PT3H', 'HOUR', 'Asia/Kolkata', '2026-11-28T09:30Z', '2026-11-28T12:30Z'],
    ['P7D', 'HOUR', 'UTC', '2026-11-21T13:00Z', '2026-11-28T13:00Z'],
  ] as const)(
    '%s by %s in %s begins and ends with what it is made of',
    async (last, interval, zone, from, to) => {
      const { buckets } = await planOf({ last, interval, zone });
      expect([buckets[0]?.start, buckets.at(-1)?.end]).toEqual([new Date(from), new Date(to)]);
    },
  );

  test('a month back from the 31st begins after the last day of a shorter month', async () => {
    const { buckets } = await planOf({ last: 'P1M' }, { now: '2026-03-31T12:00:00Z' });
    expect(buckets[0]?.start).toEqual(new Date('2026-03-01'));
  });

  const [from, to] = [new Date('2026-11-01'), new Date('2026-11-08')];
  test.each<[string, StatsInput, string]>([
    ['none', {}, 'input.last'],
    ['all three', { last: 'P1D', from, to }, 'input.from'],
    ['last and to', { last: 'P1D', to }, 'input.to'],
    ['from alone', { from }, 'input.to'],
    ['to alone', { to }, 'input.from'],
    ['inverted', { from: to, to: from }, 'input.from'],
    ['no date', { from: new Date(Number.NaN), to }, 'input.from'],
    ['before the years', { from: new Date('-000001-01-01'), to }, 'input.from'],
    ['after the years', { from, to: new Date('+010000-01-01') }, 'input.to'],
    ['thousands of years', between('0100-01-01', '9900-01-01'), 'input.to'],
    ['five years and a day', between('2021-01-01', '2026-01-03'), 'input.to'],
    ['thousands of years back', { last: 'P9999Y' }, 'input.last'],
    ['a century of hours', { last: 'PT999999H' }, 'input.last'],
    [
      'five years of hours for 200 rows',
      { last: 'P5Y', interval: 'HOUR', top: 200, groupBy: [{ dimension: 'APP' }] },
      'input.top',
    ],
  ])('that is %s is refused', async (_name, input, argument) => {
    expect(await refusalOf(input, { wanted: { ...nothingWanted, points: true } })).toMatchObject({
      kind: 'BAD_ARGUMENT',
      argument,
    });
  });

  test.each([
    '',
    'P',
    'PT',
    'P0D',
    'PT0H',
    '-P1D',
    'P-1D',
    '+P1D',
    'P1.5D',
    'P1,5D',
    'PT30M',
    'PT1S',
    'P1DT12H',
    'p1d',
    ' P1D',
    'P1D ',
    'P1D\n',
    'P1D\0',
    '\ud800',
    'P٣D',
    'P123456D',
    'P1D1M',
    '30',
    `P${'1'.repeat(10_000)}D`,
  ])('the duration %j is refused', async (last) => {
    expect(await refusalOf({ last })).toMatchObject({ kind: 'BAD_ARGUMENT', argument: 'input.last' });
  });

  test('equal instants are a range without buckets, and no store is asked', async () => {
    const { result, plans } = await ask({ ...between('2026-11-01', '2026-11-01'), compare: 'PREVIOUS_YEAR' });
    expect(plans).toEqual([]);
    expect(result).toMatchObject({
      ok: true,
      value: { buckets: [], rows: [], warnings: [], total: { events: 0 } },
    });
  });
});

test.each(['', '+02:00', 'Mars/Olympus', 'UTC\0', '\udfff', 'x'.repeat(10_000)])(
  'the zone %j is refused',
  async (zone) => {
    expect(await refusalOf({ last: 'P1D', zone })).toMatchObject({ argument: 'input.zone' });
  },
);

test.each([0, -1, 201, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('%d rows are refused', async (top) => {
  expect(await refusalOf({ ...week, top })).toMatchObject({ argument: 'input.top' });
});

describe('groups', () => {
  const one = { eventType: ['opened'] };
  test.each<[string, StatsInput, string]>([
    [
      'four',
      { groupBy: (['APP', 'OS', 'ROUTE', 'DEVICE'] as const).map((dimension) => ({ dimension })) },
      'input.groupBy',
    ],
    ['the same twice', { groupBy: [{ dimension: 'APP' }, { dimension: 'APP' }] }, 'input.groupBy[1]'],
    ['neither', { groupBy: [{}] }, 'input.groupBy[0]'],
    ['both', { groupBy: [{ dimension: 'APP', property: 'size' }] }, 'input.groupBy[0]'],
    ['a property of no event type', { groupBy: [{ property: 'size' }] }, 'input.groupBy[0].property'],
    [
      'an undeclared property',
      { filter: one, groupBy: [{ property: '__proto__' }] },
      'input.groupBy[0].property',
    ],
    ['a list', { filter: one, groupBy: [{ property: 'tags' }] }, 'input.groupBy[0].property'],
  ])('by %s are refused', async (_name, input, argument) => {
    expect(await refusalOf({ ...week, ...input })).toMatchObject({ kind: 'BAD_ARGUMENT', argument });
  });

  test('by a dimension and a property are planned', async () => {
    const groupBy = [{ dimension: 'APP' as const, property: null }, { property: 'language' }];
    expect((await planOf({ ...week, filter: one, groupBy })).groupBy).toEqual([
      { dimension: 'APP' },
      { property: 'language' },
    ]);
  });
});

test.each([
  ['without an event type', {}, ['size'], false],
  ['of two event types', { eventType: ['opened', 'closed'] }, ['size'], false],
  ['that another event type declares', { eventType: ['closed'] }, ['size'], false],
  ['that are texts', { eventType: ['opened'] }, ['language'], false],
  [
    'that are too many',
    { eventType: ['opened'] },
    Array.from({ length: 11 }, (_, index) => `p${index}`),
    false,
  ],
  ['that are numbers', { eventType: ['opened'] }, ['size', 'ratio', 'size'], true],
])('statistics of properties %s', async (_name, filter, properties, isAllowed) => {
  const refusal = await refusalOf({ ...week, filter }, { wanted: { ...nothingWanted, properties } });
  if (isAllowed) expect(refusal).toBeNull();
  else expect(refusal).toMatchObject({ kind: 'BAD_ARGUMENT', argument: 'property(name:)' });
});

describe('a filter', () => {
  const opened = { eventType: ['opened'] };
  const nested = (depth: number): FilterInput => (depth === 0 ? {} : { not: nested(depth - 1) });

  test('becomes conditions, each by what it asks for', async () => {
    const filter: FilterInput = {
      ...opened,
      appName: ['web', 'web'],
      eventVersion: [1, 2],
      route: [],
      routePrefix: '/a',
      entityType: 'video',
      none: ['OS'],
      not: { source: ['ide'], not: {} },
      properties: [
        { name: 'size', in: [1, null], gte: 0 },
        { name: 'isNew', in: [true] },
      ],
    };
    expect((await planOf({ ...week, filter })).filter).toEqual({
      all: [
        { dimension: 'APP', in: ['web'] },
        { dimension: 'EVENT_TYPE', in: ['opened'] },
        { dimension: 'EVENT_VERSION', in: ['1', '2'] },
        { dimension: 'ROUTE', in: [] },
        { dimension: 'ENTITY_TYPE', in: ['video'] },
        { dimension: 'ROUTE', prefix: '/a' },
        { dimension: 'OS', in: [null] },
        { property: 'size', in: [1, null] },
        { property: 'size', gte: 0, lt: null },
        { property: 'isNew', in: [true] },
      ],
      not: { all: [{ dimension: 'SOURCE', in: ['ide'] }], not: { all: [], not: null } },
    });
  });

  test('negates four times at most', async () => {
    expect(await refusalOf({ ...week, filter: nested(readingLimits.maxFilterDepth) })).toBeNull();
    expect(await refusalOf({ ...week, filter: nested(5_000) })).toMatchObject({
      argument: 'input.filter.not.not.not.not.not',
    });
  });

  const thousand = (count = 1_000) => Array.from({ length: count }, (_, index) => `v${index}`);
  const full = { appName: thousand(), route: thousand(), entityId: thousand(), source: thousand() };
  test.each<[string, FilterInput, string]>([
    ['1,001 values', { route: thousand(1_001) }, 'input.filter.route'],
    ['10,000 values', { not: { entityId: thousand(10_000) } }, 'input.filter.not.entityId'],
    ['12,000 values in all', { ...full, not: { ...full, not: full } }, 'input.filter.not.not'],
    ['an empty prefix', { routePrefix: '' }, 'input.filter.routePrefix'],
    [
      'a property of no event type',
      { properties: [{ name: 'size', in: [1] }] },
      'input.filter.properties[0].name',
    ],
    [
      'an undeclared property',
      { ...opened, properties: [{ name: 'constructor', in: [1] }] },
      'input.filter.properties[0].name',
    ],
    ['no condition', { ...opened, properties: [{ name: 'size' }] }, 'input.filter.properties[0]'],
    [
      'another type',
      { ...opened, properties: [{ name: 'size', in: ['1'] }] },
      'input.filter.properties[0].in',
    ],
    [
      'an object',
      { ...opened, properties: [{ name: 'language', in: [{}] }] },
      'input.filter.properties[0].in',
    ],
    [
      'no number',
      { ...opened, properties: [{ name: 'size', in: [Number.NaN] }] },
      'input.filter.properties[0].in',
    ],
    [
      'an infinite bound',
      { ...opened, properties: [{ name: 'size', gte: Number.POSITIVE_INFINITY }] },
      'input.filter.properties[0].gte',
    ],
    [
      'a bound of a text',
      { ...opened, properties: [{ name: 'language', lt: 1 }] },
      'input.filter.properties[0].lt',
    ],
    [
      'many properties',
      { ...opened, properties: Array.from({ length: 11 }, () => ({ name: 'size', gte: 1 })) },
      'input.filter.properties',
    ],
  ])('with %s is refused', async (_name, filter, argument) => {
    expect(await refusalOf({ ...week, filter })).toMatchObject({ kind: 'BAD_ARGUMENT', argument });
  });

  const texts = [
    'appName',
    'eventType',
    'route',
    'entityId',
    'deviceType',
    'browserFamily',
    'osFamily',
    'source',
    'appVersion',
  ];
  const hostile = ['secret\0', 'secret\ud800', `secret${'x'.repeat(10_000)}`, 'secret\u0085'];
  test.each(texts.flatMap((field) => hostile.map((text) => [field, text] as const)))(
    'in %s the text %j is refused, and not told',
    async (field, text) => {
      const refusal = await refusalOf({ ...week, filter: { [field]: ['fine', text] } });
      expect(refusal).toMatchObject({ kind: 'BAD_ARGUMENT', argument: `input.filter.${field}` });
      expect(JSON.stringify(refusal)).not.toContain('secret');
    },
  );

  test.each(['entityType', 'routePrefix'].flatMap((field) => hostile.map((text) => [field, text] as const)))(
    'in %s the text %j is refused',
    async (field, text) => {
      expect(await refusalOf({ ...week, filter: { [field]: text } })).toMatchObject({
        argument: `input.filter.${field}`,
      });
    },
  );

  test.each(hostile)('a property is not told by the name %j', async (name) => {
    const refusal = await refusalOf({ ...week, filter: { ...opened, properties: [{ name, in: [1] }] } });
    expect(refusal).toMatchObject({ argument: 'input.filter.properties[0].name' });
    expect(JSON.stringify(refusal)).not.toContain('secret');
  });
});

test('whatever is asked is answered or refused, and never throws', async () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('P1D', 'UTC', 'opened', 'size', '\0', '\ud800'),
  );
  const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
  const question = fc.record({
    last: maybe(text),
    from: maybe(fc.date()),
    to: maybe(fc.date()),
    zone: maybe(text),
    interval: maybe(fc.constantFrom('NONE' as const, 'DAY' as const, 'WEEK' as const, 'MONTH' as const)),
    compare: maybe(fc.constantFrom('PREVIOUS_PERIOD' as const, 'PREVIOUS_YEAR' as const)),
    top: maybe(fc.double()),
    filter: maybe(
      fc.record({ route: fc.array(text), routePrefix: text, eventType: fc.array(text, { maxLength: 1 }) }),
    ),
    groupBy: maybe(fc.array(fc.record({ property: maybe(text) }))),
  });
  await fc.assert(
    fc.asyncProperty(question, async (input) => {
      const refusal = await refusalOf(input);
      if (refusal) expect(refusal.kind).toBe('BAD_ARGUMENT');
    }),
  );
});
