import type { Failure, Success } from '../contract/index.js';
import type { SettingValues } from './settings.js';

/** Everything the process is told from outside, parsed and checked. Nothing else reads the environment. */
export interface Config extends SettingValues {
  /** `NODE_ENV=production`: nothing has a development default. */
  readonly production: boolean;
  /** Where it listens: all interfaces in production, loopback otherwise, unless HOST says more. */
  readonly host: string;
  /** The file that the salt secret came from, watched at run time: the kill switch. */
  readonly saltSecretFile: string | null;
  /** The file that the gateway's secrets came from, watched at run time: they rotate without a restart. */
  readonly gatewayHmacSecretsFile: string | null;
}

/** The settings, or every problem with them; and in both cases what is worth a warning. */
export type ConfigResult = (Success<Config> | UnusableConfig) & { readonly warnings: readonly string[] };

/** The settings as far as they could be read serve only to judge the files that they name, in the same go. */
export interface UnusableConfig extends Failure<readonly string[]> {
  readonly config: Config;
}

/** Whether raw tokens are taken, so that something has to verify them. */
export function takesTokens({ auth }: Pick<Config, 'auth'>): boolean {
  return auth.some((mode) => mode !== 'forwarded-claims');
}
