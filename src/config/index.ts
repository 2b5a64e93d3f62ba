export { environmentOf } from './command-settings.js';
export type { Config, ConfigResult } from './config.js';
export { ConfigurationError } from './configuration-error.js';
export { loadConfig } from './load-config.js';
export type { Environment, ReadFile } from './read-settings.js';
export { type Secret, secretOf, secretProblem } from './secret.js';
export { type SecretFile, watchSecretFile } from './secret-file.js';
export { type SettingName, settings } from './settings.js';
