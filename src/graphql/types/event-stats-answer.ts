import { statsIncompletes, statsRowKinds, statsWarnings } from '../../contract/index.js';
import type {
  AnswerBucket,
  AnswerFreshness,
  AnswerPoint,
  AnswerRow,
  AnswerTotals,
  AnswerWarning,
  PropertyStats,
  StatsAnswer,
} from '../../domain/reading/answer.js';
import type { Builder } from '../builder.js';
import { described } from './described.js';

/** The answer of `eventStats`. Every field reads what is there: what had to be counted is known before. */
export function registerEventStatsAnswer(builder: Builder) {
  const Bucket = registerBucket(builder);
  const Row = registerRow(builder);
  const Freshness = registerFreshness(builder);
  const Warning = registerWarning(builder);
  return builder.objectRef<StatsAnswer>('EventStats').implement({
    description: 'What the events of a range come to. It is exact to the last committed event.',
    // On the type as well as on the field: whatever path leads here, only admins pass.
    authScopes: { admin: true },
    fields: (t) => ({
      buckets: t.field({
        type: [Bucket],
        description: 'The intervals of the range, in order.',
        resolve: ({ buckets }) => buckets,
      }),
      total: t.field({
        type: Row,
        description: 'Over all events that match. Its key is empty.',
        resolve: ({ total }) => total,
      }),
      rows: t.field({
        type: [Row],
        description:
          'At most `top`, in the order asked for; then OTHER, where it has events. None without groupBy.',
        resolve: ({ rows }) => rows,
      }),
      rowsAddUp: t.exposeBoolean('rowsAddUp', {
        description:
          'Whether the rows add up to the total in every measure that is asked for. Visitors and sessions do not: who used two routes counts in both rows, and once in the total.',
      }),
      freshness: t.field({ type: Freshness, resolve: ({ freshness }) => freshness }),
      warnings: t.field({ type: [Warning], resolve: ({ warnings }) => warnings }),
    }),
  });
}

function registerBucket(builder: Builder) {
  const Incomplete = builder.enumType('EventStatsIncomplete', {
    description: 'Why a bucket does not count a whole interval. The first that holds is named.',
    values: described(statsIncompletes, (meaning) => meaning),
  });
  return builder.objectRef<AnswerBucket>('EventStatsBucket').implement({
    description: 'An interval of the zone: whole, also where the range cuts it.',
    fields: (t) => ({
      label: t.exposeString('label', {
        description:
          'By the interval: 2026-10-25, 2026-10-25T02:00+01:00, 2026-W43, 2026-10, or the first and the last day.',
      }),
      start: t.expose('start', { type: 'DateTime' }),
      end: t.expose('end', { type: 'DateTime', description: 'The first instant that is no longer in it.' }),
      complete: t.exposeBoolean('complete', {
        description: 'It is over, the range does not cut it, and data reaches back to it.',
      }),
      incompleteBecause: t.expose('incompleteBecause', { type: Incomplete, nullable: true }),
    }),
  });
}

function registerRow(builder: Builder) {
  const Kind = builder.enumType('EventStatsRowKind', {
    description: 'What a row counts.',
    values: described(statsRowKinds, (meaning) => meaning),
  });
  const Property = registerPropertyStats(builder);
  const Totals = registerTotals(builder);
  const Point = registerPoint(builder, Property, Totals);
  return builder.objectRef<AnswerRow>('EventStatsRow').implement({
    description: 'What the events of one group come to, over the whole range.',
    fields: (t) => ({
      kind: t.expose('kind', { type: Kind }),
      key: t.stringList({
        nullable: { list: false, items: true },
        description: 'In the order of groupBy; null where there is no value, and everywhere in OTHER.',
        resolve: ({ key }) => key,
      }),
      events: t.expose('events', { type: 'SafeInt', nullable: true }),
      sumOfDailyVisitors: t.expose('sumOfDailyVisitors', {
        type: 'SafeInt',
        nullable: true,
        description: `Different visitors of each day, added up. ${about.visitor}`,
      }),
      sumOfDailySessions: t.expose('sumOfDailySessions', {
        type: 'SafeInt',
        nullable: true,
        description: 'Different sessions of each day, added up.',
      }),
      property: t.field({
        type: Property,
        nullable: true,
        description: about.property,
        args: { name: t.arg.string({ required: true }) },
        resolve: ({ properties }, { name }) => properties.get(name) ?? null,
      }),
      previous: t.expose('previous', {
        type: Totals,
        nullable: true,
        description:
          'The same over the range that is compared with. Null without `compare`, and where days are touched whose small groups were folded.',
      }),
      change: t.exposeFloat('change', {
        nullable: true,
        description: '(now − before) ÷ before, of events. Null without a base.',
      }),
      points: t.field({
        type: [Point],
        description: 'One per bucket, in order.',
        resolve: ({ points }) => points,
      }),
    }),
  });
}

