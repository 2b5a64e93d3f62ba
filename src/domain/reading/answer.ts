import type { StatsIncomplete, StatsRowKind, StatsWarning } from '../../contract/index.js';

export interface StatsAnswer {
  readonly buckets: readonly AnswerBucket[];
  readonly total: AnswerRow;
  readonly rows: readonly AnswerRow[];
  /**
   * Whether the rows add up to the total in every measure that was asked for. Events do, and so do counts and sums of
   * properties. Visitors and sessions do not where there are groups: whoever used two routes counts in two rows.
   */
  readonly rowsAddUp: boolean;
  readonly freshness: AnswerFreshness;
  readonly warnings: readonly AnswerWarning[];
}

/** An interval of the zone, whole also where the range cuts it. */
export interface AnswerBucket {
  readonly label: string;
  readonly start: Date;
  readonly end: Date;
  readonly complete: boolean;
  /** Null where it is complete. */
  readonly incompleteBecause: StatsIncomplete | null;
}

export interface AnswerRow {
  readonly kind: StatsRowKind;
  /** In the order of `groupBy`. */
  readonly key: readonly (string | null)[];
  readonly events: number;
  readonly sumOfDailyVisitors: number | null;
  readonly sumOfDailySessions: number | null;
  readonly properties: ReadonlyMap<string, PropertyStats>;
  /** Null where nothing is compared, and where small groups were folded into other rows. */
  readonly previous: AnswerTotals | null;
  /** (now − before) ÷ before, of events. Null without a base. */
  readonly change: number | null;
  /** One per bucket; empty where points are not wanted. */
  readonly points: readonly AnswerPoint[];
}

export interface AnswerPoint {
  /** Null before the first day that the question can be answered for; else 0 where nothing happened. */
  readonly events: number | null;
  /** Null also where visitors are not known by such a bucket. */
  readonly visitors: number | null;
  readonly sessions: number | null;
  /** Empty where `events` is null. */
  readonly properties: ReadonlyMap<string, PropertyStats>;
  readonly previous: AnswerTotals | null;
}

export interface AnswerTotals {
  readonly events: number | null;
  readonly visitors: number | null;
  readonly sumOfDailyVisitors: number | null;
  readonly sumOfDailySessions: number | null;
}

/** What the numbers of a property come to. All but the count are null where there is none. */
export interface PropertyStats {
  readonly count: number;
  readonly sum: number | null;
  readonly mean: number | null;
  readonly min: number | null;
  readonly max: number | null;
  /** To ±1 %. */
  readonly p50: number | null;
  readonly p95: number | null;
}

export interface AnswerFreshness {
  /** The answer is exact to this instant. */
  readonly asOf: Date;
  /** Where the comparison ends, because the range is not over yet; else null. */
  readonly comparableUntil: Date | null;
}

export interface AnswerWarning {
  readonly code: StatsWarning;
  /** The argument that brought it about, such as `input.zone`; null where none did. */
  readonly argument: string | null;
}
