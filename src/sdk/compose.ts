import { attempt } from '../client/attempt.js';
import { type Serialised, serialiseEvent } from '../client/serialise.js';
import type { OutgoingEvent, TrackerOptions } from './options.js';
import type { Session } from './session.js';
import type { TrackDetails } from './track.js';

export interface ComposerDeps {
  readonly options: Pick<TrackerOptions, 'appName' | 'appVersion' | 'source' | 'beforeSend'>;
  readonly host: string | undefined;
  readonly session: Session;
  readonly newId: () => string;
  readonly now: () => number;
}

/** Makes an event, or says why it is none. */
export type Compose = (eventType: string, details: TrackDetails) => Serialised | 'before_send';

/**
 * Makes the event of the wire from what the app said, shows it to `beforeSend`, and writes it as JSON: from here
 * on nothing that the app does to its objects changes it. `before_send` where that hook does not want it. Throws
 * what a getter of the caller's throws.
 */
export function createComposer({ options, host, session, newId, now }: ComposerDeps): Compose {
  const { appName, appVersion, source = 'web', beforeSend } = options;

  const toOutgoing = (eventType: string, details: TrackDetails) => ({
    clientEventId: newId(),
    appName,
    appVersion,
    source,
    host,
    ...session.next(),
    eventType,
    eventVersion: details.eventVersion,
    route: details.route,
    entityType: details.entity?.type,
    entityId: details.entity?.id,
    occurredAt: (details.occurredAt ?? new Date(now())).toISOString(),
    properties: details.properties as OutgoingEvent['properties'],
  });

  return (eventType, details) => {
    const event = toOutgoing(eventType, details);
    // A copy would cost as much again as the event itself.
    if (!beforeSend) return serialiseEvent(event);
    const { clientEventId } = event;
    const wanted = attempt(() => beforeSend(event));
    return wanted ? serialiseEvent({ ...wanted, clientEventId }) : 'before_send';
  };
}
