import { isScheme } from '../../auth/authorization-header.js';
import {
  type Authenticator,
  type AuthenticatorOptions,
  algorithmProblem,
  asymmetricAlgorithms,
  authenticatorProblems,
  createAuthenticator,
  createTokenVerifier,
  jwksUrlProblem,
  type KeySource,
} from '../../auth/index.js';
import { type Config, ConfigurationError } from '../../config/index.js';
import type { Clock } from '../../domain/ports/index.js';
import { createKeySource, type KeySourceDeps } from './key-source.js';

export interface OpenAuthenticator {
  readonly authenticator: Authenticator;
  /** Null: no raw token is ever verified. */
  readonly keys: KeySource | null;
}

/** Who is calling, by the settings. Throws ConfigurationError where they do not fit together. */
export function openAuthenticator(config: Config, deps: KeySourceDeps): OpenAuthenticator {
  refuse(tokenProblems(config));
  const keys = createKeySource(config, deps);
  const options = optionsOf(config, keys, deps.clock);
  refuse(authenticatorProblems(options));
  return { authenticator: createAuthenticator(options), keys };
}

/** Problems of single settings that only their users can judge. */
export function tokenProblems({ jwksUrl, jwtAlgorithms, jwtPrefixes }: Config): readonly string[] {
  const url = jwksUrl && jwksUrlProblem(jwksUrl);
  const algorithms = jwtAlgorithms && algorithmProblem(jwtAlgorithms);
  return [
    ...(url ? [`SIGNALS_JWKS_URL ${url}`] : []),
    ...(algorithms ? [`SIGNALS_JWT_ALGORITHMS ${algorithms}`] : []),
    ...(jwtPrefixes.every(isScheme)
      ? []
      : ['SIGNALS_JWT_PREFIXES must be schemes of an Authorization header']),
  ];
}

function refuse(problems: readonly string[]): void {
  if (problems.length > 0) throw new ConfigurationError(problems);
}

function optionsOf(config: Config, keys: KeySource | null, clock: Clock): AuthenticatorOptions {
  const claimRules = {
    issuer: config.jwtIssuer,
    audience: config.jwtAudience,
    clockToleranceSeconds: config.jwtClockTolerance,
  };
  const algorithms = config.jwtAlgorithms ?? asymmetricAlgorithms;
  const secrets = config.gatewayHmacSecrets.map((secret) => secret.reveal());
  return {
    modes: config.auth,
    ...claimRules,
    verifier: keys && createTokenVerifier({ keys, ...claimRules, algorithms, clock }),
    prefixes: config.jwtPrefixes,
    roleRules: {
      claim: config.adminClaim,
      admin: config.adminValue,
      service: config.serviceValue,
      backfill: config.backfillValue,
    },
    clock,
    gateway: secrets.length > 0 ? { secrets, scope: config.gatewayHmacScope } : null,
  };
}
