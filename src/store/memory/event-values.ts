import type { EventDimension } from '../../contract/index.js';
import type { StoredEvent } from '../../domain/event.js';
import type { Condition, GroupKey, StatsFilter } from '../../domain/reading/plan.js';

type Scalar = string | number | boolean | null;

const dimensionTexts: Readonly<Record<EventDimension, (event: StoredEvent) => string | null>> = {
  APP: ({ dimensions }) => dimensions.appName,
  EVENT_TYPE: ({ dimensions }) => dimensions.eventType,
  EVENT_VERSION: ({ dimensions }) => String(dimensions.eventVersion),
  ROUTE: ({ dimensions }) => dimensions.route,
  ENTITY_TYPE: ({ dimensions }) => dimensions.entityType,
  ENTITY: ({ entityId }) => entityId,
  DEVICE: ({ dimensions }) => dimensions.deviceType,
  BROWSER: ({ dimensions }) => dimensions.browserFamily,
  OS: ({ dimensions }) => dimensions.osFamily,
  SOURCE: ({ dimensions }) => dimensions.source,
  APP_VERSION: ({ dimensions }) => dimensions.appVersion,
};

/** Whether the event is one of those that the filter asks for. */
export function isWanted(event: StoredEvent, { all, not }: StatsFilter): boolean {
  return all.every((condition) => holds(event, condition)) && !(not !== null && isWanted(event, not));
}

function holds(event: StoredEvent, condition: Condition): boolean {
  if ('prefix' in condition) return event.dimensions.route?.startsWith(condition.prefix) ?? false;
  if ('dimension' in condition) return condition.in.includes(dimensionTexts[condition.dimension](event));
  const value = propertyValue(event, condition.property);
  if ('in' in condition) return condition.in.includes(value);
  if (typeof value !== 'number') return false;
  return (
    (condition.gte === null || condition.gte <= value) && (condition.lt === null || value < condition.lt)
  );
}

/** The event's part of a row's key. */
export function keyText(event: StoredEvent, group: GroupKey): string | null {
  if ('dimension' in group) return dimensionTexts[group.dimension](event);
  const value = propertyValue(event, group.property);
  return value === null || typeof value === 'string' ? value : JSON.stringify(value);
}

/** The numbers that a property has in some events. */
export function numbersOf(events: readonly StoredEvent[], property: string): number[] {
  return events.map((event) => propertyValue(event, property)).filter((value) => typeof value === 'number');
}

/** Null where there is none, and where it is a list or an object. */
function propertyValue({ properties }: StoredEvent, name: string): Scalar {
  const value = properties !== null && Object.hasOwn(properties, name) ? properties[name] : null;
  if (value === undefined || typeof value === 'object') return null;
  // JSON knows no negative zero.
  return value === 0 ? 0 : value;
}
