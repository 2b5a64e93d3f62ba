import { generateKeyPairSync } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  developmentCredentials,
  developmentKey,
  judgeDevelopmentFiles,
} from '../../../src/app/embedded/credentials.js';
import { settingFiles } from '../../../src/app/setting-files.js';
import { type Config, ConfigurationError, type Environment, loadConfig } from '../../../src/config/index.js';

let dataDir: string;
beforeEach(() => {
  dataDir = join(mkdtempSync(join(tmpdir(), 'signals-data-')), 'data');
});
afterEach(() => rmSync(join(dataDir, '..'), { recursive: true, force: true }));

const good = '0123456789abcdef0123456789abcdef-salt';
const production: Environment = {
  NODE_ENV: 'production',
  SIGNALS_STORE: 'embedded',
  SIGNALS_SALT_SECRET: good,
  SIGNALS_JWKS_URL: 'https://issuer.example/jwks.json',
  SIGNALS_JWT_ISSUER: 'https://issuer.example/',
  SIGNALS_JWT_AUDIENCE: 'signals',
  SIGNALS_CLIENT_IP_SOURCE: 'xff',
};

function configOf(env: Environment = {}): Config {
  const loaded = loadConfig({ SIGNALS_DATA_DIR: dataDir, ...env }, settingFiles);
  if (!loaded.ok) throw new Error(loaded.error.join());
  return loaded.value;
}

/** What both say of the files: the judge, and the start itself. */
function refusals(config = configOf()): readonly (readonly string[])[] {
  let thrown: readonly string[] = [];
  try {
    developmentCredentials(config);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    thrown = error.problems;
  }
  return [judgeDevelopmentFiles(config).problems, thrown];
}

describe('development credentials', () => {
  it('are made once, and stay', () => {
    const first = developmentCredentials(configOf());
    expect(first.saltSecret).toMatch(/^[0-9a-f]{64}$/);
    expect(developmentCredentials(configOf())).toEqual(first);
    expect(readdirSync(dataDir).sort()).toEqual(['development-key.pem', 'salt-secret']);
    expect(judgeDevelopmentFiles(configOf())).toEqual({ problems: [], warnings: [] });
  });

  it('are made only where the settings leave them out', () => {
    developmentCredentials(configOf({ SIGNALS_SALT_SECRET: good }));
    expect(readdirSync(dataDir)).toEqual(['development-key.pem']);
    rmSync(dataDir, { recursive: true });
    developmentCredentials(configOf({ SIGNALS_JWKS_FILE: '/etc/jwks.json' }));
    expect(readdirSync(dataDir)).toEqual(['salt-secret']);
  });

  it('do not exist in production', () => {
    expect(developmentCredentials(configOf(production))).toEqual({ saltSecret: null, key: null });
    expect(existsSync(dataDir)).toBe(false);
  });

  it.each([
    ['is empty', ''],
    ['is empty', '\n'],
    ['must have at least 32 bytes', 'short'],
    ['repeats one short pattern', '0'.repeat(64)],
    ['has too few different characters', `${'0'.repeat(60)}1234`],
  ])('are refused where salt-secret %s (%#), by judge and start alike', (problem, text) => {
    developmentCredentials(configOf());
    writeFileSync(join(dataDir, 'salt-secret'), text);
    const sentence = `salt-secret in SIGNALS_DATA_DIR ${problem}; delete the file, and a new one is made`;
    expect(refusals()).toEqual([[sentence], [sentence]]);
    expect(readFileSync(join(dataDir, 'salt-secret'), 'utf8')).toBe(text);
  });

  it.each([
    ['empty', ''],
    ['not a key', 'hunter2'],
    [
      'of another kind',
      generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    ],
  ])('are refused where development-key.pem is %s', (_, pem) => {
    developmentCredentials(configOf());
    writeFileSync(join(dataDir, 'development-key.pem'), pem);
    const sentence = expect.stringMatching(/^development-key\.pem in SIGNALS_DATA_DIR is not a private key/);
    expect(refusals()).toEqual([[sentence], [sentence]]);
    expect(() => developmentKey(dataDir)).toThrow(ConfigurationError);
  });

  it('of both kinds are refused at once, and only where they would be used', () => {
    developmentCredentials(configOf());
    for (const name of readdirSync(dataDir)) writeFileSync(join(dataDir, name), '');
    expect(judgeDevelopmentFiles(configOf()).problems).toHaveLength(2);
    expect(refusals(configOf(production))).toEqual([[], []]);
  });

  it('that others can read are one warning each, by name', () => {
    developmentCredentials(configOf());
    for (const name of readdirSync(dataDir)) chmodSync(join(dataDir, name), 0o644);
    expect(judgeDevelopmentFiles(configOf()).warnings).toEqual([
      expect.stringMatching(/^salt-secret in SIGNALS_DATA_DIR can be read/),
      expect.stringMatching(/^development-key\.pem in SIGNALS_DATA_DIR can be read/),
    ]);
  });
});
