import { attempt } from '../client/attempt.js';
import { type Serialised, serialiseEvent } from '../client/serialise.js';
import type { OutgoingEvent, TrackerOptions } from './options.js';
import type { SessionSteps } from './session.js';
import type { TrackDetails } from './track.js';

export interface EventSource {
  readonly options: Pick<TrackerOptions, 'appName' | 'appVersion' | 'source' | 'beforeSend'>;
  readonly eventType: string;
  readonly details: TrackDetails;
  readonly clientEventId: string;
  readonly nowMs: number;
  readonly host: string | undefined;
  readonly session: ReturnType<SessionSteps['next']>;
}

/**
 * Makes the event of the wire from what the app said, shows it to `beforeSend`, and writes it as JSON: from here
 * on nothing that the app does to its objects changes it. `before_send` where that hook does not want it. Throws
 * what a getter of the caller's throws.
 */
export function composeEvent(source: EventSource): Serialised | 'before_send' {
  const { beforeSend } = source.options;
  const event = toOutgoing(source);
  // A copy would cost as much again as the event itself.
  if (!beforeSend) return serialiseEvent(event);
  const wanted = attempt(() => beforeSend(event));
  return wanted ? serialiseEvent({ ...wanted, clientEventId: source.clientEventId }) : 'before_send';
}

function toOutgoing(from: EventSource): OutgoingEvent & { readonly clientEventId: string } {
  const { appName, appVersion, source = 'web' } = from.options;
  const { eventVersion, route, entity, occurredAt, properties } = from.details;
  return {
    clientEventId: from.clientEventId,
    appName,
    appVersion,
    source,
    host: from.host,
    ...from.session,
    eventType: from.eventType,
    eventVersion,
    route,
    entityType: entity?.type,
    entityId: entity?.id,
    occurredAt: (occurredAt ?? new Date(from.nowMs)).toISOString(),
    properties: properties as OutgoingEvent['properties'],
  };
}
