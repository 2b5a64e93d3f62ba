import { randomUUID } from 'node:crypto';

/** An event that the example catalogue takes. */
export function pageViewed(more: object = {}): object {
  return { eventType: 'page_viewed', appName: 'web', clientEventId: randomUUID(), ...more };
}

export const trackEvents = `mutation($input: TrackEventsInput!) {
  trackEvents(input: $input) { accepted duplicates dropped rejected }
}`;
