import { createHmac, timingSafeEqual } from 'node:crypto';
import { isObject, limits, type Result } from '../contract/index.js';
import { canonicalJson } from '../domain/privacy/shape/canonical-json.js';
import { own } from './claims.js';
import type { GatewayScope } from './gateway-scope.js';

/** A GraphQL request as it stands on the wire. */
export interface GatewayParams {
  readonly query?: unknown;
  readonly variables?: unknown;
  readonly operationName?: unknown;
  readonly extensions?: unknown;
}

/** What a gateway vouches for besides the identity. Raw: lives left of `anonymise` only. */
export interface GatewayFacts {
  /** As the gateway wrote it, at most 64 characters, not yet parsed. */
  readonly ip: string | null;
  /** At most 512 characters. */
  readonly userAgent: string | null;
  /** The browser said `Sec-GPC: 1` or `DNT: 1`. */
  readonly optedOut: boolean;
}

export type GatewayRefusal =
  | 'GATEWAY_SIGNATURE_REQUIRED'
  | 'GATEWAY_SIGNATURE_INVALID'
  | 'GATEWAY_SIGNATURE_STALE';

/** Name of the extension that carries the signature, and seconds that a bound signature lives. */
export const signatureExtension = 'hmac-signature';
export const signatureLifeSeconds = 60;

/** Standard base64 of 32 bytes. Compared as text, so that no second spelling of the same bytes passes. */
const shape = /^[A-Za-z0-9+/]{43}=$/;
/** A body is at most 1 MiB; numbers such as `1e20` grow when they are written out. */
const maxCanonicalLength = 4 * limits.maxBodyBytes;
/** Seconds stay below this until the year 5138, milliseconds have been above it since March 1973. */
const leastMilliseconds = 1e11;

/**
 * Whether a gateway that holds one of the secrets signed exactly this request.
 * The signature is HMAC-SHA-256 over `canonicalRequest`, in `extensions["hmac-signature"]`. All secrets are tried,
 * in constant time. In bound scope `extensions.gateway.ts` (seconds, or milliseconds when above 1e11) may differ
 * from `now` by 60 s either way. The answer is null in stock scope: there the facts would be nobody's word. Never
 * throws, whatever the depth or size.
 */
export function verifyGatewaySignature(options: {
  readonly params: GatewayParams;
  readonly secrets: readonly (Uint8Array | string)[];
  readonly scope: GatewayScope;
  readonly now: Date;
}): Result<GatewayFacts | null, GatewayRefusal> {
  const { params, secrets, scope, now } = options;
  const extensions = isObject(params.extensions) ? params.extensions : {};
  const signature = own(extensions, signatureExtension);
  if (signature === undefined || signature === null)
    return { ok: false, error: 'GATEWAY_SIGNATURE_REQUIRED' };
  const invalid = { ok: false, error: 'GATEWAY_SIGNATURE_INVALID' } as const;
  if (typeof signature !== 'string' || signature.length !== 44 || !shape.test(signature)) return invalid;
  const text = canonicalRequest(params, scope);
  if (text === null || !signedByAny(text, signature, secrets)) return invalid;
  if (scope === 'stock') return { ok: true, value: null };
  const gateway = own(extensions, 'gateway');
  if (!isObject(gateway)) return invalid;
  const ts = own(gateway, 'ts');
  if (typeof ts !== 'number') return invalid;
  if (!isFresh(ts, now)) return { ok: false, error: 'GATEWAY_SIGNATURE_STALE' };
  return { ok: true, value: factsOf(gateway) };
}

/**
 * The text that is signed: stable JSON of `{query, variables}` in stock scope, and of
 * `{v: 2, query, variables, operationName, jwt, claims, gateway}` in bound scope, where `jwt`, `claims` and `gateway`
 * are the extensions of these names as they stand on the wire: every place that identities are read from.
 * `variables` is left out when it is absent, null or `{}`; the others when they are absent (a null operation name too).
 * Null when there is no query or the text would exceed 4 MiB.
 */
export function canonicalRequest(params: GatewayParams, scope: GatewayScope): string | null {
  if (typeof params.query !== 'string') return null;
  const signed = { query: params.query, variables: signedVariables(params.variables) };
  if (scope === 'stock') return canonicalJson(signed, maxCanonicalLength);
  const extensions = isObject(params.extensions) ? params.extensions : {};
  const bound = {
    v: 2,
    ...signed,
    operationName: params.operationName ?? undefined,
    jwt: own(extensions, 'jwt'),
    claims: own(extensions, 'claims'),
    gateway: own(extensions, 'gateway'),
  };
  return canonicalJson(bound, maxCanonicalLength);
}

function signedVariables(variables: unknown): unknown {
  if (variables === null) return undefined;
  return isObject(variables) && Object.keys(variables).length === 0 ? undefined : variables;
}

function signedByAny(text: string, signature: string, secrets: readonly (Uint8Array | string)[]): boolean {
  const given = Buffer.from(signature, 'latin1');
  let fits = false;
  for (const secret of secrets) {
    // An empty secret is no secret: everybody knows it.
    if (secret.length === 0) continue;
    const expected = createHmac('sha256', secret).update(text, 'utf8').digest('base64');
    fits = timingSafeEqual(given, Buffer.from(expected, 'latin1')) || fits;
  }
  return fits;
}

function isFresh(ts: number, now: Date): boolean {
  const signedAt = ts > leastMilliseconds ? ts : ts * 1000;
  return Math.abs(now.getTime() - signedAt) <= signatureLifeSeconds * 1000;
}

function factsOf(gateway: Readonly<Record<string, unknown>>): GatewayFacts {
  const ip = own(gateway, 'ip');
  const ua = own(gateway, 'ua');
  return {
    ip: typeof ip === 'string' && ip !== '' && ip.length <= 64 ? ip : null,
    userAgent: typeof ua === 'string' && ua !== '' ? ua.slice(0, 512) : null,
    optedOut: says(own(gateway, 'gpc')) || says(own(gateway, 'dnt')),
  };
}

/** A gateway that met the header twice passes a list on. */
function says(flag: unknown): boolean {
  if (typeof flag === 'string') return flag.split(',').some((element) => element.trim() === '1');
  return flag === 1 || flag === true;
}
