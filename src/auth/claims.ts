import { defaultClockToleranceSeconds } from './clock-tolerance.js';
import type { AuthFailure } from './failures.js';

/** Claims as they came out of a token or from a gateway; nothing about them is known yet. */
export type Claims = Readonly<Record<string, unknown>>;

/** What claims have to fulfil besides the signature. */
export interface ClaimRules {
  /** The one accepted `iss`; null or absent: any. */
  readonly issuer?: string | null | undefined;
  /** Accepted values of `aud`, one of which must be there; null or absent: any. */
  readonly audience?: string | readonly string[] | null | undefined;
  /** By how much the issuer's clock may differ, in seconds, for `exp` and `nbf`; 30 unless given. */
  readonly clockToleranceSeconds?: number | undefined;
}

const maxSubjectLength = 256;
const unusable = /[\p{Cc}\p{Cs}]/u;

/** Whether a value can be a subject: text of 1 to 256 UTF-16 units without control characters or half a surrogate pair. */
export function isSubject(value: unknown): value is string {
  return (
    typeof value === 'string' && value !== '' && value.length <= maxSubjectLength && !unusable.test(value)
  );
}

/** An own property; inherited ones such as `constructor` do not exist. */
export function own(record: Claims, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/** Audiences as a list; null: any. */
export function audienceList(audience: ClaimRules['audience']): readonly string[] | null {
  if (audience === null || audience === undefined) return null;
  return typeof audience === 'string' ? [audience] : audience;
}

/**
 * The first rule that claims break, or null. `exp` and `sub` are required (RFC 7519 leaves both optional). Only `nbf`
 * says when validity begins: `iat` is a number where it is there, and may lie ahead, as it does with an issuer whose
 * clock is fast. Tokens and forwarded claims go through here alike.
 */
export function claimsFailure(claims: Claims, rules: ClaimRules, now: Date): AuthFailure | null {
  return timeFailure(claims, rules, now) ?? partyFailure(claims, rules) ?? subjectFailure(claims);
}

function timeFailure(claims: Claims, rules: ClaimRules, now: Date): AuthFailure | null {
  const tolerance = rules.clockToleranceSeconds ?? defaultClockToleranceSeconds;
  const seconds = Math.floor(now.getTime() / 1000);
  const [exp, nbf, iat] = [own(claims, 'exp'), own(claims, 'nbf'), own(claims, 'iat')];
  if (exp === undefined) return 'missing_claim';
  if (!isNumericDate(exp)) return 'invalid_claim';
  if (!(seconds < exp + tolerance)) return 'expired';
  if (nbf !== undefined && !isNumericDate(nbf)) return 'invalid_claim';
  if (nbf !== undefined && nbf > seconds + tolerance) return 'not_yet_valid';
  return iat === undefined || isNumericDate(iat) ? null : 'invalid_claim';
}

function isNumericDate(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function partyFailure(claims: Claims, rules: ClaimRules): AuthFailure | null {
  if (typeof rules.issuer === 'string' && own(claims, 'iss') !== rules.issuer) return 'issuer';
  const accepted = audienceList(rules.audience);
  if (accepted === null) return null;
  const aud = own(claims, 'aud');
  const named: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  return named.some((one) => typeof one === 'string' && accepted.includes(one)) ? null : 'audience';
}

function subjectFailure(claims: Claims): AuthFailure | null {
  const sub = own(claims, 'sub');
  if (sub === undefined) return 'missing_claim';
  return isSubject(sub) ? null : 'subject';
}
