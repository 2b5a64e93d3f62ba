import type {
  EventDimension,
  JsonValue,
  StatsComparison,
  StatsInterval,
  StatsOrder,
} from '../../contract/index.js';

export type { BadArgument } from './bad-argument.js';

/** A question as it was asked. What is null is not asked for, and has the contract's default. */
export interface StatsInput {
  /** An ISO 8601 duration. Either this, or `from` and `to`. */
  readonly last?: string | null | undefined;
  readonly from?: Date | null | undefined;
  readonly to?: Date | null | undefined;
  readonly zone?: string | null | undefined;
  readonly interval?: StatsInterval | null | undefined;
  readonly filter?: FilterInput | null | undefined;
  readonly groupBy?: readonly GroupInput[] | null | undefined;
  readonly top?: number | null | undefined;
  readonly orderBy?: StatsOrder | null | undefined;
  readonly compare?: StatsComparison | null | undefined;
  readonly completeOnly?: boolean | null | undefined;
}

/** Exactly one of the two. */
export interface GroupInput {
  readonly dimension?: EventDimension | null | undefined;
  readonly property?: string | null | undefined;
}

/** All of it holds. */
export interface FilterInput {
  readonly appName?: readonly string[] | null | undefined;
  readonly eventType?: readonly string[] | null | undefined;
  readonly eventVersion?: readonly number[] | null | undefined;
  readonly route?: readonly string[] | null | undefined;
  readonly routePrefix?: string | null | undefined;
  readonly entityType?: string | null | undefined;
  readonly entityId?: readonly string[] | null | undefined;
  readonly deviceType?: readonly string[] | null | undefined;
  readonly browserFamily?: readonly string[] | null | undefined;
  readonly osFamily?: readonly string[] | null | undefined;
  readonly source?: readonly string[] | null | undefined;
  readonly appVersion?: readonly string[] | null | undefined;
  /** Events without a value there. */
  readonly none?: readonly EventDimension[] | null | undefined;
  readonly not?: FilterInput | null | undefined;
  readonly properties?: readonly PropertyFilterInput[] | null | undefined;
}

export interface PropertyFilterInput {
  readonly name: string;
  readonly in?: readonly JsonValue[] | null | undefined;
  readonly gte?: number | null | undefined;
  readonly lt?: number | null | undefined;
}

/** What of the answer is wanted. What is not costs nothing. */
export interface WantedStats {
  readonly visitors: boolean;
  readonly sessions: boolean;
  readonly points: boolean;
  /** The properties whose statistics are asked for, by name. */
  readonly properties: readonly string[];
}
