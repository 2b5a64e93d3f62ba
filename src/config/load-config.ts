import type { Config, ConfigResult } from './config.js';
import { conflicts } from './conflicts.js';
import { missingInProduction } from './production.js';
import { type Environment, type ReadFile, readSettings } from './read-settings.js';

/**
 * Parses the environment once. Empty text means unset. Answers every problem at once, by name and never by
 * value. In production nothing has a development default.
 */
export function loadConfig(env: Environment, readFile: ReadFile): ConfigResult {
  const { values, given, files, problems } = readSettings(env, readFile);
  const config: Config = {
    ...values,
    production: env.NODE_ENV === 'production',
    saltSecretFile: files.get('SIGNALS_SALT_SECRET') ?? null,
    gatewayHmacSecretsFile: files.get('SIGNALS_GATEWAY_HMAC_SECRETS') ?? null,
  };
  const all = [
    ...problems,
    ...conflicts(config),
    ...(config.production ? missingInProduction(config, given) : []),
  ];
  return all.length > 0 ? { ok: false, error: all } : { ok: true, value: config };
}
