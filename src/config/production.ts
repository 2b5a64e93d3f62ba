import type { Config } from './config.js';
import type { SettingName } from './settings.js';

interface Need {
  readonly name: SettingName;
  readonly hint: string;
  /** Where the other settings make up for it. */
  readonly unless?: (config: Config) => boolean;
}

/** What production cannot do without: nothing has a development default there. */
const needs: readonly Need[] = [
  { name: 'SIGNALS_SALT_SECRET', hint: 'at least 32 random bytes' },
  {
    name: 'SIGNALS_JWKS_URL',
    hint: 'or SIGNALS_JWKS_FILE: the keys that verify tokens',
    unless: ({ auth, jwksFile }) => jwksFile !== null || auth.every((mode) => mode === 'forwarded-claims'),
  },
  { name: 'SIGNALS_JWT_ISSUER', hint: 'the iss that tokens must carry' },
  { name: 'SIGNALS_JWT_AUDIENCE', hint: 'the aud that tokens must carry' },
  { name: 'SIGNALS_CLIENT_IP_SOURCE', hint: 'signed, xff or socket' },
];

/** What is required and not given. What is given and wrong has a problem of its own already. */
export function missingInProduction(config: Config, given: ReadonlySet<SettingName>): readonly string[] {
  return needs
    .filter(({ name, unless }) => !given.has(name) && !unless?.(config))
    .map(({ name, hint }) => `${name} is required in production: ${hint}`);
}
