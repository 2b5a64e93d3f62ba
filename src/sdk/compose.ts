import { attempt } from './core/attempt.js';
import { type Serialised, serialiseEvent } from './core/serialise.js';
import type { OutgoingEvent } from './options.js';
import type { TrackDetails } from './track.js';

/** What the tracker itself says of an event. */
export interface Marks extends Pick<OutgoingEvent, 'appName' | 'appVersion' | 'source' | 'host'> {
  readonly clientEventId: string;
  readonly sessionId?: string;
  readonly seq?: number;
}

/**
 * Makes the event of the wire from what the app said, shows it to `beforeSend`, and writes it as JSON: from here
 * on nothing that the app does to its objects changes it. `before_send` where that hook does not want it. Throws
 * what a getter of the caller's throws.
 */
export function compose(
  eventType: string,
  { eventVersion, route, entity, occurredAt, properties }: TrackDetails,
  marks: Marks,
  nowMs: number,
  beforeSend: ((event: OutgoingEvent) => OutgoingEvent | null) | undefined,
): Serialised | 'before_send' {
  const event = {
    ...marks,
    eventType,
    eventVersion,
    route,
    entityType: entity?.type,
    entityId: entity?.id,
    occurredAt: (occurredAt ?? new Date(nowMs)).toISOString(),
    properties: properties as OutgoingEvent['properties'],
  };
  if (!beforeSend) return serialiseEvent(event);
  const wanted = attempt(() => beforeSend(event), null);
  return wanted ? serialiseEvent({ ...wanted, clientEventId: marks.clientEventId }) : 'before_send';
}
