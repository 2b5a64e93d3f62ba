import { type Config, type Secret, settingsByKey, watchSecretFile } from '../../config/index.js';
import type { Log } from '../../domain/ports/index.js';
import type { GatewayTrust } from '../../http/identify.js';
import { settingFiles } from '../setting-files.js';
import type { DistinctSecrets } from './distinct-secrets.js';

export interface OpenGatewayTrust {
  /** Null: nothing is expected to be signed. */
  readonly trust: GatewayTrust | null;
  close(): void;
}

export interface GatewayTrustDeps {
  readonly distinct: DistinctSecrets;
  readonly log: Log;
}

const { name, parse } = settingsByKey.gatewayHmacSecrets;

/** The gateway's secrets; from a file they are replaced without a restart. Without a usable one every request is refused. */
export function openGatewayTrust(config: Config, { distinct, log }: GatewayTrustDeps): OpenGatewayTrust {
  const scope = config.gatewayHmacScope;
  if (config.gatewayHmacSecretsFile) {
    const file = watchSecretFile<readonly Uint8Array[]>({
      path: config.gatewayHmacSecretsFile,
      name,
      readFile: settingFiles.read,
      problem(text) {
        const { value, problems } = parse(text);
        return problems[0] ?? distinct.problem(name, revealed(value));
      },
      use(text) {
        const secrets = revealed(parse(text).value);
        distinct.take(name, secrets);
        return secrets;
      },
      log,
    });
    return { trust: { secrets: () => file.current() ?? [], scope }, close: file.stop };
  }
  const secrets = revealed(config.gatewayHmacSecrets);
  distinct.take(name, secrets);
  return { trust: secrets.length > 0 ? { secrets: () => secrets, scope } : null, close: () => undefined };
}

function revealed(secrets: readonly Secret[]): readonly Uint8Array[] {
  return secrets.map((secret) => secret.reveal());
}
