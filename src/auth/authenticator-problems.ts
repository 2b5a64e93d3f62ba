import { limits } from '../contract/index.js';
import type { AuthenticatorOptions } from './authenticator-options.js';
import { isScheme } from './authorization-header.js';
import { audienceList } from './claims.js';

/**
 * Everything that keeps these options from being safe, as sentences without any value; empty when there is nothing.
 */
export function authenticatorProblems(options: AuthenticatorOptions): readonly string[] {
  return [...modeProblems(options), ...gatewayProblems(options), ...ruleProblems(options)];
}

function modeProblems({ modes, verifier, prefixes }: AuthenticatorOptions): string[] {
  const problems: string[] = [];
  if (modes.length === 0) problems.push('no source of identities is switched on');
  if (takesTokens(modes) && verifier === null)
    problems.push('tokens are to be taken, but there is no verifier for them');
  if (modes.includes('bearer') && (prefixes.length === 0 || !prefixes.every(isScheme))) {
    problems.push('bearer needs at least one prefix, each a scheme of an Authorization header');
  }
  return problems;
}

function gatewayProblems({ modes, gateway }: AuthenticatorOptions): string[] {
  const problems: string[] = [];
  if (modes.includes('forwarded-claims') && (gateway?.scope !== 'bound' || gateway.secrets.length === 0)) {
    problems.push('forwarded-claims needs a gateway secret with scope bound');
  }
  if (!gateway) return problems;
  if (gateway.secrets.length === 0) problems.push('the list of gateway secrets is empty');
  if (gateway.secrets.some((secret) => Buffer.byteLength(secret) < limits.minSecretBytes)) {
    problems.push(`every gateway secret must have at least ${limits.minSecretBytes} bytes`);
  }
  if (gateway.scope === 'stock' && !takesTokens(modes)) {
    problems.push('scope stock does not cover the identity: it needs bearer or forwarded-token');
  }
  return problems;
}

function ruleProblems({ roleRules, audience, issuer }: AuthenticatorOptions): string[] {
  const problems: string[] = [];
  if (roleRules.claim === '') problems.push('the name of the claim with the roles is empty');
  if (issuer === '') problems.push('the issuer is empty');
  const audiences = audienceList(audience);
  if (audiences && (audiences.length === 0 || audiences.includes(''))) problems.push('the audience is empty');
  return problems;
}

function takesTokens(modes: AuthenticatorOptions['modes']): boolean {
  return modes.includes('bearer') || modes.includes('forwarded-token');
}
