import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Config,
  ConfigurationError,
  type Findings,
  secretProblem,
  takesTokens,
} from '../../config/index.js';
import { settingFiles } from '../setting-files.js';
import { ownFile } from './own-file.js';

/** The development issuer's key: `npm run token` signs with it. */
export interface DevelopmentKey {
  readonly privateJwk: Readonly<Record<string, unknown>>;
  readonly publicJwks: { readonly keys: readonly Readonly<Record<string, unknown>>[] };
}

/** What the service makes for itself, once for each data folder, in place of settings that are missing. */
export interface DevelopmentCredentials {
  readonly saltSecret: string | null;
  readonly key: DevelopmentKey | null;
}

const keyId = 'development';
const saltSecretName = 'salt-secret';
const keyName = 'development-key.pem';

/** What the settings leave out and allow to be made: nothing in production. Throws ConfigurationError as its parts do. */
export function developmentCredentials(config: Config): DevelopmentCredentials {
  const wanted = wantedFiles(config);
  return {
    saltSecret: wanted.includes(saltSecretName) ? developmentSaltSecret(config.dataDir) : null,
    key: wanted.includes(keyName) ? developmentKey(config.dataDir) : null,
  };
}

/** Reads the development salt secret, or makes it. Throws ConfigurationError where the file holds no good secret. */
export function developmentSaltSecret(dataDir: string): string {
  const path = join(dataDir, saltSecretName);
  const text = ownFile(path, () => randomBytes(32).toString('hex'));
  refuse(contentProblem(saltSecretName, text));
  return text;
}

/** Reads the development key pair, or makes it. Throws ConfigurationError where the file holds no such key. */
export function developmentKey(dataDir: string): DevelopmentKey {
  const pem = ownFile(join(dataDir, keyName), () =>
    generateKeyPairSync('ec', { namedCurve: 'P-256' })
      .privateKey.export({ type: 'pkcs8', format: 'pem' })
      .toString(),
  );
  refuse(contentProblem(keyName, pem));
  const header = { kid: keyId, alg: 'ES256', use: 'sig' };
  return {
    privateJwk: { ...createPrivateKey(pem).export({ format: 'jwk' }), ...header },
    publicJwks: { keys: [{ ...createPublicKey(pem).export({ format: 'jwk' }), ...header }] },
  };
}

/** Judges those of the files that would be used and are there already; makes nothing. */
export function judgeDevelopmentFiles(config: Config): Findings {
  const there = wantedFiles(config).filter((name) => existsSync(join(config.dataDir, name)));
  return {
    problems: there.flatMap((name) => fileProblem(config.dataDir, name) ?? []),
    warnings: there
      .filter((name) => settingFiles.isOpenToOthers(join(config.dataDir, name)))
      .map((name) => `${name} in SIGNALS_DATA_DIR can be read or written by other users: chmod 600`),
  };
}

function wantedFiles(config: Config): readonly string[] {
  if (config.production) return [];
  const hasKeys = config.jwksUrl !== null || config.jwksFile !== null;
  return [
    ...(config.saltSecret === null ? [saltSecretName] : []),
    ...(takesTokens(config) && !hasKeys ? [keyName] : []),
  ];
}

function fileProblem(dataDir: string, name: string): string | null {
  try {
    return contentProblem(name, settingFiles.read(join(dataDir, name)).trim());
  } catch {
    return `${name} in SIGNALS_DATA_DIR cannot be read`;
  }
}

function contentProblem(name: string, text: string): string | null {
  const problem = name === keyName ? keyProblem(text) : secretProblem(text)?.replace(/;.*/, '');
  return problem ? `${name} in SIGNALS_DATA_DIR ${problem}; delete the file, and a new one is made` : null;
}

function keyProblem(pem: string): string | null {
  return privateKeyIn(pem)?.asymmetricKeyDetails?.namedCurve === 'prime256v1'
    ? null
    : 'is not a private key on the curve P-256';
}

function privateKeyIn(pem: string): KeyObject | null {
  try {
    return createPrivateKey(pem);
  } catch {
    return null;
  }
}

function refuse(problem: string | null): void {
  if (problem !== null) throw new ConfigurationError([problem]);
}
