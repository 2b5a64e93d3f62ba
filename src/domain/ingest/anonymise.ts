import type { AnonymousEvent } from '../event.js';
import { eventId, sessionHash, subjectHash, visitorHash } from '../privacy/hashes.js';
import { hashableIp } from '../privacy/ip-address.js';
import { type Call, type Draft, planOf } from './draft.js';

/** What hashing needs for one call: one secret for all its events, so two never mix. */
export interface Keys {
  readonly secret: Uint8Array;
  /** The salt of the day on which the instant falls. */
  saltOf(instant: Date): Uint8Array;
}

export type VisitorIdentity = 'network' | 'subject';

/**
 * The gate: the only maker of `AnonymousEvent`. It builds the result field by field and never spreads its
 * input, so nothing raw can ride along.
 */
export function anonymise(draft: Draft, call: Call, keys: Keys, identity: VisitorIdentity): AnonymousEvent {
  const plan = planOf(draft);
  const salt = keys.saltOf(draft.createdAt);
  const buckets = call.visitor.buckets;
  const event: Omit<AnonymousEvent, never> = {
    id: eventId(keys.secret, call.author.subject, draft.clientEventId),
    createdAt: draft.createdAt,
    occurredAt: draft.occurredAt,
    clientEventId: draft.clientEventId,
    dimensions: {
      appName: draft.input.appName,
      eventType: plan.name,
      eventVersion: draft.version,
      appVersion: draft.appVersion,
      source: draft.source,
      route: draft.route,
      entityType: draft.entityType,
      deviceType: buckets.deviceType,
      browserFamily: buckets.browserFamily,
      osFamily: buckets.osFamily,
    },
    entityId: draft.entityId,
    userHash: draft.anonymous ? null : visitorOf(draft, call, salt, identity),
    sessionHash: draft.anonymous || draft.sessionId === null ? null : sessionHash(salt, draft.sessionId),
    seq: draft.seq,
    properties: draft.properties,
  } as AnonymousEvent;
  return event as AnonymousEvent;
}

/**
 * Null where there is no visitor to speak of: a server emitter, or an address that nobody passed on. Hashing
 * the gateway's address instead would make everybody one visitor, and look like data.
 */
function visitorOf(draft: Draft, call: Call, salt: Uint8Array, identity: VisitorIdentity): string | null {
  if (call.author.isService) return null;
  if (identity === 'subject') return subjectHash(salt, call.author.subject);
  if (call.origin.ip === null) return null;
  return visitorHash(salt, {
    host: draft.host,
    ip: hashableIp(call.origin.ip),
    userAgent: call.visitor.userAgentDigest,
  });
}
