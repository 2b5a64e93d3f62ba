export {
  type Authentication,
  type Authenticator,
  createAuthenticator,
  type IdentityEvidence,
} from './authenticator.js';
export type { AuthenticatorOptions } from './authenticator-options.js';
export { authenticatorProblems } from './authenticator-problems.js';
export { type Caller, callerFromClaims, type Identity, type RoleRules, type SignedIn } from './caller.js';
export type { ClaimRules, Claims } from './claims.js';
export { type AuthFailure, type AuthRefusal, authFailures } from './failures.js';
export { type ClaimsPath, claimsPaths } from './forwarded-identity.js';
export { type GatewayScope, gatewayScopes } from './gateway-scope.js';
export {
  type GatewayFacts,
  type GatewayParams,
  type GatewayRefusal,
  verifyGatewaySignature,
} from './gateway-signature.js';
export { type IdentityMode, identityModes } from './identity-mode.js';
export { createJwksFromFile, createJwksFromKeys, createJwksFromUrl, jwksUrlProblem } from './jwks.js';
export {
  isEmptySet,
  type KeyError,
  type KeyEvent,
  type KeySource,
  type KeyStatus,
  keyErrors,
} from './key-source.js';
export {
  algorithmProblem,
  asymmetricAlgorithms,
  createTokenVerifier,
  type TokenVerifier,
  type Verification,
} from './token-verifier.js';
