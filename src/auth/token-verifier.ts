import { decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose';
import type { Result } from '../contract/index.js';
import type { Clock } from '../domain/ports/index.js';
import { audienceList, type ClaimRules, type Claims, claimsFailure } from './claims.js';
import { defaultClockToleranceSeconds } from './clock-tolerance.js';
import { type AuthFailure, type AuthRefusal, refusal } from './failures.js';
import type { KeySet, KeySource } from './key-source.js';
import { createKnownTokens, type KnownTokens } from './known-tokens.js';

/** Every algorithm that may be configured: asymmetric ones (RFC 7518 section 3.1, RFC 8037, RFC 9864). */
export const asymmetricAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const;

/** Length of a token, in characters, above which it is refused unread. Headers of common servers end at 16 KiB too. */
export const maxTokenLength = 16_384;

/** Keys tried on a token that names none. */
const maxKeysTried = 8;

const compact = /^[\w-]+\.[\w-]+\.[\w-]*$/;

export interface TokenVerifierOptions extends ClaimRules {
  readonly keys: KeySource;
  /** Accepted algorithms; all asymmetric ones unless given. See `algorithmProblem`. */
  readonly algorithms?: readonly string[] | null | undefined;
  readonly clock: Clock;
}

export type Verification = Result<Claims, AuthRefusal>;

export interface TokenVerifier {
  /** Verifies one compact JWS. Never rejects, and no word of the token is in what it answers. */
  verify(token: string): Promise<Verification>;
}

interface Attempt {
  readonly known: KnownTokens;
  readonly algorithms: string[];
  readonly rules: ClaimRules;
  readonly now: Date;
}

/**
 * Verifies tokens against a key source: signature by an allowed algorithm, `exp` and `sub` required, `nbf`,
 * `iss` and `aud` checked. Keys named by the token itself (`jwk`, `jku`, `x5u`) are never used.
 * Verifying a signature is the largest cost of a request; that it was good is remembered (`createKnownTokens`).
 * Throws only when the algorithms were not checked with `algorithmProblem` first.
 */
export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  const algorithms = [...(options.algorithms ?? asymmetricAlgorithms)];
  const problem = algorithmProblem(algorithms);
  if (problem) throw new TypeError(`the list of token algorithms ${problem}`);
  const { keys, clock } = options;
  const known = createKnownTokens();

  return {
    async verify(token) {
      if (token.length > maxTokenLength) return refusal('too_long');
      if (!compact.test(token)) return refusal('malformed');
      const attempt: Attempt = { known, algorithms, rules: options, now: clock.now() };
      const before = await keys.current();
      if (before === null) return refusal('keys_unavailable');
      const verified = await verifyWith(token, before, attempt);
      if (verified.ok || verified.error.why !== 'unknown_key') return verified;
      const after = await keys.refreshed();
      const again = after === null || after === before ? verified : await verifyWith(token, after, attempt);
      // With the source away nobody can say whether the key is invented or new.
      const unsure = !again.ok && again.error.why === 'unknown_key' && keys.status().lastError !== null;
      return unsure ? refusal('keys_unavailable') : again;
    },
  };
}

/** Why a list of algorithms cannot be used with public keys, or null. `none` and HS* never can. */
export function algorithmProblem(algorithms: readonly string[]): string | null {
  if (algorithms.length === 0) return 'is empty';
  const known: readonly string[] = asymmetricAlgorithms;
  const fine = algorithms.every((name) => known.includes(name));
  return fine ? null : `may only hold ${asymmetricAlgorithms.join(', ')}`;
}

async function verifyWith(token: string, keys: KeySet, attempt: Attempt): Promise<Verification> {
  try {
    const known = attempt.known.has(token, keys) ? claimsIn(token) : null;
    const claims = known ?? (await verifiedClaims(token, keys, attempt));
    if (!known) attempt.known.add(token, keys);
    const failure = claimsFailure(claims, attempt.rules, attempt.now);
    return failure ? refusal(failure) : { ok: true, value: claims };
  } catch (error) {
    return refusal(wordFor(error));
  }
}

/** The claims of a token whose signature is known to be good; null where they cannot be read, and it is verified anew. */
function claimsIn(token: string): Claims | null {
  try {
    return decodeJwt(token);
  } catch {
    return null;
  }
}

async function verifiedClaims(token: string, keys: KeySet, attempt: Attempt): Promise<Claims> {
  const options = joseOptions(attempt);
  try {
    return (await jwtVerify(token, keys, options)).payload;
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    return tryEach(token, error, options);
  }
}

function joseOptions({ algorithms, rules, now }: Attempt) {
  const audience = audienceList(rules.audience);
  return {
    algorithms,
    requiredClaims: ['sub', 'exp'],
    currentDate: now,
    clockTolerance: rules.clockToleranceSeconds ?? defaultClockToleranceSeconds,
    ...(typeof rules.issuer === 'string' ? { issuer: rules.issuer } : {}),
    ...(audience ? { audience: [...audience] } : {}),
  };
}

/** A token without `kid` may fit several keys of the set. */
async function tryEach(
  token: string,
  candidates: errors.JWKSMultipleMatchingKeys,
  options: ReturnType<typeof joseOptions>,
): Promise<JWTPayload> {
  let tried = 0;
  for await (const key of candidates) {
    if (tried++ === maxKeysTried) break;
    try {
      return (await jwtVerify(token, key, options)).payload;
    } catch (error) {
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error;
    }
  }
  throw new errors.JWSSignatureVerificationFailed();
}

/** jose's errors as our words; anything else is a key of the set that cannot be imported or is too short. */
function wordFor(error: unknown): AuthFailure {
  if (error instanceof errors.JWTExpired) return 'expired';
  if (error instanceof errors.JWTClaimValidationFailed) return claimWord(error.claim, error.reason);
  if (error instanceof errors.JOSEAlgNotAllowed) return 'algorithm';
  if (error instanceof errors.JOSENotSupported) return 'unsupported_header';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'signature';
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) return 'malformed';
  return 'unknown_key';
}

function claimWord(claim: string, reason: string): AuthFailure {
  if (claim === 'iss') return 'issuer';
  if (claim === 'aud') return 'audience';
  if (reason === 'missing') return 'missing_claim';
  return claim === 'nbf' && reason === 'check_failed' ? 'not_yet_valid' : 'invalid_claim';
}
