import { type Config, takesTokens } from './config.js';
import type { SettingName } from './settings.js';

interface Rule {
  readonly problem: string;
  /** The rule is for those who read all of these. */
  readonly about: readonly SettingName[];
  readonly broken: (config: Config) => boolean;
}

/** Settings that are right one by one and wrong together: what is said, and when. */
const rules: readonly Rule[] = [
  {
    problem: 'SIGNALS_STORE=postgres needs DATABASE_URL',
    about: ['SIGNALS_STORE', 'DATABASE_URL'],
    broken: ({ store, databaseUrl }) => store === 'postgres' && databaseUrl === null,
  },
  {
    problem: 'SIGNALS_STORE=embedded and DATABASE_URL exclude each other',
    about: ['SIGNALS_STORE', 'DATABASE_URL'],
    broken: ({ store, databaseUrl }) => store === 'embedded' && databaseUrl !== null,
  },
  {
    problem:
      'DATABASE_URL needs SIGNALS_JWKS_URL or SIGNALS_JWKS_FILE, or SIGNALS_DEVELOPMENT=1: with the development key whoever reads SIGNALS_DATA_DIR makes themselves an admin of that database',
    about: ['DATABASE_URL', 'SIGNALS_DEVELOPMENT', 'SIGNALS_JWKS_URL', 'SIGNALS_JWKS_FILE', 'SIGNALS_AUTH'],
    broken: (config) =>
      wantsRealSecrets(config) && takesTokens(config) && config.jwksUrl === null && config.jwksFile === null,
  },
  {
    problem:
      'DATABASE_URL needs SIGNALS_SALT_SECRET, or SIGNALS_DEVELOPMENT=1: every SIGNALS_DATA_DIR has a development secret of its own, and each would give the same visitor another hash',
    about: ['DATABASE_URL', 'SIGNALS_DEVELOPMENT', 'SIGNALS_SALT_SECRET'],
    broken: (config) => wantsRealSecrets(config) && config.saltSecret === null,
  },
  {
    problem:
      'SIGNALS_SALT_SECRET and SIGNALS_GATEWAY_HMAC_SECRETS must differ: whoever runs the gateway could work out the hashes of visitors',
    about: ['SIGNALS_SALT_SECRET', 'SIGNALS_GATEWAY_HMAC_SECRETS'],
    broken: ({ saltSecret, gatewayHmacSecrets }) =>
      saltSecret !== null && gatewayHmacSecrets.some((one) => one.reveal().equals(saltSecret.reveal())),
  },
  {
    problem: 'SIGNALS_JWKS_URL and SIGNALS_JWKS_FILE exclude each other',
    about: ['SIGNALS_JWKS_URL', 'SIGNALS_JWKS_FILE'],
    broken: ({ jwksUrl, jwksFile }) => jwksUrl !== null && jwksFile !== null,
  },
  {
    problem:
      'SIGNALS_AUTH=forwarded-claims needs SIGNALS_GATEWAY_HMAC_SECRETS with SIGNALS_GATEWAY_HMAC_SCOPE=bound: nothing else protects the claims',
    about: ['SIGNALS_AUTH', 'SIGNALS_GATEWAY_HMAC_SECRETS', 'SIGNALS_GATEWAY_HMAC_SCOPE'],
    broken: (config) => config.auth.includes('forwarded-claims') && !isBound(config),
  },
  {
    problem:
      'SIGNALS_CLIENT_IP_SOURCE=signed needs SIGNALS_GATEWAY_HMAC_SECRETS with SIGNALS_GATEWAY_HMAC_SCOPE=bound',
    about: ['SIGNALS_CLIENT_IP_SOURCE', 'SIGNALS_GATEWAY_HMAC_SECRETS', 'SIGNALS_GATEWAY_HMAC_SCOPE'],
    broken: (config) => config.clientIpSource === 'signed' && !isBound(config),
  },
  {
    problem:
      'SIGNALS_MAX_AGE_HOURS must be less than (SIGNALS_RETENTION_DAYS − 1) × 24: what is still taken must not be of a day that is purged',
    about: ['SIGNALS_MAX_AGE_HOURS', 'SIGNALS_RETENTION_DAYS'],
    broken: ({ maxAgeHours, retentionDays }) => maxAgeHours >= (retentionDays - 1) * 24,
  },
];

/** Every rule that is broken, in words. */
export function conflicts(config: Config, reads: ReadonlySet<SettingName>): readonly string[] {
  return rules
    .filter(({ about, broken }) => about.every((name) => reads.has(name)) && broken(config))
    .map(({ problem }) => problem);
}

/** A database that others may know, outside of production and not said to be for development. */
function wantsRealSecrets({ production, development, databaseUrl }: Config): boolean {
  return !production && !development && databaseUrl !== null;
}

/** Whether the gateway signs the identity and the address of a caller. */
function isBound({ gatewayHmacSecrets, gatewayHmacScope }: Config): boolean {
  return gatewayHmacSecrets.length > 0 && gatewayHmacScope === 'bound';
}
