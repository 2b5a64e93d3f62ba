import type { Config } from './config.js';

/** Settings that are right one by one and wrong together: what is said, and when. */
const rules: readonly (readonly [problem: string, broken: (config: Config) => boolean])[] = [
  [
    'SIGNALS_JWKS_URL and SIGNALS_JWKS_FILE exclude each other',
    ({ jwksUrl, jwksFile }) => jwksUrl !== null && jwksFile !== null,
  ],
  [
    'SIGNALS_AUTH=forwarded-claims needs SIGNALS_GATEWAY_HMAC_SECRETS with SIGNALS_GATEWAY_HMAC_SCOPE=bound: nothing else protects the claims',
    (config) => config.auth.includes('forwarded-claims') && !isBound(config),
  ],
  [
    'SIGNALS_CLIENT_IP_SOURCE=signed needs SIGNALS_GATEWAY_HMAC_SECRETS with SIGNALS_GATEWAY_HMAC_SCOPE=bound',
    (config) => config.clientIpSource === 'signed' && !isBound(config),
  ],
  [
    'SIGNALS_MAX_AGE_HOURS must be less than (SIGNALS_RETENTION_DAYS − 1) × 24: what is still taken must not be of a day that is purged',
    ({ maxAgeHours, retentionDays }) => maxAgeHours >= (retentionDays - 1) * 24,
  ],
];

/** Every rule that is broken, in words. */
export function conflicts(config: Config): readonly string[] {
  return rules.filter(([, broken]) => broken(config)).map(([problem]) => problem);
}

/** Whether the gateway signs the identity and the address of a caller. */
function isBound({ gatewayHmacSecrets, gatewayHmacScope }: Config): boolean {
  return gatewayHmacSecrets.length > 0 && gatewayHmacScope === 'bound';
}
