import type { AuthFailure } from './failures.js';
import { maxTokenLength } from './token-verifier.js';

export type AuthorizationHeader =
  | { readonly kind: 'none' }
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'refused'; readonly why: AuthFailure };

/** RFC 9110 section 11.6.2: scheme, one or more spaces, credentials; a token holds neither spaces nor commas. */
const credentials = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+) +([^\s,]+)$/;
const schemeRoom = 64;

/**
 * The token in an Authorization header, under one of the accepted schemes in any letter case.
 * A header that is there but cannot be used is refused, never taken for none: neither a second header
 * (as a list or joined by a comma) nor another scheme is overlooked.
 */
export function parseAuthorization(
  header: string | readonly string[] | null,
  schemes: readonly string[],
): AuthorizationHeader {
  const [value, ...others] = typeof header === 'string' ? [header] : (header ?? []);
  if (value === undefined) return { kind: 'none' };
  if (others.length > 0) return { kind: 'refused', why: 'several_headers' };
  if (value.length > maxTokenLength + schemeRoom) return { kind: 'refused', why: 'too_long' };
  if (value.includes(',')) return { kind: 'refused', why: 'several_headers' };
  const [, scheme, token] = credentials.exec(value.trim()) ?? [];
  if (scheme === undefined || token === undefined) return { kind: 'refused', why: 'malformed_header' };
  const accepted = schemes.some((one) => one.toLowerCase() === scheme.toLowerCase());
  return accepted ? { kind: 'token', token } : { kind: 'refused', why: 'unknown_scheme' };
}

/** Whether a text can be a scheme (a token of RFC 9110 section 5.6.2) that `parseAuthorization` will find. */
export function isScheme(text: string): boolean {
  return text.length < schemeRoom && /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(text);
}
