import type { IncomingMessage } from 'node:http';
import type { Authenticator } from '../auth/authenticator.js';
import type { Caller } from '../auth/caller.js';
import type { GatewayScope } from '../auth/gateway-scope.js';
import { verifyGatewaySignature } from '../auth/gateway-signature.js';
import type { Metrics } from '../observability/metrics.js';
import type { SignedOrigin } from './origin.js';

/** A caller, or why there is none: a bad token is never the same as no token. */
export type Identity =
  | { readonly ok: true; readonly caller: Caller }
  | { readonly ok: false; readonly code: 'UNAUTHENTICATED' | 'AUTH_UNAVAILABLE' };

export interface GatewayTrust {
  /** Current secrets; several while one is being replaced. */
  readonly secrets: () => readonly Uint8Array[];
  readonly scope: GatewayScope;
}

export interface GraphqlParams {
  readonly query?: string;
  readonly variables?: Record<string, unknown> | null;
  readonly operationName?: string | null;
  readonly extensions?: Record<string, unknown> | null;
}

export type SignatureAnswer =
  | { readonly ok: true; readonly signed: boolean; readonly origin: SignedOrigin | null }
  | {
      readonly ok: false;
      readonly code: 'GATEWAY_SIGNATURE_REQUIRED' | 'GATEWAY_SIGNATURE_INVALID' | 'GATEWAY_SIGNATURE_STALE';
    };

/** Checks the gateway's signature where secrets are set; without them nothing that a gateway could sign is trusted. */
export function checkSignature(
  params: GraphqlParams,
  trust: GatewayTrust | null,
  now: Date,
  metrics: Metrics,
): SignatureAnswer {
  if (!trust) return { ok: true, signed: false, origin: null };
  const verdict = verifyGatewaySignature({ params, secrets: trust.secrets(), scope: trust.scope, now });
  if (!verdict.ok) {
    metrics.count('signals_auth_refused_total', { why: verdict.code.toLowerCase() });
    return verdict;
  }
  return { ok: true, signed: trust.scope === 'bound', origin: verdict.gateway };
}

/** Asks the authenticator, and counts a refusal by its closed reason. */
export async function identify(
  request: IncomingMessage,
  extensions: unknown,
  signed: boolean,
  authenticator: Authenticator,
  metrics: Metrics,
): Promise<Identity> {
  const verdict = await authenticator.authenticate({
    authorization: authorizationOf(request),
    extensions,
    signed,
  });
  if (verdict.ok) return verdict;
  metrics.count('signals_auth_refused_total', { why: verdict.why });
  return { ok: false, code: verdict.code };
}

/** Node keeps the first of several Authorization headers and drops the rest; two of them are a trick, so look at all. */
function authorizationOf(request: IncomingMessage): string | readonly string[] | null {
  const all = request.headersDistinct.authorization;
  if (!all || all.length === 0) return null;
  return all.length === 1 ? (all[0] ?? null) : all;
}
