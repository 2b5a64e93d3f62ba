import fc from 'fast-check';
import { type EventDimension, eventDimensions } from '../../src/contract/index.js';
import type {
  Condition,
  GroupKey,
  SaltDay,
  Span,
  StatsFilter,
  StatsPlan,
} from '../../src/domain/reading/plan.js';
import { instantWithin, someProperties, someValues, someWords, type World } from './random-history.js';

const dimensions = Object.keys(eventDimensions) as EventDimension[];
const dimension = fc.constantFrom(...dimensions);

/** Words of events, and one that no event has. */
function wordsOf(asked: EventDimension): readonly (string | null)[] {
  const words = someWords[eventDimensions[asked].field];
  return [...words.map((word) => (word === null ? null : String(word))), 'none such'];
}

const scalars = someValues.filter((value) => value === null || typeof value !== 'object');
const bound = fc.option(fc.constantFrom(-3, -0.5, 0, 0.1, 0.2, 1, 2.5, 1e21));

const condition: fc.Arbitrary<Condition> = fc.oneof(
  {
    weight: 4,
    arbitrary: dimension.chain((asked) =>
      fc.record({ dimension: fc.constant(asked), in: fc.subarray([...wordsOf(asked)]) }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      dimension: fc.constant('ROUTE' as const),
      prefix: fc.constantFrom('', '/', '/a', '/a_', '/a/', '%'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ property: fc.constantFrom(...someProperties), in: fc.subarray([...scalars]) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ property: fc.constantFrom(...someProperties), gte: bound, lt: bound }),
  },
);

const { filter: anyFilter } = fc.letrec<{ filter: StatsFilter }>((tie) => ({
  filter: fc.record({
    all: fc.array(condition, { maxLength: 2 }),
    not: fc.option(tie('filter'), { depthSize: 'small', maxDepth: 3 }),
  }),
}));

const oneApp = fc
  .constantFrom(...someWords.appName)
  .map((word): Condition => ({ dimension: 'APP', in: [word] }));
const oneType = fc
  .constantFrom(...someWords.eventType)
  .map((word): Condition => ({ dimension: 'EVENT_TYPE', in: [word] }));

/** Half of them are what people ask for most: everything, an app, an app's events of a type. */
const someFilter: fc.Arbitrary<StatsFilter> = fc.oneof(
  fc.constantFrom<StatsFilter>({ all: [], not: null }),
  fc.tuple(oneApp).map((all) => ({ all, not: null })),
  fc.tuple(oneApp, oneType).map((all) => ({ all, not: null })),
  { weight: 3, arbitrary: anyFilter },
);

const groupKey: fc.Arbitrary<GroupKey> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ dimension }) },
  { weight: 1, arbitrary: fc.record({ property: fc.constantFrom(...someProperties) }) },
);

/** How far a comparison goes back: no further than the history has quiet days. */
const mostDaysBefore = 6;

/** Buckets next to one another: salt days, hours, or stretches that fit to nothing. */
function someBuckets({ days, eventful }: World): fc.Arbitrary<readonly Span[]> {
  const whole = fc
    .tuple(
      fc.integer({ min: mostDaysBefore, max: days.indexOf(eventful.at(-1) as SaltDay) }),
      fc.integer({ min: 1, max: 8 }),
    )
    .map(([first, count]) => days.slice(first, first + count).map(({ start, end }) => ({ start, end })));
  const hours = fc
    .tuple(fc.constantFrom(...eventful), fc.integer({ min: 1, max: 30 }))
    .map(([{ start }, count]) =>
      between(Array.from({ length: count + 1 }, (_, hour) => start.getTime() + hour * 3_600_000)),
    );
  const any = fc
    .uniqueArray(instantWithin(eventful), { maxLength: 6, selector: (instant) => instant.getTime() })
    .map((instants) => between(instants.map((instant) => instant.getTime()).sort((a, b) => a - b)));
  return fc.oneof({ weight: 3, arbitrary: whole }, hours, any);
}

function between(times: readonly number[]): Span[] {
  return times
    .slice(1)
    .map((end, place) => ({ start: new Date(times[place] as number), end: new Date(end) }));
}

/** Each bucket some days earlier, or its first half, or nothing. */
const someComparison = fc
  .record({
    daysBefore: fc.integer({ min: 1, max: mostDaysBefore }),
    lengths: fc.array(fc.constantFrom<Length>('whole', 'half', 'nothing'), { maxLength: 4 }),
  })
  .map(
    ({ daysBefore, lengths }) =>
      (buckets: readonly Span[]) =>
        buckets.map((bucket, place) => earlier(bucket, daysBefore, lengths[place] ?? 'whole')),
  );

type Length = 'whole' | 'half' | 'nothing';

function earlier({ start, end }: Span, days: number, length: Length): Span | null {
  if (length === 'nothing') return null;
  const begin = start.getTime() - days * 86_400_000;
  const whole = end.getTime() - start.getTime();
  const part = length === 'half' ? Math.ceil(whole / 2) : whole;
  return { start: new Date(begin), end: new Date(begin + part) };
}

/** A question about what happened in a world. */
export function someQuestion(world: World): fc.Arbitrary<StatsPlan> {
  return fc
    .record({
      buckets: someBuckets(world),
      comparison: fc.option(someComparison, { freq: 1 }),
      filter: someFilter,
      groupBy: fc.uniqueArray(groupKey, { maxLength: 3, selector: (key) => JSON.stringify(key) }),
      top: fc.integer({ min: 1, max: 5 }),
      orderBy: fc.constantFrom<StatsPlan['orderBy']>('EVENTS', 'VISITORS', 'KEY'),
      measures: fc.record({
        visitors: fc.boolean(),
        sessions: fc.boolean(),
        properties: fc.subarray([...someProperties]),
      }),
      points: fc.boolean(),
    })
    .map(({ buckets, comparison, ...asked }) => {
      const previous = comparison?.(buckets) ?? null;
      const days = touched(world.days, [...buckets, ...(previous ?? [])]);
      const plan: StatsPlan = { buckets, previous, days, maxRowsRead: 5_000_000, ...asked };
      return { ...plan, [fc.toStringMethod]: () => textOf(plan) };
    });
}

function textOf(plan: StatsPlan): string {
  return `question:${Object.entries(plan).map(([name, value]) => `\n  ${name}: ${JSON.stringify(value)}`)}\n`;
}

function touched(days: readonly SaltDay[], spans: readonly (Span | null)[]): SaltDay[] {
  return days.filter(({ start, end }) => spans.some((span) => span && span.start < end && start < span.end));
}
