import type { Identity } from '../auth/caller.js';
import { type ErrorCode, limits, type RefusalCause } from '../contract/index.js';
import type { BodyLimit, BodyResult } from './body.js';

const wholeBody: BodyLimit = { maxBytes: limits.maxBodyBytes, pool: 'vouched' };

/**
 * How large a body of `/graphql` may be, by what its headers say. A header that does not verify counts as none. Where
 * identities come inside bodies, one may be as large as any, and counts against the smaller budget until its sender
 * is known.
 */
export function graphqlBody(header: Identity, identityInBody: boolean): BodyLimit {
  if (isSignedIn(header)) return wholeBody;
  return { maxBytes: identityInBody ? limits.maxBodyBytes : limits.maxStrangersBodyBytes, pool: 'unvouched' };
}

/** What is said where a body was not taken. */
export function bodyRefusal(
  why: Extract<BodyResult, { ok: false }>['error'],
  header: Identity,
  identityInBody: boolean,
): ErrorCode | RefusalCause {
  const isStrangers = !isSignedIn(header) && !identityInBody;
  return why === 'REQUEST_ENTITY_TOO_LARGE' && isStrangers ? strangers('strangersBody', header) : why;
}

/** Why a document is too long for its caller, or null. */
export function documentRefusal(document: string, identity: Identity): ErrorCode | RefusalCause | null {
  const signedIn = isSignedIn(identity);
  const most = signedIn ? limits.maxDocumentBytes : limits.maxStrangersDocumentBytes;
  if (Buffer.byteLength(document) <= most) return null;
  return signedIn ? 'documentTooLarge' : strangers('strangersDocument', identity);
}

/** Who has a token that does not hold has to be told that: sending less would not help. */
function strangers(cause: RefusalCause, identity: Identity): ErrorCode | RefusalCause {
  return identity.ok ? cause : identity.error;
}

export function isSignedIn(identity: Identity): boolean {
  return identity.ok && identity.value.kind !== 'anonymous';
}
