import { createHmac } from 'node:crypto';

// What a hash is for is part of what is hashed: the same text never has the same hash in two roles.
const labels = {
  visitor: 'signals visitor v1',
  subject: 'signals subject v1',
  session: 'signals session v1',
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

/** The visitor of one day: 32 lower-case hex digits (128 bits). Another day's salt gives an unrelated hash. */
export function visitorHash(salt: Uint8Array, { host, ip, userAgent }: VisitorParts): string {
  return shortHex(mac(salt, [labels.visitor, host, ip, userAgent]));
}

/** The visitor of one day by the token's subject: 32 lower-case hex digits (128 bits). */
export function subjectHash(salt: Uint8Array, subject: string): string {
  return shortHex(mac(salt, [labels.subject, subject]));
}

/** The stored form of a session id, good for one day: 32 lower-case hex digits (128 bits). */
export function sessionHash(salt: Uint8Array, sessionId: string): string {
  return shortHex(mac(salt, [labels.session, sessionId]));
}

/**
 * The row id of (author, client event id): a UUID of version 8 (RFC 9562 section 5.8) in lower case. It does
 * not depend on the day, so a retry after midnight is the same row; and neither author nor client event id can
 * be read back from it, nor an id be claimed for somebody else.
 *
 * Its first 48 bits are those of the client event id, which stands in the same row; 74 bits of the HMAC remain. Ids
 * of UUIDs of version 7 thereby come in the order of the client's time, and their index stays dense (docs/adr/0003).
 */
export function eventId(secret: Uint8Array, subject: string, clientEventId: string): string {
  const hashed = uuid8(mac(derivedKey(secret, labels.eventId), [subject, clientEventId]));
  const prefix = /^[0-9a-f]{8}-[0-9a-f]{4}(?=-)/.exec(clientEventId)?.[0];
  return prefix ? `${prefix}${hashed.slice(prefix.length)}` : hashed;
}

/**
 * The client event id of an event that came without one: a UUID of version 8 in lower case that the author and
 * the canonical content decide. The same event sent twice has the same id; one changed field gives another.
 */
export function derivedClientEventId(secret: Uint8Array, subject: string, canonicalContent: string): string {
  return uuid8(mac(derivedKey(secret, labels.clientEventId), [subject, canonicalContent]));
}

/** The name of an author's allowance, fit for a shared store: 32 lower-case hex digits (128 bits). */
export function rateLimitKey(secret: Uint8Array, subject: string): string {
  return shortHex(mac(derivedKey(secret, labels.rateLimit), [subject]));
}

function derivedKey(secret: Uint8Array, label: string): Buffer {
  return mac(secret, [label]);
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
