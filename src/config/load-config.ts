import { type CommandName, commandSettings } from './command-settings.js';
import type { Config, ConfigResult } from './config.js';
import { conflicts } from './conflicts.js';
import { isProduction, nodeEnvProblems } from './node-env.js';
import { missingInProduction } from './production.js';
import { type Environment, readSettings } from './read-settings.js';
import type { SettingFiles } from './setting-files.js';
import { type SettingName, settings } from './settings.js';
import { judgeNames } from './unknown-names.js';
import { configWarnings } from './warnings.js';

/**
 * Parses the environment once. Answers every problem at once, by name and never by value. In production nothing has a
 * development default.
 */
export function loadConfig(env: Environment, files: SettingFiles): ConfigResult {
  return load(env, files, new Set(settings.map(({ name }) => name)));
}

/** The same for a command that works beside the service: settings that it does not read are as if they were not given. */
export function loadCommandConfig(command: CommandName, env: Environment, files: SettingFiles): ConfigResult {
  return load(env, files, new Set(commandSettings[command]));
}

function load(env: Environment, files: SettingFiles, reads: ReadonlySet<SettingName>): ConfigResult {
  const names = judgeNames(Object.keys(env).filter((name) => env[name] !== undefined));
  const read = readSettings(env, files, reads);
  const production = isProduction(env);
  const config: Config = {
    ...read.values,
    production,
    // All interfaces: IPv4 as well, wherever the system has both.
    host: read.values.host ?? (production ? '::' : '127.0.0.1'),
    saltSecretFile: read.paths.get('SIGNALS_SALT_SECRET') ?? null,
    gatewayHmacSecretsFile: read.paths.get('SIGNALS_GATEWAY_HMAC_SECRETS') ?? null,
  };
  const problems = [
    ...nodeEnvProblems(env),
    ...names.problems,
    ...read.problems,
    ...conflicts(config, reads),
    ...(production ? missingInProduction(config, read.given, reads) : []),
  ];
  const warnings = [...names.warnings, ...read.warnings, ...configWarnings(config)];
  return problems.length > 0
    ? { ok: false, error: problems, config, warnings }
    : { ok: true, value: config, warnings };
}