const about = {
  visitor:
    'A visitor is an address and a browser on one day of the salt; nobody can be known again on another day.',
  property:
    'Of a declared property whose type is a number, or null where nothing is known. The filter names its one event type.',
  notKnown: 'Null where no bucket of that kind has any: see `warnings`.',
};

function registerPoint(
  builder: Builder,
  Property: ReturnType<typeof registerPropertyStats>,
  Totals: ReturnType<typeof registerTotals>,
) {
  return builder.objectRef<AnswerPoint>('EventStatsPoint').implement({
    description:
      'What the events of one group in one bucket come to: 0 where there are none, null before the first day that the question can be answered for.',
    fields: (t) => ({
      events: t.expose('events', { type: 'SafeInt', nullable: true }),
      visitors: t.expose('visitors', {
        type: 'SafeInt',
        nullable: true,
        description: `Different visitors. ${about.notKnown}`,
      }),
      sessions: t.expose('sessions', {
        type: 'SafeInt',
        nullable: true,
        description: `Different sessions. ${about.notKnown}`,
      }),
      property: t.field({
        type: Property,
        nullable: true,
        description: about.property,
        args: { name: t.arg.string({ required: true }) },
        resolve: ({ properties }, { name }) => properties.get(name) ?? null,
      }),
      previous: t.expose('previous', { type: Totals, nullable: true }),
    }),
  });
}

function registerTotals(builder: Builder) {
  return builder.objectRef<AnswerTotals>('EventStatsTotals').implement({
    description: 'What is compared with.',
    fields: (t) => ({
      events: t.expose('events', { type: 'SafeInt', nullable: true }),
      visitors: t.expose('visitors', {
        type: 'SafeInt',
        nullable: true,
        description: 'Different visitors, where it is over one day or hour. Null over several days.',
      }),
      sumOfDailyVisitors: t.expose('sumOfDailyVisitors', { type: 'SafeInt', nullable: true }),
      sumOfDailySessions: t.expose('sumOfDailySessions', { type: 'SafeInt', nullable: true }),
    }),
  });
}

function registerPropertyStats(builder: Builder) {
  const within = 'To ±1 %.';
  return builder.objectRef<PropertyStats>('EventPropertyStats').implement({
    description: 'What the numbers of a property come to. All but the count are null where there is none.',
    fields: (t) => ({
      count: t.expose('count', { type: 'SafeInt', description: 'Events in which it is a number.' }),
      sum: t.exposeFloat('sum', { nullable: true }),
      mean: t.exposeFloat('mean', { nullable: true }),
      min: t.exposeFloat('min', { nullable: true }),
      max: t.exposeFloat('max', { nullable: true }),
      p50: t.exposeFloat('p50', { nullable: true, description: within }),
      p95: t.exposeFloat('p95', { nullable: true, description: within }),
    }),
  });
}

function registerFreshness(builder: Builder) {
  return builder.objectRef<AnswerFreshness>('EventStatsFreshness').implement({
    fields: (t) => ({
      asOf: t.expose('asOf', { type: 'DateTime', description: 'The answer is exact to this instant.' }),
      comparableUntil: t.expose('comparableUntil', {
        type: 'DateTime',
        nullable: true,
        description:
          'Where the comparison ends, because the range is not over yet: the same elapsed part counts. Null where it is over, or nothing is compared.',
      }),
    }),
  });
}

function registerWarning(builder: Builder) {
  const Code = builder.enumType('EventStatsWarningCode', {
    description: 'What an answer cannot say. Show a value that you do not know by its name.',
    values: described(statsWarnings, (meaning) => meaning),
  });
  return builder.objectRef<AnswerWarning>('EventStatsWarning').implement({
    fields: (t) => ({
      code: t.expose('code', { type: Code }),
      argument: t.exposeString('argument', {
        nullable: true,
        description: 'The argument that brought it about, such as input.zone.',
      }),
    }),
  });
}
