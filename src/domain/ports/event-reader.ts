import type { EventDimensions, StoredEvent } from '../event.js';

/** What events can be told apart by, besides their time. */
type Criteria = EventDimensions & Pick<StoredEvent, 'entityId' | 'userHash' | 'sessionHash'>;

/**
 * Which events. Each field that is named lists the values of which an event must have one; null among them stands for
 * events without a value. An empty list matches nothing. All conditions hold together.
 *
 * A filter is an immutable value that lives as long as one request: an engine may remember what it found out about it.
 */
export type EventFilter = { readonly [Field in keyof Criteria]?: readonly Criteria[Field][] | undefined } & {
  /** from ≤ createdAt */
  readonly from?: Date | undefined;
  /** createdAt < to */
  readonly to?: Date | undefined;
};

/** A place in the order newest first, by (`createdAt`, `id`). It stays right when the row itself is purged. */
export type EventPosition = Pick<StoredEvent, 'createdAt' | 'id'>;

/** A stretch of that order. */
export interface PageSpan {
  /** Events at the most. */
  readonly size: number;
  /** True: the last events between the positions. False: the first. */
  readonly backwards: boolean;
  /** Only events that come later in the order, which are older. */
  readonly after: EventPosition | null;
  /** Only events that come earlier in the order, which are newer. */
  readonly before: EventPosition | null;
}

/** What can be left out of an answer. */
export type EventField = Exclude<keyof StoredEvent, keyof EventPosition>;

/** An event with the fields that were asked for; its position always is among them. */
export type FoundEvent = EventPosition & Partial<Pick<StoredEvent, EventField>>;

export interface EventPage {
  /** Newest first, in whichever direction was paged. */
  readonly events: readonly FoundEvent[];
  /** Whether more events match beyond the page, in the direction of paging. */
  readonly hasMore: boolean;
}

/** Reads raw events. A field that is not asked for is not in the answer and costs nothing. Rejects with `StoreUnavailable`. */
export interface EventReader {
  page(filter: EventFilter, span: PageSpan, fields: readonly EventField[]): Promise<EventPage>;
  /** How many events match, in all. */
  count(filter: EventFilter): Promise<number>;
  /** Those of the events (UUIDs in lower case) that exist, in any order. */
  byIds(ids: readonly string[], fields: readonly EventField[]): Promise<readonly FoundEvent[]>;
}
