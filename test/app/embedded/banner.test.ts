import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { banner } from '../../../src/app/embedded/banner.js';
import { settingFiles } from '../../../src/app/setting-files.js';
import { type Environment, loadConfig } from '../../../src/config/index.js';

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'signals-banner-'));
  mkdirSync(join(home, 'checkout', 'src'), { recursive: true });
  mkdirSync(join(home, 'checkout', 'scripts'));
  for (const name of ['package-lock.json', 'scripts/run.mjs'])
    writeFileSync(join(home, 'checkout', name), '');
});
afterAll(() => rmSync(home, { recursive: true }));

/** How the banner has a token made. */
function tokensOf(place: { cwd: string; root: string }, env: Environment = {}): string[] {
  const loaded = loadConfig(env, settingFiles);
  if (!loaded.ok) throw new Error(loaded.error.join());
  const text = banner('http://127.0.0.1:4008', loaded.value, place);
  return [...text.matchAll(/authorization: Bearer (.*?)"/g)].map(([, token = '']) => token);
}

describe('the banner has a token made', () => {
  it('by the script of package.json in a checkout', () => {
    const root = join(home, 'checkout');
    expect(tokensOf({ cwd: root, root })).toEqual([
      '$(npm run -s token -- --sub user-1)',
      '$(npm run -s token -- --sub admin-1 --role admin)',
    ]);
  });

  it('by the installed program below the folder where it was started', () => {
    const root = join(home, 'app', 'node_modules', 'signals-subgraph');
    const [token] = tokensOf({ cwd: join(home, 'app'), root });
    expect(token).toBe('$(node node_modules/signals-subgraph/dist/cli.js token --sub user-1)');
  });

  it('by the path of the program where it lies elsewhere, with the data folder that is in use', () => {
    const root = join(home, 'lib', 'signals-subgraph');
    const [token] = tokensOf({ cwd: join(home, 'app'), root }, { SIGNALS_DATA_DIR: '/my data' });
    const program = join(root, 'dist', 'cli.js');
    expect(token).toBe(`$(SIGNALS_DATA_DIR='/my data' node ${program} token --sub user-1)`);
  });

  it('by nobody where another issuer has the keys', () => {
    expect(tokensOf({ cwd: home, root: home }, { SIGNALS_JWKS_FILE: '/etc/jwks.json' })).toEqual([
      '$TOKEN',
      '$TOKEN',
    ]);
  });
});
