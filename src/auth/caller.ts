import { isObject, type Result } from '../contract/index.js';
import { type Claims, isSubject, own } from './claims.js';

/** Somebody whose token or gateway vouches for them. */
export interface SignedIn {
  /** The highest of the caller's roles: admin, then service, then user. */
  readonly kind: 'user' | 'admin' | 'service';
  /** `sub`: 1 to 256 UTF-16 units, no control characters. Never to be stored, logged or shown. */
  readonly subject: string;
  /** Only to be held against the list of internal users. */
  readonly email: string | null;
  readonly isAdmin: boolean;
  /** A server emitter. */
  readonly isService: boolean;
  /** May import history. */
  readonly mayBackfill: boolean;
}

/** Who makes a request. */
export type Caller = { readonly kind: 'anonymous' } | SignedIn;

/** Why nobody can say who makes a request. A bad token is never the same as no token. */
export type IdentityRefusal = 'UNAUTHENTICATED' | 'AUTH_UNAVAILABLE';
export type Identity = Result<Caller, IdentityRefusal>;

/** The caller where somebody is signed in. */
export function signedInOf(identity: Identity): Result<SignedIn, IdentityRefusal> {
  if (!identity.ok) return identity;
  const caller = identity.value;
  return caller.kind === 'anonymous' ? { ok: false, error: 'UNAUTHENTICATED' } : { ok: true, value: caller };
}

/** Where roles stand in the claims, and what they are called. */
export interface RoleRules {
  /** Name of a claim, or a dotted path such as `realm_access.roles`; the exact name goes first. */
  readonly claim: string;
  readonly admin: string;
  readonly service: string;
  readonly backfill: string;
}

/** RFC 5321 section 4.5.3.1: no address is longer than 254; some issuers count the brackets. */
const maxEmailLength = 256;

/**
 * The caller that claims describe. A role is held when the claim *is* its name or is a list that contains it:
 * strictly equal, no trimming, no case folding, and no object is ever a role. The text of a claim called `scope` or
 * `scp` is such a list, with spaces between its words (RFC 8693 section 4.2).
 * Null when `sub` is not a usable subject.
 */
export function callerFromClaims(claims: Claims, rules: RoleRules): SignedIn | null {
  const subject = own(claims, 'sub');
  if (!isSubject(subject)) return null;
  const held = rolesIn(claimAt(claims, rules.claim), rules.claim);
  const isAdmin = holds(held, rules.admin);
  const isService = holds(held, rules.service);
  const kind = isAdmin ? 'admin' : isService ? 'service' : 'user';
  const mayBackfill = holds(held, rules.backfill);
  return { kind, subject, email: emailOf(claims), isAdmin, isService, mayBackfill };
}

function claimAt(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  let at: unknown = claims;
  for (const step of name.split('.')) at = isObject(at) ? own(at, step) : undefined;
  return at;
}

/** Claims whose text is a list of words; no other text is ever taken apart. */
const listClaims = /(?:^|\.)(?:scope|scp)$/;

/** Every role that the value of a claim names; the text as a whole is one, too. */
function rolesIn(held: unknown, claim: string): readonly unknown[] {
  if (Array.isArray(held)) return held;
  return typeof held === 'string' && listClaims.test(claim) ? [held, ...held.split(' ')] : [held];
}

function holds(held: readonly unknown[], role: string): boolean {
  return role !== '' && held.includes(role);
}

function emailOf(claims: Claims): string | null {
  const email = own(claims, 'email');
  return typeof email === 'string' && email !== '' && email.length <= maxEmailLength ? email : null;
}
