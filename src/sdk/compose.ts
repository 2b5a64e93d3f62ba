import { attempt } from '../client/attempt.js';
import { type Serialised, serialiseEvent } from '../client/serialise.js';
import type { OutgoingEvent, TrackerOptions } from './options.js';
import type { Session } from './session.js';
import type { TrackDetails } from './track.js';

/**
 * Makes the event of the wire from what the app said, shows it to `beforeSend`, and writes it as JSON: from here
 * on nothing that the app does to its objects changes it. `before_send` where that hook does not want it. Throws
 * what a getter of the caller's throws.
 */
export function compose(
  {
    appName,
    appVersion,
    source = 'web',
    beforeSend,
  }: Pick<TrackerOptions, 'appName' | 'appVersion' | 'source' | 'beforeSend'>,
  eventType: string,
  { eventVersion, route, entity, occurredAt, properties }: TrackDetails,
  clientEventId: string,
  nowMs: number,
  host: string | undefined,
  session: ReturnType<Session['next']>,
): Serialised | 'before_send' {
  const event = {
    clientEventId,
    appName,
    appVersion,
    source,
    host,
    ...session,
    eventType,
    eventVersion,
    route,
    entityType: entity?.type,
    entityId: entity?.id,
    occurredAt: (occurredAt ?? new Date(nowMs)).toISOString(),
    properties: properties as OutgoingEvent['properties'],
  };
  // A copy would cost as much again as the event itself.
  if (!beforeSend) return serialiseEvent(event);
  const wanted = attempt(() => beforeSend(event));
  return wanted ? serialiseEvent({ ...wanted, clientEventId }) : 'before_send';
}
