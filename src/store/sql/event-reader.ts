import type { EventDimensions } from '../../domain/event.js';
import {
  type EventField,
  type EventFilter,
  type EventReader,
  type FoundEvent,
  StoreUnavailable,
} from '../../domain/ports/index.js';
import type { Event, Prisma } from '../../generated/prisma/client.js';
import { countTurns, createTurns } from '../engine/turns.js';
import { toConditions, toSpanWhere, words } from './event-where.js';
import type { PrismaClient } from './prisma-client.js';

/**
 * The reading of raw events, through Prisma: one statement for a question, and one more for the words in its filter. A
 * count may have to look at every row, so that only a few of them run at once.
 */
export function createEventReader(prisma: PrismaClient): EventReader {
  const whereOf = createWhereOf(prisma);
  const inTurn = createTurns(countTurns);
  return {
    async page(filter, span, fields) {
      const where = await whereOf(filter);
      if (!where) return { events: [], hasMore: false };
      const direction = span.backwards ? 'asc' : 'desc';
      const rows = await answered(
        prisma.event.findMany({
          select: columnsOf(fields),
          where: { AND: [where, toSpanWhere(span)] },
          orderBy: [{ createdAt: direction }, { id: direction }],
          take: span.size + 1,
        }),
      );
      const events = rows.slice(0, span.size).map(toFoundEvent);
      return { events: span.backwards ? events.reverse() : events, hasMore: rows.length > span.size };
    },
    async count(filter) {
      const where = await whereOf(filter);
      return where ? inTurn(() => answered(prisma.event.count({ where }))) : 0;
    },
    async byIds(ids, fields) {
      if (ids.length === 0) return [];
      const where = { id: { in: [...ids] } };
      return (await answered(prisma.event.findMany({ select: columnsOf(fields), where }))).map(toFoundEvent);
    },
  };
}

/** More combinations than these are asked for through the join: nearly everything matches then. */
const maxDimensionIds = 2_000;

/**
 * Makes a filter a condition, null where nothing can match. The combinations of words that match are named by their
 * ids, so that the planner sees how rare they are: a rare event type is found through its index, a common one newest
 * first. They are asked for once for each filter object, so that a page and its count do not ask twice.
 */
function createWhereOf(prisma: PrismaClient) {
  const known = new WeakMap<EventFilter, Promise<Prisma.EventWhereInput | null>>();
  return (filter: EventFilter): Promise<Prisma.EventWhereInput | null> => {
    const asked = known.get(filter);
    if (asked) return asked;
    const where = findWhere(filter);
    known.set(filter, where);
    // A failure is not remembered: asking again may work.
    where.catch(() => known.delete(filter));
    return where;
  };

  async function findWhere(filter: EventFilter): Promise<Prisma.EventWhereInput | null> {
    const conditions = toConditions(filter);
    if (!conditions) return null;
    const { events, dimensions } = conditions;
    if (!dimensions) return events;
    const found = await answered(
      prisma.eventDimensions.findMany({
        where: dimensions,
        select: { id: true },
        take: maxDimensionIds + 1,
      }),
    );
    if (found.length === 0) return null;
    if (found.length > maxDimensionIds) return { AND: [events, { dimensions }] };
    return { AND: [events, { dimensionId: { in: found.map(({ id }) => id) } }] };
  }
}

/** The question is ours and right, so a failure is the database's. A question that Prisma calls wrong is a bug. */
async function answered<T>(question: PromiseLike<T>): Promise<T> {
  try {
    return await question;
  } catch (error) {
    if (error instanceof Error && error.name === 'PrismaClientValidationError') throw error;
    throw new StoreUnavailable(error);
  }
}

type Columns = Prisma.EventSelect & { readonly id: true; readonly createdAt: true };

function columnsOf(fields: readonly EventField[]): Columns {
  const columns = fields.map((field) => [field, field === 'dimensions' ? { select: words } : true]);
  return { id: true, createdAt: true, ...Object.fromEntries(columns) };
}

/** A row of which only some columns were asked for. */
type Row = Pick<Event, 'id' | 'createdAt'> & Partial<Event> & { readonly dimensions?: EventDimensions };

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/**
 * The row itself with its hashes written out. It is nobody else's, and a copy of every row took 3 % of the time of a
 * full page.
 */
function toFoundEvent(row: Row): FoundEvent {
  const { userHash, sessionHash } = row;
  // The columns are `FoundEvent`'s but for the two, and `properties` holds what `append` wrote.
  const found = row as unknown as Writable<FoundEvent>;
  if (userHash) found.userHash = toHex(userHash);
  if (sessionHash) found.sessionHash = toHex(sessionHash);
  return found;
}

/** A view of the bytes and no copy. */
function toHex({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('hex');
}
