import { cutToHour } from '../day.js';
import type { AnonymousEvent, AnonymousFields } from '../event.js';
import {
  entitySeqShift,
  eventId,
  type HashDomain,
  hashSession,
  storedClientEventId,
  subjectHash,
  visitorHash,
} from '../privacy/identity/hashes.js';
import { hashableIp } from '../privacy/identity/ip-address.js';
import type { Call } from './call.js';
import type { CheckedEvent } from './checked-event.js';
import { dimensionsOf } from './dimensions.js';
import type { VisitorIdentity } from './visitor-identity.js';

/** What hashing needs for one call: one secret for all its events, so two never mix. */
export interface Keys {
  readonly secret: Uint8Array;
  /** The salt of a day (`YYYY-MM-DD`). */
  saltOf(day: string): Uint8Array;
}

/** What tells the events of one visitor from those of another, and one event of a visitor from the next. */
type Traces = Pick<
  AnonymousFields,
  'createdAt' | 'occurredAt' | 'clientEventId' | 'userHash' | 'sessionHash' | 'seq'
>;

/**
 * The gate: the only maker of `AnonymousEvent`. It builds the result field by field and never spreads its
 * input, so nothing raw can ride along, and no field can be missing.
 */
export function anonymise(
  event: CheckedEvent,
  call: Call,
  keys: Keys,
  identity: VisitorIdentity,
): AnonymousEvent {
  const traces = event.optedOut ? tracesOfOptedOut(event, call) : tracesOf(event, call, keys, identity);
  const fields: AnonymousFields = {
    day: event.day,
    id: eventId(keys.secret, call.author.subject, event.clientEventId),
    createdAt: traces.createdAt,
    occurredAt: traces.occurredAt,
    clientEventId: traces.clientEventId,
    dimensions: dimensionsOf(event, call),
    entityId: event.entityId,
    userHash: traces.userHash,
    sessionHash: traces.sessionHash,
    seq: traces.seq,
    properties: event.properties,
  };
  // The one place where the brand is given.
  return fields as AnonymousEvent;
}

/** Nothing is left of an opted-out visitor but that somebody did this in this hour. */
function tracesOfOptedOut({ createdAt }: CheckedEvent, { policy }: Call): Traces {
  return {
    createdAt: cutToHour(createdAt, policy.dayOf),
    occurredAt: null,
    clientEventId: null,
    userHash: null,
    sessionHash: null,
    seq: null,
  };
}

/** What the hashes of one event are made with. */
interface Hashing {
  readonly salt: Uint8Array;
  readonly domain: HashDomain;
  readonly identity: VisitorIdentity;
}

function tracesOf(event: CheckedEvent, call: Call, keys: Keys, identity: VisitorIdentity): Traces {
  const domain = call.author.mayBackfill ? 'import' : 'live';
  const hashing: Hashing = { salt: keys.saltOf(event.day), domain, identity };
  const userHash = visitorOf(event, call, hashing);
  const session = event.sessionId === null ? null : hashSession(hashing.salt, event.sessionId, domain);
  const shift = session ? session.seqShift : shiftWithoutSession(event, call, hashing.salt, userHash);
  return {
    createdAt: event.createdAt,
    occurredAt: event.occurredAt,
    clientEventId: storedClientEventId(event.clientEventId, event.createdAt),
    userHash,
    sessionHash: session?.hash ?? null,
    seq: event.seq === null || shift === null ? null : event.seq + shift,
  };
}

/**
 * Null where there is no visitor to speak of: a server emitter, or an address that nobody passed on. Hashing
 * the gateway's address instead would make everybody one visitor, and look like data. The subject of an import is the
 * importer's, and no visitor's.
 */
function visitorOf(
  { host }: CheckedEvent,
  { author, origin, visitor }: Call,
  { salt, domain, identity }: Hashing,
): string | null {
  if (author.isService) return null;
  switch (identity) {
    case 'subject':
      return domain === 'import' ? null : subjectHash(salt, author.subject);
    case 'network': {
      if (origin.ip === null) return null;
      const parts = { host, ip: hashableIp(origin.ip), userAgent: visitor.userAgentDigest };
      return visitorHash(salt, parts, domain);
    }
  }
}

/**
 * By how much a sequence number is shifted; null: it is not kept. A number that goes on over midnight would link two
 * days, so each day shifts it by another amount: order and gaps stay, the number itself says nothing. A server's
 * number without a session counts its own events.
 */
function shiftWithoutSession(
  { seq, entityType, entityId }: CheckedEvent,
  { author }: Call,
  salt: Uint8Array,
  userHash: string | null,
): number | null {
  if (author.isService) return 0;
  if (seq === null || entityType === null || entityId === null) return null;
  return entitySeqShift(salt, entityType, entityId, userHash);
}
