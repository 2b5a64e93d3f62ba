import { type EventParts, type Serialised, serialiseEvent } from '../client/serialise.js';
import { uuidV7 } from '../client/uuid-v7.js';
import type { TrackerOptions } from './options.js';
import type { TrackDetails } from './tracker-api.js';

export interface EventSource {
  readonly options: TrackerOptions;
  readonly eventType: string;
  readonly details: TrackDetails;
  readonly nowMs: number;
  readonly random: () => number;
}

/** Makes the event of the wire, ready to be sent, or says why it is none. Throws what a getter of the caller's throws. */
export function composeEvent(source: EventSource): Serialised | 'unserialisable' {
  const parts = toParts(source);
  return hasRightTypes(parts) ? serialiseEvent(parts) : 'unserialisable';
}

function toParts({ options, eventType, details, nowMs, random }: EventSource): EventParts {
  return {
    eventType,
    appName: options.appName,
    clientEventId: details.clientEventId ?? uuidV7(nowMs, random),
    eventVersion: details.eventVersion,
    appVersion: options.appVersion,
    source: options.source ?? 'server',
    host: options.host,
    route: details.route,
    entityType: details.entity?.type,
    entityId: details.entity?.id,
    sessionId: details.sessionId,
    occurredAt: (details.occurredAt ?? new Date(nowMs)).toISOString(),
    properties: details.properties,
  };
}

const required: readonly string[] = ['eventType', 'appName', 'clientEventId'];

/**
 * Everything but the properties is text or a number, or left out where it may be: a field of another type could
 * make the server refuse the whole batch.
 */
function hasRightTypes(parts: EventParts): boolean {
  return Object.entries(parts).every(
    ([name, value]) =>
      name === 'properties' ||
      typeof value === (name === 'eventVersion' ? 'number' : 'string') ||
      (value == null && !required.includes(name)),
  );
}
