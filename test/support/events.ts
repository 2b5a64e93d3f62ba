import { randomBytes, randomUUID } from 'node:crypto';
import type { AnonymousEvent, EventDimensions } from '../../src/domain/event.js';

export type EventOverrides = Partial<Omit<AnonymousEvent, 'dimensions'>> & {
  readonly dimensions?: Partial<EventDimensions>;
};

export const pageViewed: EventDimensions = {
  appName: 'web',
  eventType: 'page_viewed',
  eventVersion: 1,
  appVersion: '1.4.0',
  source: 'web',
  route: '/journeys/[id]',
  entityType: null,
  deviceType: 'desktop',
  browserFamily: 'Firefox',
  osFamily: 'Linux',
};

/** An event as `anonymise` makes them, new at every call. The one place that makes the branded type by force. */
export function anonymousEvent({ dimensions, ...overrides }: EventOverrides = {}): AnonymousEvent {
  const event: unknown = {
    day: '2026-11-20',
    id: freshEventId(),
    createdAt: new Date('2026-11-20T12:00:00.000Z'),
    occurredAt: new Date('2026-11-20T11:59:58.765Z'),
    clientEventId: randomUUID(),
    dimensions: { ...pageViewed, ...dimensions },
    entityId: null,
    userHash: randomBytes(16).toString('hex'),
    sessionHash: randomBytes(16).toString('hex'),
    seq: 0,
    properties: { status: 200, referrerHost: 'www.example.org' },
    ...overrides,
  };
  return event as AnonymousEvent;
}

/** An id in the form of `eventId`: the first 48 bits repeat the last 48. */
export function freshEventId(): string {
  const uuid = randomUUID();
  return `${uuid.slice(24, 32)}-${uuid.slice(32)}-8${uuid.slice(15)}`;
}

/** The events in the order of their ids. */
export function byId(events: readonly AnonymousEvent[]): AnonymousEvent[] {
  return [...events].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** As many new events as wanted. */
export function anonymousEvents(count: number, overrides: EventOverrides = {}): AnonymousEvent[] {
  return Array.from({ length: count }, () => anonymousEvent(overrides));
}
