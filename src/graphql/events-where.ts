import type { Prisma } from '../generated/prisma/client.js';
import type { Page, Position } from './events-page.js';

/** `EventsFilter` after coercion. Null and absent mean the same: no condition. */
export interface EventsFilter {
  readonly appName?: readonly string[] | null | undefined;
  readonly eventType?: readonly string[] | null | undefined;
  readonly entityType?: string | null | undefined;
  readonly entityId?: string | null | undefined;
  readonly route?: string | null | undefined;
  readonly deviceType?: readonly string[] | null | undefined;
  readonly browserFamily?: readonly string[] | null | undefined;
  readonly osFamily?: readonly string[] | null | undefined;
  readonly userHash?: string | null | undefined;
  readonly sessionId?: string | null | undefined;
  readonly from?: Date | null | undefined;
  readonly to?: Date | null | undefined;
}

/** Conditions for a filter, built field by field: a client never shapes a `where` of its own. Null: nothing can match. */
export function toWhere(filter: EventsFilter): Prisma.EventWhereInput | null {
  const userHash = toHash(filter.userHash);
  const sessionHash = toHash(filter.sessionId);
  if (userHash === null || sessionHash === null) return null;
  const dimensions = toDimensionsWhere(filter);
  return {
    ...(Object.keys(dimensions).length > 0 && { dimensions }),
    ...(filter.entityId != null && { entityId: filter.entityId }),
    ...(userHash && { userHash }),
    ...(sessionHash && { sessionHash }),
    ...((filter.from != null || filter.to != null) && {
      createdAt: { ...(filter.from && { gte: filter.from }), ...(filter.to && { lt: filter.to }) },
    }),
  };
}

/** More combinations than these are asked for through the join: nearly everything matches then. */
const maxDimensionIds = 2_000;

/**
 * Names the matching combinations of words by their ids, so that the planner sees how rare they are: a rare event
 * type is found through its index, a common one newest first. Null: no combination matches, and no event can.
 */
export async function withDimensionIds(
  where: Prisma.EventWhereInput,
  find: (
    where: Prisma.EventDimensionsWhereInput,
    limit: number,
  ) => Promise<readonly { readonly id: bigint }[]>,
): Promise<Prisma.EventWhereInput | null> {
  const { dimensions, ...own } = where;
  if (!dimensions) return where;
  const found = await find(dimensions as Prisma.EventDimensionsWhereInput, maxDimensionIds + 1);
  if (found.length === 0) return null;
  if (found.length > maxDimensionIds) return where;
  return { ...own, dimensionId: { in: found.map(({ id }) => id) } };
}

function toDimensionsWhere(filter: EventsFilter): Prisma.EventDimensionsWhereInput {
  return {
    ...(filter.appName && { appName: { in: [...filter.appName] } }),
    ...(filter.eventType && { eventType: { in: [...filter.eventType] } }),
    ...(filter.entityType != null && { entityType: filter.entityType }),
    ...(filter.route != null && { route: filter.route }),
    ...(filter.deviceType && { deviceType: { in: [...filter.deviceType] } }),
    ...(filter.browserFamily && { browserFamily: { in: [...filter.browserFamily] } }),
    ...(filter.osFamily && { osFamily: { in: [...filter.osFamily] } }),
  };
}

/** A stored hash is 32 hex digits: undefined without a condition, null where the text cannot be one. */
function toHash(text: string | null | undefined): Uint8Array<ArrayBuffer> | null | undefined {
  if (text == null) return undefined;
  return /^[0-9a-f]{32}$/i.test(text) ? new Uint8Array(Buffer.from(text, 'hex')) : null;
}

/** Keyset paging: the rows between two positions of the order newest first. */
export function toPageWhere({ after, before }: Page): Prisma.EventWhereInput {
  return {
    AND: [...(after ? [beyond(after, 'lt', 'lte')] : []), ...(before ? [beyond(before, 'gt', 'gte')] : [])],
  };
}

function beyond(
  { createdAt, id }: Position,
  strict: 'lt' | 'gt',
  loose: 'lte' | 'gte',
): Prisma.EventWhereInput {
  // The outer condition alone can use the index on created_at; the inner one settles ties.
  return {
    createdAt: { [loose]: createdAt },
    OR: [{ createdAt: { [strict]: createdAt } }, { createdAt, id: { [strict]: id } }],
  };
}
