import type { Failure } from '../contract/index.js';

interface FailureRow {
  readonly code: 'UNAUTHENTICATED' | 'AUTH_UNAVAILABLE';
  readonly meaning: string;
}

/**
 * Why a caller is not known: a closed list of words, fit for logs and metric labels.
 * No row can carry anything out of a token, a claim or a header.
 */
export const authFailures = {
  several_headers: { code: 'UNAUTHENTICATED', meaning: 'More than one Authorization header.' },
  malformed_header: { code: 'UNAUTHENTICATED', meaning: 'The Authorization header is not “scheme token”.' },
  unknown_scheme: {
    code: 'UNAUTHENTICATED',
    meaning: 'The scheme of the Authorization header is not configured.',
  },
  too_long: { code: 'UNAUTHENTICATED', meaning: 'The token is longer than 16 KiB.' },
  malformed: { code: 'UNAUTHENTICATED', meaning: 'The token is not a signed JWT.' },
  algorithm: { code: 'UNAUTHENTICATED', meaning: 'The token’s algorithm is not on the allowlist.' },
  unsupported_header: { code: 'UNAUTHENTICATED', meaning: 'The token’s header demands something unknown.' },
  unknown_key: { code: 'UNAUTHENTICATED', meaning: 'No key of the key set fits the token.' },
  signature: { code: 'UNAUTHENTICATED', meaning: 'The token’s signature does not verify.' },
  expired: { code: 'UNAUTHENTICATED', meaning: '`exp` has passed.' },
  not_yet_valid: { code: 'UNAUTHENTICATED', meaning: '`nbf` is ahead.' },
  issuer: { code: 'UNAUTHENTICATED', meaning: '`iss` is missing or another one.' },
  audience: { code: 'UNAUTHENTICATED', meaning: '`aud` is missing or another one.' },
  missing_claim: { code: 'UNAUTHENTICATED', meaning: '`exp` or `sub` is missing.' },
  invalid_claim: { code: 'UNAUTHENTICATED', meaning: 'A registered claim has the wrong type.' },
  subject: { code: 'UNAUTHENTICATED', meaning: '`sub` is empty, too long or holds control characters.' },
  forwarded_token: { code: 'UNAUTHENTICATED', meaning: 'The forwarded token has the wrong shape.' },
  forwarded_claims: { code: 'UNAUTHENTICATED', meaning: 'The forwarded claims have the wrong shape.' },
  identities_differ: {
    code: 'UNAUTHENTICATED',
    meaning: 'Two identities of one request do not name the same subject.',
  },
  keys_unavailable: {
    code: 'AUTH_UNAVAILABLE',
    meaning: 'The keys that verify tokens cannot be had at the moment.',
  },
} as const satisfies Record<string, FailureRow>;

export type AuthFailure = keyof typeof authFailures;

/** Why a caller is not let in: the public code, and the word for logs and metrics. */
export interface AuthRefusal {
  readonly code: 'UNAUTHENTICATED' | 'AUTH_UNAVAILABLE';
  readonly why: AuthFailure;
}

/** The refusal that goes with a word. */
export function refusal(why: AuthFailure): Failure<AuthRefusal> {
  return { ok: false, error: { code: authFailures[why].code, why } };
}
