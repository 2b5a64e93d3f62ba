import type { Clock } from '../domain/ports/index.js';
import type { RoleRules } from './caller.js';
import type { ClaimRules } from './claims.js';
import type { ClaimsPath } from './forwarded-identity.js';
import type { GatewayScope } from './gateway-scope.js';
import type { IdentityMode } from './identity-mode.js';
import type { TokenVerifier } from './token-verifier.js';

export interface AuthenticatorOptions extends ClaimRules {
  readonly modes: readonly IdentityMode[];
  /** Null is fine when no mode takes raw tokens. */
  readonly verifier: TokenVerifier | null;
  /** Accepted schemes of the Authorization header, such as `Bearer` or `JWT`. */
  readonly prefixes: readonly string[];
  readonly roleRules: RoleRules;
  readonly clock: Clock;
  /** Where forwarded claims are looked for; all places unless given. */
  readonly claimsPaths?: readonly ClaimsPath[] | undefined;
  readonly gateway?:
    | { readonly secrets: readonly (Uint8Array | string)[]; readonly scope: GatewayScope }
    | null
    | undefined;
}
