import { type Result, readingLimits, type StatsInterval } from '../../contract/index.js';
import type { Catalogue } from '../catalogue.js';
import { type BadArgument, bad } from './bad-argument.js';
import { type Bucket, bucketsOf } from './buckets.js';
import type { CivilTime, CivilTimes } from './civil-time.js';
import { type Comparison, compareBuckets } from './comparison.js';
import { type DeclaredProperties, declaredProperties } from './declared-property.js';
import { readFilter } from './filter.js';
import { readGroupBy } from './group-by.js';
import type { StatsPlan } from './plan.js';
import type { StatsInput, WantedStats } from './question.js';
import { type Range, readRange } from './range.js';
import { saltDaysOf } from './salt-days.js';
import { type NoVisitors, whyNoVisitors } from './visitors-in-points.js';

export interface PlanContext {
  readonly catalogue: Catalogue;
  readonly now: Date;
  readonly civilTimes: CivilTimes;
  readonly salt: CivilTime;
  readonly saltZone: string;
}

/** A plan, and what the answer has to know of its question. */
export interface PlannedQuestion {
  readonly plan: StatsPlan;
  /** In the order of the plan's. */
  readonly buckets: readonly Bucket[];
  readonly range: Range;
  readonly interval: StatsInterval;
  readonly comparableUntil: Date | null;
  readonly wanted: WantedStats;
  readonly noVisitors: NoVisitors | null;
}

/** Resolves every date of a question and holds it against the limits. Costs milliseconds, whatever is asked. */
export function planQuestion(
  input: StatsInput,
  wanted: WantedStats,
  context: PlanContext,
): Result<PlannedQuestion, BadArgument> {
  const civil = context.civilTimes(input.zone ?? context.saltZone);
  if (!civil) return bad('input.zone', 'is not an IANA time zone (such as UTC or Europe/Berlin)');
  const counted = readCounted(input, wanted, context.catalogue);
  if (!counted.ok) return counted;
  const { filter, groupBy, properties, top } = counted.value;

  const interval = input.interval ?? 'DAY';
  const range = readRange(input, { civil, interval, now: context.now });
  if (!range.ok) return range;
  const all = bucketsOf(range.value, interval, civil);
  const buckets = input.completeOnly ? all.filter((bucket) => isWhole(bucket, context.now)) : all;
  const rows = wanted.points && groupBy.length > 0 ? top : 1;
  if (rows * buckets.length > readingLimits.maxStatsPoints)
    return bad(
      'input.top',
      `times the buckets of the range is more than ${readingLimits.maxStatsPoints} points`,
    );

  const comparison = compareIfAsked(input, buckets, civil, { ...range.value, now: context.now });
  if (comparison && beginsTooEarly(comparison))
    return bad('input.compare', 'reaches back before the year 0001');
  const orderBy = input.orderBy ?? 'EVENTS';
  const spans = buckets.map(({ span }) => span);
  const plan: StatsPlan = {
    buckets: spans,
    previous: comparison?.spans ?? null,
    days: saltDaysOf([...spans, ...(comparison?.spans ?? []).filter((span) => span !== null)], context.salt),
    filter,
    groupBy,
    top,
    orderBy,
    measures: {
      // Rows cannot be put in order by what is not counted.
      visitors: wanted.visitors || orderBy === 'VISITORS',
      sessions: wanted.sessions,
      properties,
    },
    points: wanted.points,
    maxRowsRead: readingLimits.maxStatsRowsRead,
  };
  return {
    ok: true,
    value: {
      plan,
      buckets,
      range: range.value,
      interval,
      comparableUntil: comparison?.until ?? null,
      wanted,
      noVisitors: whyNoVisitors(buckets, interval, context.salt),
    },
  };
}

type Counted = Pick<StatsPlan, 'filter' | 'groupBy' | 'top'> & Pick<StatsPlan['measures'], 'properties'>;

/** The part of a question that has nothing to do with time. */
function readCounted(
  input: StatsInput,
  wanted: WantedStats,
  catalogue: Catalogue,
): Result<Counted, BadArgument> {
  const declared = declaredProperties(input.filter, catalogue);
  const filter = readFilter(input.filter, declared);
  if (!filter.ok) return filter;
  const groupBy = readGroupBy(input.groupBy ?? [], declared);
  if (!groupBy.ok) return groupBy;
  const properties = readProperties(wanted.properties, declared);
  if (!properties.ok) return properties;
  const top = input.top ?? defaultTop;
  if (!Number.isInteger(top) || top < 1 || top > readingLimits.maxStatsTop)
    return bad('input.top', `is not a whole number from 1 to ${readingLimits.maxStatsTop}`);
  return {
    ok: true,
    value: { filter: filter.value, groupBy: groupBy.value, properties: properties.value, top },
  };
}

const defaultTop = 10;

/** Statistics exist of numbers only. */
function readProperties(
  names: readonly string[],
  declared: DeclaredProperties,
): Result<readonly string[], BadArgument> {
  const argument = 'property(name:)';
  const different = [...new Set(names)];
  if (different.length > readingLimits.maxStatsProperties)
    return bad(argument, `names more than ${readingLimits.maxStatsProperties} properties`);
  for (const name of different) {
    const type = declared(name);
    if (!type.ok) return bad(argument, type.error);
    if (type.value !== 'number') return bad(argument, 'is not a number');
  }
  return { ok: true, value: different };
}

/** Over by the clock, and not cut by the range: what is before the first data cannot be known yet. */
function isWhole(bucket: Bucket, now: Date): boolean {
  return bucket.end <= now && !isCut(bucket);
}

export function isCut({ start, end, span }: Bucket): boolean {
  return span.start > start || span.end < end;
}

function compareIfAsked(
  { compare }: StatsInput,
  buckets: readonly Bucket[],
  civil: CivilTime,
  { ofHours, now }: { readonly ofHours: boolean; readonly now: Date },
): Comparison | null {
  return compare == null ? null : compareBuckets(buckets, { compare, civil, now, ofHours });
}

/** No store has such days. */
const firstComparable = new Date('0001-01-03T00:00:00.000Z');

function beginsTooEarly({ spans }: Comparison): boolean {
  return spans.some((span) => span !== null && span.start < firstComparable);
}
