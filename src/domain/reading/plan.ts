import type { EventDimension, StatsOrder } from '../../contract/index.js';

/** A stretch of time: start ≤ t < end. */
export interface Span {
  readonly start: Date;
  readonly end: Date;
}

/** A day of the daily salt. */
export interface SaltDay extends Span {
  /** `YYYY-MM-DD` in the zone of the salt. */
  readonly day: string;
}

/** A declared property, with the types that the catalogue gives it. */
export type PropertyType = 'number' | 'string' | 'boolean';

/**
 * What rows are told apart by: a word as it is stored, the event version as the text of its number, a property as its
 * text, or as the JSON text of its number or boolean. Null: there is none, or it is a list or an object.
 */
export type GroupKey = { readonly dimension: EventDimension } | { readonly property: string };

/** One condition. `null` among the values stands for events without a value there. An empty list matches nothing. */
export type Condition =
  /** Words as stored, the event version as the text of its number. */
  | { readonly dimension: EventDimension; readonly in: readonly (string | null)[] }
  | { readonly dimension: 'ROUTE'; readonly prefix: string }
  /**
   * The property has one of the values, of the same type; numbers compare as numbers. `null` also stands for a property
   * that is not there, and for one that is a list or an object: it asks for the events that a row with null counts.
   */
  | { readonly property: string; readonly in: readonly (string | number | boolean | null)[] }
  /** The property is a number, and gte ≤ value < lt. */
  | { readonly property: string; readonly gte: number | null; readonly lt: number | null };

/**
 * All conditions hold, and the negated filter does not. Logic of two values: a condition that asks for a value does
 * not hold where there is none, so that its negation does.
 */
export interface StatsFilter {
  readonly all: readonly Condition[];
  readonly not: StatsFilter | null;
}

/** What is counted besides events. What is not asked for is not computed. */
export interface StatsMeasures {
  readonly visitors: boolean;
  readonly sessions: boolean;
  /** Numeric properties. */
  readonly properties: readonly string[];
}

/**
 * A question to an engine, with every civil date resolved. Its buckets are the only ones there are: no engine computes
 * an interval of its own.
 */
export interface StatsPlan {
  /** In order and next to one another, already cut to the range. */
  readonly buckets: readonly Span[];
  /**
   * What each bucket is compared with, by its place; null where there is nothing. Null: no comparison. Spans may overlap:
   * 28 and 29 February have the same day a year before. An event in two of them counts in two points and once in totals.
   */
  readonly previous: readonly (Span | null)[] | null;
  /** Every salt day that a bucket or its comparison touches, each once, oldest first. */
  readonly days: readonly SaltDay[];
  readonly filter: StatsFilter;
  /** None: there are no rows, only the total. At most three. */
  readonly groupBy: readonly GroupKey[];
  /** Rows shown; the rest is OTHER. Which ones is decided over all buckets, without the comparison. */
  readonly top: number;
  readonly orderBy: StatsOrder;
  readonly measures: StatsMeasures;
  /** Whether the answer holds points. */
  readonly points: boolean;
  /** Raw rows that may be read. */
  readonly maxRowsRead: number;
}

declare const allowed: unique symbol;

/** The only plan that an engine runs. `allowPlan` in `policy.ts` alone makes it. */
export type AllowedPlan = StatsPlan & { readonly [allowed]: true };

/** What is known of the numbers of one property in some events. */
export interface PropertyCounts {
  /** Events in which it is a number. */
  readonly count: number;
  /**
   * The exact sum of the numbers as JSON writes them (0.1 is a tenth), in one form only: an optional minus and digits
   * without leading zeros, then a point and digits that do not end in 0 where it is not whole. Never an exponent, never
   * `-0`. Such as `-12.5`, `0`, `1000000000000000000000`. The same as PostgreSQL's `trim_scale(sum)::text`.
   */
  readonly sum: string;
  /** Null where count is 0. */
  readonly min: number | null;
  readonly max: number | null;
  /** Events by the bucket of `histogram.ts`, each bucket once, lowest first. */
  readonly histogram: readonly (readonly [bucket: number, count: number])[];
}

/** What was counted in some events. */
export interface StatsCounts {
  readonly events: number;
  /** Different pairs of salt day and visitor. Null: not asked for, or not known any more. */
  readonly visitors: number | null;
  /** Different pairs of salt day and session. */
  readonly sessions: number | null;
  /** By name, for each property of the plan. */
  readonly properties: ReadonlyMap<string, PropertyCounts>;
}

/** A row of an answer. */
export interface FoundRow {
  /** In the order of `groupBy`; null where there is no value. All null for OTHER. Empty for the total. */
  readonly key: readonly (string | null)[];
  readonly kind: 'VALUE' | 'OTHER';
  readonly totals: StatsCounts;
  /** One per bucket; empty where the plan asks for none. */
  readonly points: readonly StatsCounts[];
  /** Over all spans of the comparison; null where the plan has none. */
  readonly previous: {
    readonly totals: StatsCounts;
    /** One per bucket, null where it is compared with nothing. */
    readonly points: readonly (StatsCounts | null)[];
  } | null;
  /** On a day whose raw rows are gone, some events of this row may count in OTHER. */
  readonly folded: boolean;
}

export interface StatsFound {
  /** Counted over all events that match. */
  readonly total: FoundRow;
  /**
   * At most `top` of those with an event in a bucket, in the plan's order. Then OTHER, if any event of a bucket or of
   * the comparison is in no row before it.
   */
  readonly rows: readonly FoundRow[];
  /**
   * The first salt day (`YYYY-MM-DD`) that this question can be answered for; null where there is no data. Days before
   * it are counted as if there were nothing.
   */
  readonly since: string | null;
  /** Whether a bucket or its comparison touches a day on which small groups were folded. */
  readonly folded: boolean;
}

/** The question would read too much. */
export interface TooExpensive {
  /** Raw rows, estimated from the counts of days. */
  readonly estimatedRows: number;
  readonly limit: number;
}
