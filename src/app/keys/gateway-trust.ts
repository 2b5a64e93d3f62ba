import { readFileSync } from 'node:fs';
import { type Config, secretProblem, watchSecretFile } from '../../config/index.js';
import type { Log } from '../../domain/ports/index.js';
import type { GatewayTrust } from '../../http/identify.js';

export interface OpenGatewayTrust {
  /** Null: nothing is expected to be signed. */
  readonly trust: GatewayTrust | null;
  close(): void;
}

/** The gateway's secrets; from a file they are replaced without a restart. Without a usable one every request is refused. */
export function openGatewayTrust(config: Config, { log }: { readonly log: Log }): OpenGatewayTrust {
  const scope = config.gatewayHmacScope;
  if (config.gatewayHmacSecretsFile) {
    const file = watchSecretFile<readonly Uint8Array[]>({
      path: config.gatewayHmacSecretsFile,
      name: 'SIGNALS_GATEWAY_HMAC_SECRETS',
      readFile: (path) => readFileSync(path, 'utf8'),
      problem: (text) => split(text).map(secretProblem).find(Boolean) ?? null,
      use: (text) => split(text).map((secret) => Buffer.from(secret, 'utf8')),
      log,
    });
    return { trust: { secrets: () => file.current() ?? [], scope }, close: file.stop };
  }
  const secrets = config.gatewayHmacSecrets.map((secret) => secret.reveal());
  return { trust: secrets.length > 0 ? { secrets: () => secrets, scope } : null, close: () => undefined };
}

function split(text: string): string[] {
  return text.split(',').map((part) => part.trim());
}
