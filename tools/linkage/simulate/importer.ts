import type { SaltDay } from './days.js';
import type { UserDeps } from './user-deps.js';
import { appName, drawWords } from './words.js';

const minute = 60_000;

/** Somebody with the backfill role: every day, some sessions of the days before. */
export function planImports(days: readonly SaltDay[], { person, timeline, network, random }: UserDeps): void {
  days.slice(1).forEach((day, index) => {
    const past = days[index];
    if (!past) return;
    timeline.at(day.start + random.between(60, 600) * minute, () => {
      const start = random.between(past.start, past.end - 60 * minute);
      const sessionId = random.uuid();
      const events = Array.from({ length: 8 }, (_, seq) => {
        const { eventType, route, entity, properties } = drawWords(random);
        return {
          eventType,
          appName,
          clientEventId: random.uuid(),
          source: 'import',
          route,
          ...(entity && { entityType: entity.type, entityId: entity.id }),
          sessionId,
          seq: seq + 1,
          occurredAt: new Date(start + seq * 1_700).toISOString(),
          ...(properties && { properties }),
        };
      });
      void network
        .send({ person, path: '/v1/events', body: JSON.stringify({ events }), whenAwake: (run) => run() })
        .catch(() => undefined);
    });
  });
}
