import type { IncomingMessage } from 'node:http';
import type { Authenticator, IdentityEvidence } from '../auth/authenticator.js';
import type { Identity } from '../auth/caller.js';
import type { GatewayScope } from '../auth/gateway-scope.js';
import { type GatewayFacts, type GatewayRefusal, verifyGatewaySignature } from '../auth/gateway-signature.js';
import type { Result } from '../contract/index.js';
import type { Metrics } from '../observability/metrics.js';

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

export interface CheckedSignature {
  /** The gateway vouches for the identity, too. */
  readonly signed: boolean;
  /** What it vouches for besides; null where it says nothing of it. */
  readonly facts: GatewayFacts | null;
}

interface SignatureDeps {
  /** Null: no secret is set and nothing is expected to be signed. */
  readonly trust: GatewayTrust | null;
  readonly metrics: Metrics;
}

/** Checks the gateway's signature where secrets are set; without them nothing that a gateway could sign is trusted. */
export function checkSignature(
  params: GraphqlParams,
  { trust, metrics }: SignatureDeps,
  now: Date,
): Result<CheckedSignature, GatewayRefusal> {
  if (!trust) return { ok: true, value: { signed: false, facts: null } };
  const verdict = verifyGatewaySignature({ params, secrets: trust.secrets(), scope: trust.scope, now });
  if (!verdict.ok) {
    metrics.count('signals_auth_refused_total', { why: verdict.error.toLowerCase() });
    return verdict;
  }
  return { ok: true, value: { signed: trust.scope === 'bound', facts: verdict.value } };
}

interface IdentifyDeps {
  readonly authenticator: Authenticator;
  readonly metrics: Metrics;
}

/** A request that a gateway did not pass on. */
const nothingForwarded = { extensions: null, signed: false };

/** Asks the authenticator, and counts a refusal by its closed reason. */
export async function identify(
  request: IncomingMessage,
  { authenticator, metrics }: IdentifyDeps,
  forwarded: Pick<IdentityEvidence, 'extensions' | 'signed'> = nothingForwarded,
): Promise<Identity> {
  const { extensions, signed } = forwarded;
  const authorization = authorizationOf(request);
  const verdict = await authenticator.authenticate({ authorization, extensions, signed });
  if (verdict.ok) return verdict;
  metrics.count('signals_auth_refused_total', { why: verdict.error.why });
  return { ok: false, error: verdict.error.code };
}

/**
 * Who the headers say is calling, before any body is read. Where an identity can come inside the body, this is not the
 * last word, and a refusal is left to `identify` to be counted.
 */
export async function identifyByHeader(
  request: IncomingMessage,
  deps: IdentifyDeps & { readonly identityInBody: boolean },
): Promise<Identity> {
  if (!deps.identityInBody) return identify(request, deps);
  const verdict = await deps.authenticator.authenticate({
    authorization: authorizationOf(request),
    ...nothingForwarded,
  });
  return verdict.ok ? verdict : { ok: false, error: verdict.error.code };
}

/** Node keeps the first of several Authorization headers and drops the rest; two of them are a trick, so look at all. */
function authorizationOf(request: IncomingMessage): string | readonly string[] | null {
  const all = request.headersDistinct.authorization;
  if (!all || all.length === 0) return null;
  return all.length === 1 ? (all[0] ?? null) : all;
}
