import type { Result } from '../contract/index.js';
import type { SettingValues } from './settings.js';

/** Everything the process is told from outside, parsed and checked. Nothing else reads the environment. */
export interface Config extends SettingValues {
  /** `NODE_ENV=production`: nothing has a development default. */
  readonly production: boolean;
  /** The file that the salt secret came from, watched at run time: the kill switch. */
  readonly saltSecretFile: string | null;
  /** The file that the gateway's secrets came from, watched at run time: they rotate without a restart. */
  readonly gatewayHmacSecretsFile: string | null;
}

/** The settings, or every problem with them. */
export type ConfigResult = Result<Config, readonly string[]>;
