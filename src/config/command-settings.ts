import type { SettingName } from './settings.js';

/**
 * What the commands need that work beside the service: the rest, secrets included, may be absent or wrong where
 * they run. A job that needs another setting gets it here.
 */
export const commandSettings = {
  migrate: ['DATABASE_URL', 'SIGNALS_STORE', 'SIGNALS_DATA_DIR', 'SIGNALS_DAY_ZONE'],
  job: [
    'DATABASE_URL',
    'SIGNALS_STORE',
    'SIGNALS_DATA_DIR',
    'SIGNALS_POOL_MAX',
    'SIGNALS_RETENTION_DAYS',
    'SIGNALS_MAX_AGE_HOURS',
    'SIGNALS_MIN_GROUP',
    'SIGNALS_DAY_ZONE',
    'SIGNALS_CATALOG',
    'SIGNALS_LOG_LEVEL',
  ],
} as const satisfies Readonly<Record<string, readonly SettingName[]>>;

/** A command that reads a part of the settings. */
export type CommandName = keyof typeof commandSettings;
