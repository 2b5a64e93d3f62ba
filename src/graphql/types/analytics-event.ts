import type { EventDimensions } from '../../domain/event.js';
import type { Builder } from '../builder.js';
import { signedIn } from '../context.js';
import { answered, codedError } from '../errors.js';
import { wantedFields } from '../event-model.js';
import type { EntityLoader } from '../federation.js';

/** Words that an event may lack. */
type OptionalWord = Exclude<keyof EventDimensions, 'appName' | 'eventType' | 'eventVersion'>;

export type AnalyticsEventRef = ReturnType<typeof registerAnalyticsEvent>;

/**
 * The type of a stored event. A field that is dear to read says what it needs, and is not read when nobody asks for it.
 * The small columns are always read: Pothos looks up every field with a `select` for every row, which costs more.
 */
export function registerAnalyticsEvent(builder: Builder) {
  return builder.prismaObject('Event', {
    name: 'AnalyticsEvent',
    description: 'One stored event. No field leads back to a person.',
    // On the type as well as on the field: whatever path leads here, only admins pass.
    authScopes: { admin: true },
    extensions: { directives: { key: { fields: 'id' } } },
    select: { id: true, createdAt: true, occurredAt: true, clientEventId: true, entityId: true, seq: true },
    fields: (t) => {
      const word = (name: 'appName' | 'eventType') =>
        t.string({ select: { dimensions: true }, resolve: ({ dimensions }) => dimensions[name] });
      const optionalWord = (name: OptionalWord) =>
        t.string({
          nullable: true,
          select: { dimensions: true },
          resolve: ({ dimensions }) => dimensions[name],
        });
      return {
        id: t.id({ resolve: ({ id }) => id }),
        createdAt: t.field({
          type: 'DateTime',
          description: about.createdAt,
          resolve: ({ createdAt }) => createdAt,
        }),
        occurredAt: t.field({
          type: 'DateTime',
          nullable: true,
          description: about.occurredAt,
          resolve: ({ occurredAt }) => occurredAt,
        }),
        eventType: word('eventType'),
        eventVersion: t.int({
          nullable: true,
          select: { dimensions: true },
          resolve: ({ dimensions }) => dimensions.eventVersion,
        }),
        appName: word('appName'),
        appVersion: optionalWord('appVersion'),
        source: optionalWord('source'),
        route: optionalWord('route'),
        entityType: optionalWord('entityType'),
        entityId: t.id({ nullable: true, resolve: ({ entityId }) => entityId }),
        userHash: t.exposeID('userHash', { nullable: true, description: about.userHash }),
        sessionId: t.exposeID('sessionHash', { nullable: true, description: about.sessionId }),
        seq: t.int({ nullable: true, description: about.seq, resolve: ({ seq }) => seq }),
        deviceType: optionalWord('deviceType'),
        browserFamily: optionalWord('browserFamily'),
        osFamily: optionalWord('osFamily'),
        clientEventId: t.id({
          nullable: true,
          description: about.clientEventId,
          resolve: ({ clientEventId }) => clientEventId,
        }),
        properties: t.expose('properties', { type: 'JSON', nullable: true }),
      };
    },
  });
}

const about = {
  createdAt:
    'When it came in, by the server’s clock; for an event of an earlier day, when it happened. To the hour where the visitor opted out.',
  occurredAt: 'When it happened, by the client’s corrected clock.',
  userHash: 'Equal within one day for one visitor; unlinkable from day to day.',
  sessionId: 'The stored form: a hash under the day’s salt.',
  seq: 'The client’s number, shifted by an amount of the day and session: order and gaps are the client’s.',
  clientEventId: 'The client’s id; in one of version 7 the day of createdAt stands in place of the time.',
};

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * `_entities` of AnalyticsEvent: the second door to the same rows. Same scope as `events`, no question to the store for
 * anybody else, one for all of a request.
 */
export const loadEvents: EntityLoader = async (representations, context, info) => {
  if (!signedIn(context).isAdmin) throw codedError('FORBIDDEN');
  const ids = representations.map(({ id }) =>
    typeof id === 'string' && uuid.test(id) ? id.toLowerCase() : null,
  );
  const known = ids.filter((id) => id !== null);
  const found = await answered(context.services.reader.byIds(known, wantedFields(context, info)));
  const byId = new Map(found.map((event) => [event.id, event]));
  return ids.map((id) => (id === null ? null : (byId.get(id) ?? null)));
};
