import { createHmac } from 'node:crypto';

// What a hash is for is part of what is hashed: the same text never has the same hash in two roles.
const labels = {
  visitor: 'signals visitor v1',
  subject: 'signals subject v1',
  session: 'signals session v1',
  importedVisitor: 'signals imported visitor v1',
  importedSession: 'signals imported session v1',
  seqOfEntity: 'signals seq of entity v1',
  eventId: 'signals event id v1',
  clientEventId: 'signals client event id v1',
  rateLimit: 'signals rate limit v1',
} as const;

/** What tells one visitor from another in `network` identity. */
export interface VisitorParts {
  readonly host: string;
  /** As `hashableIp` answers it. */
  readonly ip: string;
  /** The digest of the normalised user agent, as `UserAgentReading` has it. */
  readonly userAgent: string;
}

/**
 * Where a hash comes from. Imports have hashes in a domain of their own: an importer chooses address, user agent and
 * time, so in the common domain it could test guesses against the hashes of others.
 */
export type HashDomain = 'live' | 'import';

/** The visitor of one day: 32 lower-case hex digits (128 bits). Another day's salt gives an unrelated hash. */
export function visitorHash(
  salt: Uint8Array,
  { host, ip, userAgent }: VisitorParts,
  domain: HashDomain = 'live',
): string {
  const label = domain === 'import' ? labels.importedVisitor : labels.visitor;
  return shortHex(mac(salt, [label, host, ip, userAgent]));
}

/** The visitor of one day by the token's subject: 32 lower-case hex digits (128 bits). */
export function subjectHash(salt: Uint8Array, subject: string): string {
  return shortHex(mac(salt, [labels.subject, subject]));
}

export interface HashedSession {
  /** The stored form of the session id, good for one day: 32 lower-case hex digits (128 bits). */
  readonly hash: string;
  /** By how much the session's sequence numbers are shifted on this day: 0 to 2^30 − 1. */
  readonly seqShift: number;
}

/** A session of one day. Hash and shift are different bits of one HMAC, so neither tells the other. */
export function hashSession(salt: Uint8Array, sessionId: string, domain: HashDomain = 'live'): HashedSession {
  const label = domain === 'import' ? labels.importedSession : labels.session;
  const digest = mac(salt, [label, sessionId]);
  return { hash: shortHex(digest), seqShift: shiftOf(digest) };
}

/** By how much sequence numbers on an entity are shifted where there is no session: 0 to 2^30 − 1, for one visitor and day. */
export function entitySeqShift(
  salt: Uint8Array,
  entityType: string,
  entityId: string,
  userHash: string | null,
): number {
  return shiftOf(mac(salt, [labels.seqOfEntity, entityType, entityId, userHash ?? '']));
}

/** 30 bits of the half of a digest that is stored nowhere. */
function shiftOf(digest: Buffer): number {
  return digest.readUInt32BE(16) >>> 2;
}

/**
 * The row id of (author, client event id): a UUID of version 8 (RFC 9562 section 5.8) in lower case. It does
 * not depend on the day, so a retry after midnight is the same row; and neither author nor client event id can
 * be read back from it, nor an id be claimed for somebody else.
 *
 * 74 bits are of the HMAC; the first 48 repeat the last 48. Until November 2026 the client's clock stood there, so
 * rows of that time could be given this form in SQL, from what is in the row (docs/adr/0002).
 */
export function eventId(secret: Uint8Array, subject: string, clientEventId: string): string {
  const hashed = uuid8(mac(derivedKey(secret, labels.eventId), [subject, clientEventId]));
  return `${hashed.slice(24, 32)}-${hashed.slice(32)}${hashed.slice(13)}`;
}

/**
 * What is kept of a client event id: the time in a version 7 is the device's own clock, and how far that is off marks
 * the device. The UTC day of the stored `createdAt` takes its place (48 bits of milliseconds, RFC 9562 section 5.7).
 */
export function storedClientEventId(clientEventId: string, createdAt: Date): string {
  if (clientEventId.charAt(14) !== '7') return clientEventId;
  const time = createdAt.getTime();
  const day = (time - (time % dayMs)).toString(16).padStart(12, '0');
  return `${day.slice(0, 8)}-${day.slice(8)}${clientEventId.slice(13)}`;
}

const dayMs = 86_400_000;

/**
 * The client event id of an event that came without one: a UUID of version 8 in lower case that the author and
 * the canonical content decide. The same event sent twice has the same id; one changed field gives another.
 */
export function derivedClientEventId(secret: Uint8Array, subject: string, canonicalContent: string): string {
  return uuid8(mac(derivedKey(secret, labels.clientEventId), [subject, canonicalContent]));
}

/**
 * The name of an author's allowance on one day, fit for a shared store: 32 lower-case hex digits (128 bits). Whoever
 * reads that store on two days cannot tell which names belong together.
 */
export function rateLimitKey(salt: Uint8Array, subject: string): string {
  return shortHex(mac(salt, [labels.rateLimit, subject]));
}

/** Made once for a secret; they are forgotten with it. */
const derivedKeys = new WeakMap<Uint8Array, Map<string, Buffer>>();

function derivedKey(secret: Uint8Array, label: string): Buffer {
  const known = derivedKeys.get(secret) ?? new Map<string, Buffer>();
  derivedKeys.set(secret, known);
  const key = known.get(label) ?? mac(secret, [label]);
  known.set(label, key);
  return key;
}

function mac(key: Uint8Array, fields: readonly string[]): Buffer {
  return createHmac('sha256', key).update(fields.map(frame).join(''), 'utf8').digest();
}

const halfSurrogate = /\p{Cs}/u;

/**
 * A netstring: length in bytes of UTF-8, colon, text. A sequence of them can be read in one way only, so no
 * separator inside a field (U+001F, a colon …) can move text from one field to its neighbour. Half a surrogate
 * pair has no UTF-8 and would become U+FFFD; such text is framed escaped and marked.
 */
function frame(field: string): string {
  if (!halfSurrogate.test(field)) return `${Buffer.byteLength(field)}:${field}`;
  const escaped = JSON.stringify(field);
  return `~${Buffer.byteLength(escaped)}:${escaped}`;
}

function shortHex(digest: Buffer): string {
  return digest.toString('hex', 0, 16);
}

function uuid8(digest: Buffer): string {
  digest.writeUInt8((digest.readUInt8(6) & 0x0f) | 0x80, 6);
  digest.writeUInt8((digest.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = shortHex(digest);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
