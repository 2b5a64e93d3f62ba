import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../config/index.js';

/** What embedded mode makes once for itself, in the data folder. Never used in production. */
export interface EmbeddedCredentials {
  readonly saltSecret: string;
  /** The development issuer's private key: `npm run token` signs with it. */
  readonly privateJwk: Readonly<Record<string, unknown>>;
  readonly publicJwks: { readonly keys: readonly Readonly<Record<string, unknown>>[] };
}

const keyId = 'development';

/** The development credentials where the settings allow them: never in production. */
export function developmentCredentials({ production, dataDir }: Config): EmbeddedCredentials | null {
  return production ? null : embeddedCredentials(dataDir);
}

/**
 * Reads the development key pair and salt secret, or makes them: files of mode 600 in a folder of mode 700.
 * Two processes that start together agree, since a file is only ever created, never overwritten.
 */
export function embeddedCredentials(dataDir: string): EmbeddedCredentials {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const saltSecret = once(join(dataDir, 'salt-secret'), () => randomBytes(32).toString('hex'));
  const pem = once(join(dataDir, 'development-key.pem'), () =>
    generateKeyPairSync('ec', { namedCurve: 'P-256' })
      .privateKey.export({ type: 'pkcs8', format: 'pem' })
      .toString(),
  );
  const key = createPrivateKey(pem);
  const header = { kid: keyId, alg: 'ES256', use: 'sig' };
  return {
    saltSecret,
    privateJwk: { ...key.export({ format: 'jwk' }), ...header },
    publicJwks: { keys: [{ ...createPublicKey(pem).export({ format: 'jwk' }), ...header }] },
  };
}

function once(path: string, make: () => string): string {
  if (!existsSync(path)) {
    try {
      writeFileSync(path, make(), { mode: 0o600, flag: 'wx' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    chmodSync(path, 0o600);
  }
  return readFileSync(path, 'utf8').trim();
}
