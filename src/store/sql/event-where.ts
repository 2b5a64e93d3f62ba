import type { EventDimensions } from '../../domain/event.js';
import type { EventFilter, EventPosition, PageSpan } from '../../domain/ports/index.js';
import type { Prisma } from '../../generated/prisma/client.js';

/** Conditions on the two tables. */
export interface EventConditions {
  readonly events: Prisma.EventWhereInput;
  /** Null: the filter names no word. */
  readonly dimensions: Prisma.EventDimensionsWhereInput | null;
}

/** The columns of `event_dimensions` that a filter or an answer may name. */
export const words: { readonly [Word in keyof EventDimensions]: true } = {
  appName: true,
  eventType: true,
  eventVersion: true,
  appVersion: true,
  source: true,
  route: true,
  entityType: true,
  deviceType: true,
  browserFamily: true,
  osFamily: true,
};

/** A filter as conditions; null where it can match nothing. */
export function toConditions(filter: EventFilter): EventConditions | null {
  if (Object.values(filter).some((wanted) => Array.isArray(wanted) && wanted.length === 0)) return null;
  const { entityId, userHash, sessionHash, from, to } = filter;
  const dimensions = Object.keys(words).flatMap((word) =>
    oneOf(word, filter[word as keyof EventDimensions]),
  ) as Prisma.EventDimensionsWhereInput[];
  const events = [
    ...oneOf('entityId', entityId),
    ...oneOf('userHash', userHash?.map(toBytes)),
    ...oneOf('sessionHash', sessionHash?.map(toBytes)),
    ...(from || to ? [{ createdAt: { ...(from && { gte: from }), ...(to && { lt: to }) } }] : []),
  ] as Prisma.EventWhereInput[];
  return { events: all(events), dimensions: dimensions.length > 0 ? all(dimensions) : null };
}

/** Prisma's condition that a column has one of the values: `in` knows no null. */
function oneOf(column: string, wanted: readonly unknown[] | undefined): readonly object[] {
  if (!wanted) return [];
  const values = wanted.filter((value) => value !== null);
  const some = { [column]: values.length === 1 ? values[0] : { in: values } };
  if (values.length === wanted.length) return [some];
  return [values.length === 0 ? { [column]: null } : { OR: [some, { [column]: null }] }];
}

function all<Where extends object>(conditions: readonly Where[]): Where | { AND: Where[] } {
  const [only] = conditions;
  return only && conditions.length === 1 ? only : { AND: [...conditions] };
}

function toBytes(hash: string | null): Uint8Array<ArrayBuffer> | null {
  return hash === null ? null : new Uint8Array(Buffer.from(hash, 'hex'));
}

/** Keyset paging: the rows between two positions of the order newest first. */
export function toSpanWhere({ after, before }: PageSpan): Prisma.EventWhereInput {
  return {
    AND: [...(after ? [beyond(after, 'lt', 'lte')] : []), ...(before ? [beyond(before, 'gt', 'gte')] : [])],
  };
}

function beyond(
  { createdAt, id }: EventPosition,
  strict: 'lt' | 'gt',
  loose: 'lte' | 'gte',
): Prisma.EventWhereInput {
  // The outer condition alone can use the index on created_at; the inner one settles ties.
  return {
    createdAt: { [loose]: createdAt },
    OR: [{ createdAt: { [strict]: createdAt } }, { createdAt, id: { [strict]: id } }],
  };
}
