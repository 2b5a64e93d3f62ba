import { isObject } from '../contract/index.js';
import { type Claims, own } from './claims.js';

/** Places in a request's extensions where gateways put verified claims; the bound signature covers all of them. */
export const claimsPaths = ['jwt.payload', 'jwt', 'claims'] as const;
export type ClaimsPath = (typeof claimsPaths)[number];

export type Forwarded<T> =
  | { readonly kind: 'none' | 'malformed' }
  | { readonly kind: 'found'; readonly value: T };

/** The raw token that Hive Gateway forwards as `extensions.jwt.token = {value, prefix}`. */
export function forwardedToken(extensions: unknown): Forwarded<string> {
  const jwt = isObject(extensions) ? own(extensions, 'jwt') : undefined;
  const token = isObject(jwt) ? own(jwt, 'token') : undefined;
  if (token === undefined || token === null) return { kind: 'none' };
  const value = isObject(token) ? own(token, 'value') : undefined;
  return typeof value === 'string' ? { kind: 'found', value } : { kind: 'malformed' };
}

/**
 * Claims that a gateway forwards: `extensions.jwt.payload` (Hive Gateway), `extensions.jwt` itself (Hive Router)
 * or `extensions.claims` (a script of Apollo Router). One entry for each place that holds something.
 */
export function forwardedClaims(
  extensions: unknown,
  paths: readonly ClaimsPath[],
): readonly Forwarded<Claims>[] {
  if (!isObject(extensions)) return [];
  return paths.map((path) => placed(claimsAt(extensions, path))).filter((one) => one.kind !== 'none');
}

function claimsAt(extensions: Claims, path: ClaimsPath): unknown {
  if (path === 'claims') return own(extensions, 'claims');
  const jwt = own(extensions, 'jwt');
  const wrapped = isObject(jwt) && (Object.hasOwn(jwt, 'payload') || Object.hasOwn(jwt, 'token'));
  if (path === 'jwt') return wrapped ? undefined : jwt;
  return wrapped ? own(jwt, 'payload') : undefined;
}

function placed(value: unknown): Forwarded<Claims> {
  if (value === undefined || value === null) return { kind: 'none' };
  return isObject(value) ? { kind: 'found', value } : { kind: 'malformed' };
}
