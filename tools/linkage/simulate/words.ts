import type { Random } from './random.js';

/** What an event says besides who and when: words that all share, and an entity that nobody meets twice. */
export interface Words {
  readonly eventType: string;
  readonly route: string;
  readonly entity: { readonly type: string; readonly id: string } | null;
  readonly properties: Readonly<Record<string, number>> | null;
}

export const appName = 'journeys-admin';
export const appVersion = '1.4.0';

export function drawWords(random: Random): Words {
  const kind = random.whole(3);
  const route = random.pick(['/journeys', '/journeys/[journeyId]']);
  if (kind === 0) return { eventType: 'journey_create_clicked', route, entity: null, properties: null };
  if (kind === 1) return { eventType: 'heartbeat', route, entity: null, properties: { intervalMs: 5_000 } };
  const entity = { type: 'journey', id: random.uuid() };
  return { eventType: 'editor_analytics_overlay_opened', route, entity, properties: null };
}
