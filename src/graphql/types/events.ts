import { queryFromInfo } from '@pothos/plugin-prisma';
import type { JsonValue } from '../../contract/index.js';
import type { Prisma, PrismaClient } from '../../generated/prisma/client.js';
import type { Builder } from '../builder.js';
import { signedIn } from '../context.js';
import { codedError, storeFailed } from '../errors.js';
import { toCursor, toPage } from '../events-page.js';
import { type EventsFilter as Filter, toPageWhere, toWhere, withDimensionIds } from '../events-where.js';
import type { EntityLoader } from '../federation.js';

/** The read side for admins: raw events, newest first. The one file that speaks to Prisma. */
export function registerEvents(builder: Builder, prisma: () => PrismaClient): void {
  const AnalyticsEvent = builder.prismaObject('Event', {
    name: 'AnalyticsEvent',
    description: 'One stored event. No field leads back to a person.',
    // On the type as well as on the field: whatever path leads here, only admins pass.
    authScopes: { admin: true },
    extensions: { directives: { key: { fields: 'id' } } },
    fields: (t) => {
      const dimension = (name: 'appName' | 'eventType') =>
        t.string({ select: { dimensions: true }, resolve: ({ dimensions }) => dimensions[name] });
      const optionalDimension = (
        name: 'appVersion' | 'source' | 'route' | 'entityType' | 'deviceType' | 'browserFamily' | 'osFamily',
      ) =>
        t.string({
          nullable: true,
          select: { dimensions: true },
          resolve: ({ dimensions }) => dimensions[name],
        });
      return {
        id: t.exposeID('id'),
        createdAt: t.expose('createdAt', {
          type: 'DateTime',
          description:
            'When it came in, by the server’s clock; for an event of an earlier day, when it happened. To the hour where the visitor opted out.',
        }),
        occurredAt: t.expose('occurredAt', {
          type: 'DateTime',
          nullable: true,
          description: 'When it happened, by the client’s corrected clock.',
        }),
        eventType: dimension('eventType'),
        eventVersion: t.int({
          nullable: true,
          select: { dimensions: true },
          resolve: (event) => event.dimensions.eventVersion,
        }),
        appName: dimension('appName'),
        appVersion: optionalDimension('appVersion'),
        source: optionalDimension('source'),
        route: optionalDimension('route'),
        entityType: optionalDimension('entityType'),
        entityId: t.exposeID('entityId', { nullable: true }),
        userHash: t.id({
          nullable: true,
          description: 'Equal within one day for one visitor; unlinkable from day to day.',
          select: { userHash: true },
          resolve: (event) => toHex(event.userHash),
        }),
        sessionId: t.id({
          nullable: true,
          description: 'The stored form: a hash under the day’s salt.',
          select: { sessionHash: true },
          resolve: (event) => toHex(event.sessionHash),
        }),
        seq: t.exposeInt('seq', {
          nullable: true,
          description:
            'The client’s number, shifted by an amount of the day and session: order and gaps are the client’s.',
        }),
        deviceType: optionalDimension('deviceType'),
        browserFamily: optionalDimension('browserFamily'),
        osFamily: optionalDimension('osFamily'),
        clientEventId: t.exposeID('clientEventId', {
          nullable: true,
          description:
            'The client’s id; in one of version 7 the day of createdAt stands in place of the time.',
        }),
        properties: t.field({
          type: 'JSON',
          nullable: true,
          select: { properties: true },
          resolve: (event) => event.properties as JsonValue,
        }),
      };
    },
  });

  const EventsFilter = builder.inputType('EventsFilter', {
    fields: (t) => ({
      appName: t.stringList(),
      eventType: t.stringList(),
      entityType: t.string(),
      entityId: t.id(),
      route: t.string(),
      deviceType: t.stringList(),
      browserFamily: t.stringList(),
      osFamily: t.stringList(),
      userHash: t.id(),
      sessionId: t.id({ description: 'The stored form, as AnalyticsEvent.sessionId gives it.' }),
      from: t.field({ type: 'DateTime', description: 'from ≤ createdAt' }),
      to: t.field({ type: 'DateTime', description: 'createdAt < to' }),
    }),
  });

  builder.queryField('events', (t) =>
    t.connection(
      {
        type: AnalyticsEvent,
        description: 'Raw events, newest first, stable across pages. Admins only.',
        authScopes: { admin: true },
        args: { filter: t.arg({ type: EventsFilter }) },
        resolve: async (_root, { filter, ...args }, context, info) => {
          const page = toPage(args);
          const where = await answered(matching(prisma(), filter ?? {}));
          const query = selection(
            queryFromInfo({
              context,
              info,
              typeName: 'AnalyticsEvent',
              paths: [['edges', 'node']],
              select: { id: true, createdAt: true },
            }),
          );
          const direction = page.backwards ? 'asc' : 'desc';
          const rows =
            where === null
              ? []
              : await answered(
                  prisma().event.findMany({
                    ...query,
                    where: { AND: [where, toPageWhere(page)] },
                    orderBy: [{ createdAt: direction }, { id: direction }],
                    take: page.size + 1,
                  }),
                );
          const more = rows.length > page.size;
          const shown = rows.slice(0, page.size);
          if (page.backwards) shown.reverse();
          const edges = shown.map((node) => ({ cursor: toCursor(node), node }));
          return {
            edges,
            pageInfo: {
              startCursor: edges[0]?.cursor ?? null,
              endCursor: edges.at(-1)?.cursor ?? null,
              hasNextPage: page.backwards ? page.before !== null : more,
              hasPreviousPage: page.backwards ? more : page.after !== null,
            },
            totalCount: async () => (where === null ? 0 : answered(prisma().event.count({ where }))),
          };
        },
      },
      {
        name: 'EventsConnection',
        fields: (connection) => ({
          totalCount: connection.int({
            description: 'Of the whole filter; counted only when asked for.',
            resolve: ({ totalCount }) => totalCount(),
          }),
        }),
      },
      { name: 'EventsConnectionEdge' },
    ),
  );
}

