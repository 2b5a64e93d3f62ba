import { type Serialised, serialiseEvent } from './core/serialise.js';
import { hasPrivacySignal } from './gate.js';
import type { OutgoingEvent, TrackedUser, TrackerOptions } from './options.js';
import type { Platform } from './platform.js';
import type { Session } from './session.js';
import type { TrackDetails } from './track.js';

export type Composed =
  | (Extract<Serialised, { ok: true }> & { readonly id: string })
  | Extract<Serialised, { ok: false }>
  | { readonly ok: false; readonly reason: 'before_send' };

/**
 * Makes the event of the wire from what the app said, shows it to `beforeSend`, and writes it as JSON: from here
 * on nothing that the app does to its objects changes it. Throws what a getter of the caller's throws.
 */
export function createComposer<User extends TrackedUser>(
  options: TrackerOptions<User>,
  platform: Platform,
  session: Session,
  nextId: () => string,
): (eventType: string, details: TrackDetails) => Composed {
  const anonymous = hasPrivacySignal(platform.navigator);
  const { beforeSend } = options;
  return (eventType, details) => {
    const id = nextId();
    const tab = anonymous ? undefined : session.next();
    let event: OutgoingEvent | null = {
      eventType,
      appName: options.appName,
      clientEventId: id,
      eventVersion: details.eventVersion,
      appVersion: options.appVersion,
      source: options.source ?? 'web',
      host: options.host ?? platform.host,
      route: details.route,
      entityType: details.entity?.type,
      entityId: details.entity?.id,
      sessionId: tab?.id,
      seq: tab?.seq,
      occurredAt: (details.occurredAt ?? new Date(platform.now())).toISOString(),
      properties: details.properties as OutgoingEvent['properties'],
    };
    if (beforeSend !== undefined) {
      try {
        event = beforeSend(event);
      } catch {
        event = null;
      }
      if (event === null || typeof event !== 'object') return { ok: false, reason: 'before_send' };
    }
    const serialised = serialiseEvent({ ...event, clientEventId: id });
    return serialised.ok ? { ...serialised, id } : serialised;
  };
}
