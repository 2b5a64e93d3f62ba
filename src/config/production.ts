import { type Config, takesTokens } from './config.js';
import type { SettingName } from './settings.js';

interface Need {
  readonly name: SettingName;
  readonly hint: string;
  /** Where the other settings make up for it. */
  readonly unless?: (config: Config) => boolean;
}

/** What production cannot do without: nothing has a development default there. */
const needs: readonly Need[] = [
  {
    name: 'DATABASE_URL',
    hint: 'a PostgreSQL; or say SIGNALS_STORE=embedded, and everything is kept in SIGNALS_DATA_DIR',
    unless: ({ store }) => store !== null,
  },
  { name: 'SIGNALS_SALT_SECRET', hint: 'at least 32 random bytes' },
  {
    name: 'SIGNALS_JWKS_URL',
    hint: 'the keys that verify tokens; or SIGNALS_JWKS_FILE',
    unless: (config) => config.jwksFile !== null || !takesTokens(config),
  },
  { name: 'SIGNALS_JWT_ISSUER', hint: 'the iss that tokens must carry' },
  { name: 'SIGNALS_JWT_AUDIENCE', hint: 'the aud that tokens must carry' },
  { name: 'SIGNALS_CLIENT_IP_SOURCE', hint: 'signed, xff or socket' },
];

/** What is read, required and not given. What is given and wrong has a problem of its own already. */
export function missingInProduction(
  config: Config,
  given: ReadonlySet<SettingName>,
  reads: ReadonlySet<SettingName>,
): readonly string[] {
  return needs
    .filter(({ name, unless }) => reads.has(name) && !given.has(name) && !unless?.(config))
    .map(({ name, hint }) => `${name} is required in production: ${hint}`);
}
