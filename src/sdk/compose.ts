import { attempt } from './core/attempt.js';
import { type Serialised, serialiseEvent } from './core/serialise.js';
import type { OutgoingEvent, TrackerOptions } from './options.js';
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
  /** What the tracker itself says of an event. */
  marks: Pick<OutgoingEvent, 'host' | 'sessionId' | 'seq'>,
): Serialised | 'before_send' {
  const event = {
    ...marks,
    clientEventId,
    appName,
    appVersion,
    source,
    eventType,
    eventVersion,
    route,
    entityType: entity?.type,
    entityId: entity?.id,
    occurredAt: (occurredAt ?? new Date(nowMs)).toISOString(),
    properties: properties as OutgoingEvent['properties'],
  };
  const wanted = beforeSend ? attempt(() => beforeSend(event)) : event;
  return wanted ? serialiseEvent({ ...wanted, clientEventId }) : 'before_send';
}
