import type { EventDimensions } from './event.js';

/** The ten words as unambiguous text: equal for equal combinations only. */
export function dimensionKey(dimensions: EventDimensions): string {
  const { appName, eventType, eventVersion, appVersion, source, route, entityType } = dimensions;
  const { deviceType, browserFamily, osFamily } = dimensions;
  // A JSON list delimits its items and tells null from "null". The order is part of the stored ids: never change it.
  return JSON.stringify([
    appName,
    eventType,
    eventVersion,
    appVersion,
    source,
    route,
    entityType,
    deviceType,
    browserFamily,
    osFamily,
  ]);
}
