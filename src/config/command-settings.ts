import type { Environment } from './read-settings.js';
import { type SettingName, settings } from './settings.js';

/**
 * What the commands need that work beside the service: the rest, secrets included, may be absent or wrong where
 * they run. A job that needs another setting gets it here.
 */
const commandSettings = {
  migrate: ['DATABASE_URL', 'SIGNALS_DATA_DIR'],
  job: [
    'DATABASE_URL',
    'SIGNALS_DATA_DIR',
    'SIGNALS_POOL_MAX',
    'SIGNALS_RETENTION_DAYS',
    'SIGNALS_MAX_AGE_HOURS',
    'SIGNALS_DAY_ZONE',
    'SIGNALS_LOG_LEVEL',
  ],
} as const satisfies Readonly<Record<string, readonly SettingName[]>>;

/** As much of the environment as the command needs; secrets also by their files. */
export function environmentOf(command: keyof typeof commandSettings, env: Environment): Environment {
  const needed = new Set<SettingName>(commandSettings[command]);
  const names = settings
    .filter(({ name }) => needed.has(name))
    .flatMap(({ name, secret }) => (secret ? [name, `${name}_FILE`] : [name]));
  return Object.fromEntries(names.map((name) => [name, env[name]]));
}
