import type { Failure, Result } from '../contract/index.js';
import type { AuthenticatorOptions } from './authenticator-options.js';
import { authenticatorProblems } from './authenticator-problems.js';
import { parseAuthorization } from './authorization-header.js';
import { type Caller, callerFromClaims, type RoleRules } from './caller.js';
import { type Claims, claimsFailure, own } from './claims.js';
import { type AuthFailure, type AuthRefusal, refusal } from './failures.js';
import { claimsPaths, forwardedClaims, forwardedToken } from './forwarded-identity.js';
import type { TokenVerifier } from './token-verifier.js';

/** As much of a request as says who makes it. */
export interface IdentityEvidence {
  /** Every value of the header: one text, or a list when there were several; null when there was none. */
  readonly authorization: string | readonly string[] | null;
  /** `extensions` of the GraphQL request; undefined where there are none. */
  readonly extensions: unknown;
  /** `verifyGatewaySignature` accepted this very request, in the configured scope. */
  readonly signed: boolean;
}

export type Authentication = Result<Caller, AuthRefusal>;

export interface Authenticator {
  /** Who makes a request. Never rejects; an identity that is there but does not hold is a refusal, never anonymous. */
  authenticate(evidence: IdentityEvidence): Promise<Authentication>;
}

type Found = Result<readonly Claims[], AuthRefusal>;

/**
 * Decides who makes a request, from every source that is switched on. A raw token goes before claims; all
 * identities of a request must name one subject. Forwarded claims count only on a request whose bound signature
 * was verified; on any other they do not exist.
 * Throws only when the options were not checked with `authenticatorProblems` first.
 */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const problems = authenticatorProblems(options);
  if (problems.length > 0) throw new TypeError(`the authenticator cannot be set up: ${problems.join('; ')}`);

  return {
    async authenticate(evidence) {
      const tokens = tokensOf(evidence, options);
      if (!tokens.ok) return tokens;
      const verified = await verifyAll(tokens.value, options.verifier);
      if (!verified.ok) return verified;
      const forwarded = claimsOf(evidence, options);
      if (!forwarded.ok) return forwarded;
      return decide([...verified.value, ...forwarded.value], options.roleRules);
    },
  };
}

/** The raw tokens of a request, each once. */
function tokensOf(
  evidence: IdentityEvidence,
  options: AuthenticatorOptions,
): Result<ReadonlySet<string>, AuthRefusal> {
  const tokens = new Set<string>();
  if (options.modes.includes('bearer')) {
    const header = parseAuthorization(evidence.authorization, options.prefixes);
    if (header.kind === 'refused') return refusal(header.why);
    if (header.kind === 'token') tokens.add(header.token);
  }
  if (options.modes.includes('forwarded-token')) {
    const forwarded = forwardedToken(evidence.extensions);
    if (forwarded.kind === 'malformed') return refusal('forwarded_token');
    if (forwarded.kind === 'found') tokens.add(forwarded.value);
  }
  return { ok: true, value: tokens };
}

/** Claims of all tokens, if every one of them holds. */
async function verifyAll(tokens: ReadonlySet<string>, verifier: TokenVerifier | null): Promise<Found> {
  const claims: Claims[] = [];
  let unavailable: Failure<AuthRefusal> | null = null;
  for (const token of tokens) {
    const verified = verifier ? await verifier.verify(token) : refusal('keys_unavailable');
    if (verified.ok) claims.push(verified.value);
    else if (verified.error.code === 'UNAUTHENTICATED') return verified;
    else unavailable = verified;
  }
  return unavailable ?? { ok: true, value: claims };
}

/** The claims that a gateway vouches for, if they hold now: it may have checked them a while ago. */
function claimsOf(evidence: IdentityEvidence, options: AuthenticatorOptions): Found {
  const trusted =
    options.modes.includes('forwarded-claims') && options.gateway?.scope === 'bound' && evidence.signed;
  if (!trusted) return { ok: true, value: [] };
  const claims: Claims[] = [];
  const now = options.clock.now();
  for (const place of forwardedClaims(evidence.extensions, options.claimsPaths ?? claimsPaths)) {
    if (place.kind !== 'found') return refusal('forwarded_claims');
    const failure: AuthFailure | null = claimsFailure(place.value, options, now);
    if (failure) return refusal(failure);
    claims.push(place.value);
  }
  return { ok: true, value: claims };
}

function decide(identities: readonly Claims[], roleRules: RoleRules): Authentication {
  const [first, ...others] = identities;
  if (first === undefined) return { ok: true, value: { kind: 'anonymous' } };
  const subject = own(first, 'sub');
  if (others.some((claims) => own(claims, 'sub') !== subject)) return refusal('identities_differ');
  const caller = callerFromClaims(first, roleRules);
  return caller ? { ok: true, value: caller } : refusal('subject');
}
