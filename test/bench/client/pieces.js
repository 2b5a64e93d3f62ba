import { serialiseEvent, utf8Length } from '../../../src/client/serialise.js';
import { uuidV7 } from '../../../src/client/uuid-v7.js';

/** What `track` of a usual event is made of, next to what the platform asks for the same. */
export function pieces() {
  const nextId = () => uuidV7(Date.now(), Math.random);
  const event = {
    ...{ appName: 'journeys-admin', appVersion: '2026.11.0', source: 'web', host: location.host },
    ...{ eventType: 'journey_published', clientEventId: nextId(), route: '/journeys/[id]/edit' },
    ...{ entityType: 'Journey', entityId: nextId(), sessionId: nextId(), seq: 1 },
    occurredAt: new Date().toISOString(),
    properties: { source: 'template', step: 3, isFirst: true, locale: 'en-GB', durationMs: 1_234 },
  };
  const json = JSON.stringify(event);
  return {
    '`uuidV7`': nextId,
    '– of which `crypto.randomUUID`': () => crypto.randomUUID(),
    '`serialiseEvent`': () => serialiseEvent(event),
    '– of which `JSON.stringify`, without the replacer': () => JSON.stringify(event),
    '– of which `utf8Length`': () => utf8Length(json),
    '`Date.prototype.toISOString`': () => new Date().toISOString(),
    'Global Privacy Control and Do Not Track': () =>
      navigator.globalPrivacyControl || navigator.doNotTrack === '1',
    '`performance.now`': () => performance.now(),
  };
}
