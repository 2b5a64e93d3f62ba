import { readFileSync } from 'node:fs';
import { type Config, secretProblem } from '../config/index.js';
import { watchSecretFile } from '../config/secret-file.js';
import type { Log } from '../domain/ports/index.js';
import type { GatewayTrust } from '../http/identify.js';

export interface WatchedTrust {
  /** Null: nothing is expected to be signed. */
  readonly trust: GatewayTrust | null;
  stop(): void;
}

/** The gateway's secrets; from a file they are replaced without a restart. Without a usable one every request is refused. */
export function createGatewayTrust(config: Config, log: Log): WatchedTrust {
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
    return { trust: { secrets: () => file.current() ?? [], scope }, stop: file.stop };
  }
  const secrets = config.gatewayHmacSecrets.map((secret) => secret.reveal());
  return { trust: secrets.length > 0 ? { secrets: () => secrets, scope } : null, stop: () => undefined };
}

function split(text: string): string[] {
  return text.split(',').map((part) => part.trim());
}
