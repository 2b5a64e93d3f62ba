import type { EventDimensions } from '../event.js';
import type { Call } from './call.js';
import type { CheckedEvent } from './checked-event.js';

/** Where the shared words of an event come from. */
export type EventWords = Pick<
  CheckedEvent,
  'appName' | 'plan' | 'version' | 'appVersion' | 'source' | 'route' | 'entityType'
>;

/** The words that an event shares with many others, built field by field. */
export function dimensionsOf(
  event: EventWords,
  { visitor: { buckets } }: Pick<Call, 'visitor'>,
): EventDimensions {
  return {
    appName: event.appName,
    eventType: event.plan.name,
    eventVersion: event.version,
    appVersion: event.appVersion,
    source: event.source,
    route: event.route,
    entityType: event.entityType,
    deviceType: buckets.deviceType,
    browserFamily: buckets.browserFamily,
    osFamily: buckets.osFamily,
  };
}
