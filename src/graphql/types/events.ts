import type { EventPage, PageSpan } from '../../domain/ports/index.js';
import type { Builder } from '../builder.js';
import { answered } from '../errors.js';
import { wantedFields } from '../event-model.js';
import { toEventFilter } from '../events-filter.js';
import { toCursor, toSpan } from '../events-page.js';
import type { AnalyticsEventRef } from './analytics-event.js';
import type { EventDimensionRef } from './event-dimension.js';

/** The read side for admins: raw events, newest first. */
export function registerEvents(
  builder: Builder,
  AnalyticsEvent: AnalyticsEventRef,
  EventDimension: EventDimensionRef,
): void {
  const EventsFilter = registerEventsFilter(builder, EventDimension);
  builder.queryField('events', (t) =>
    t.connection(
      {
        type: AnalyticsEvent,
        description: 'Raw events, newest first, stable across pages. Admins only.',
        authScopes: { admin: true },
        args: { filter: t.arg({ type: EventsFilter }) },
        resolve: async (_root, { filter: input, ...args }, context, info) => {
          const { reader } = context.services;
          const span = toSpan(args);
          const filter = toEventFilter(input ?? {});
          const wanted = wantedFields(context, info, ['edges', 'node']);
          const page = await answered(reader.page(filter, span, wanted));
          return { ...toConnection(page, span), totalCount: () => answered(reader.count(filter)) };
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

function registerEventsFilter(builder: Builder, EventDimension: EventDimensionRef) {
  return builder.inputType('EventsFilter', {
    description:
      'All conditions hold together. What is null or left out is no condition. A list names the values of which an event must have one: an empty list matches nothing.',
    fields: (t) => ({
      appName: t.stringList(),
      eventType: t.stringList(),
      eventVersion: t.intList(),
      entityType: t.string(),
      entityId: t.id(),
      route: t.string(),
      deviceType: t.stringList(),
      browserFamily: t.stringList(),
      osFamily: t.stringList(),
      source: t.stringList(),
      appVersion: t.stringList(),
      none: t.field({
        type: [EventDimension],
        description: 'Only events without a value in any of these.',
      }),
      userHash: t.id(),
      sessionId: t.id({ description: 'The stored form, as AnalyticsEvent.sessionId gives it.' }),
      from: t.field({ type: 'DateTime', description: 'from ≤ createdAt. Not later than to.' }),
      to: t.field({ type: 'DateTime', description: 'createdAt < to' }),
    }),
  });
}

/** A page as Relay has it. */
function toConnection({ events, hasMore }: EventPage, { backwards, after, before }: PageSpan) {
  const edges = events.map((node) => ({ cursor: toCursor(node), node }));
  return {
    edges,
    pageInfo: {
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
      hasNextPage: backwards ? before !== null : hasMore,
      hasPreviousPage: backwards ? hasMore : after !== null,
    },
  };
}
