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

export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly string[] };
