import type { Identity } from '../auth/caller.js';
import type { BodyLimit, BodyResult } from './body.js';
import { requestLimits } from './request-limits.js';

/** A limit of a body, and what is said to whoever is over it. */
export interface AdmittedBody extends BodyLimit {
  readonly tooLarge: string;
}

const { anonymousBodyBytes, anonymousDocumentBytes, documentBytes } = requestLimits;

/** The body of a caller whose token has been verified. */
export function vouchedBody(maxBytes: number): AdmittedBody {
  return { maxBytes, pool: 'vouched', tooLarge: `The body is larger than ${kib(maxBytes)}.` };
}

/**
 * How large a body of `/graphql` may be, by what its headers say. A header that does not verify counts as none. Where
 * identities come inside bodies, one may be as large as any, and counts against the smaller budget until its sender
 * is known.
 */
export function graphqlBody(header: Identity, maxBytes: number, identityInBody: boolean): AdmittedBody {
  if (isSignedIn(header)) return vouchedBody(maxBytes);
  if (identityInBody) return { ...vouchedBody(maxBytes), pool: 'unvouched' };
  const tooLarge = `Without a verified Authorization header the body may have ${kib(anonymousBodyBytes)}, and with one ${kib(maxBytes)}.`;
  return { maxBytes: Math.min(anonymousBodyBytes, maxBytes), pool: 'unvouched', tooLarge };
}

/** Why a body was not taken, in a sentence; undefined where the code says all. */
export function bodyRefusal(result: BodyResult, { tooLarge }: AdmittedBody): string | undefined {
  if (result.ok) return undefined;
  if (result.error === 'REQUEST_ENTITY_TOO_LARGE') return tooLarge;
  return result.error === 'SERVICE_UNAVAILABLE' ? noRoom : undefined;
}

/** What is said where the budget of all bodies in flight is used up. */
export const noRoom = 'The service holds as many bodies of requests as it can. Send the request again later.';

/** Why a document is too long for its caller, or null. */
export function documentProblem(document: string, identity: Identity): string | null {
  const signedIn = isSignedIn(identity);
  const most = signedIn ? documentBytes : anonymousDocumentBytes;
  if (document.length <= most && Buffer.byteLength(document) <= most) return null;
  return signedIn
    ? `The document is larger than ${kib(documentBytes)}. What varies belongs into variables.`
    : `The document of a caller who is not signed in may have ${kib(anonymousDocumentBytes)}, and of one who is ${kib(documentBytes)}.`;
}

export function isSignedIn(identity: Identity): boolean {
  return identity.ok && identity.value.kind !== 'anonymous';
}

function kib(bytes: number): string {
  return bytes % 1_024 === 0 ? `${bytes / 1_024} KiB` : `${bytes} bytes`;
}