/**
 * `_entities` of AnalyticsEvent: the second door to the same rows. Same scope as `events`, no SQL for anybody
 * else, one statement for all of a request.
 */
export function loadEvents(prisma: () => PrismaClient): EntityLoader {
  return async (representations, context, info) => {
    if (!signedIn(context).isAdmin) throw codedError('FORBIDDEN');
    const ids = representations.map(({ id }) =>
      typeof id === 'string' && uuid.test(id) ? id.toLowerCase() : null,
    );
    const query = selection(
      queryFromInfo({ context, info, typeName: 'AnalyticsEvent', select: { id: true } }),
    );
    const known = ids.filter((id) => id !== null);
    const rows =
      known.length === 0
        ? []
        : await answered(prisma().event.findMany({ ...query, where: { id: { in: known } } }));
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => (id === null ? null : (byId.get(id) ?? null)));
  };
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The question is ours and right, so a failure is the store's: SERVICE_UNAVAILABLE. A question that Prisma calls wrong is a bug. */
async function answered<T>(question: PromiseLike<T>): Promise<T> {
  try {
    return await question;
  } catch (error) {
    throw error instanceof Error && error.name === 'PrismaClientValidationError' ? error : storeFailed(error);
  }
}

/** What the filter asks for; null where nothing can match. */
async function matching(prisma: PrismaClient, filter: Filter): Promise<Prisma.EventWhereInput | null> {
  const where = toWhere(filter);
  const find = (dimensions: Prisma.EventDimensionsWhereInput, take: number) =>
    prisma.eventDimensions.findMany({ where: dimensions, select: { id: true }, take });
  return where && withDimensionIds(where, find);
}

/** Pothos answers what to select without saying of which model. */
function selection(query: ReturnType<typeof queryFromInfo>): {
  select: Prisma.EventSelect & { id: true; createdAt: true };
} {
  return query as unknown as { select: Prisma.EventSelect & { id: true; createdAt: true } };
}

function toHex(bytes: Uint8Array | null): string | null {
  return bytes && Buffer.from(bytes).toString('hex');
}
