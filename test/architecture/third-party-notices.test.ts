import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { thirdPartyNotices } from '../../scripts/third-party-notices.mjs';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'signals-notices-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

type Files = Readonly<Record<string, string>>;

function install(folder: string, manifest: object, files: Files = {}): void {
  const at = join(root, 'node_modules', folder);
  mkdirSync(at, { recursive: true });
  writeFileSync(
    join(at, 'package.json'),
    JSON.stringify({ version: '1.2.3', main: 'index.js', ...manifest }),
  );
  const all: Files = { 'index.js': 'export const used = Math.random();', ...files };
  for (const [name, text] of Object.entries(all)) writeFileSync(join(at, name), text);
}

/** What the notices say about a bundle of this program. */
async function noticesOf(program: string): Promise<string> {
  writeFileSync(join(root, 'main.js'), program);
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['main.js'],
    bundle: true,
    write: false,
    outdir: 'dist',
    platform: 'node',
    format: 'esm',
    metafile: true,
  });
  return thirdPartyNotices(metafile, root);
}

describe('the notices of what the build bundles', () => {
  it('name each package with version, licence and text, scoped and nested ones too', async () => {
    install('@scope/one', { name: '@scope/one', license: 'ISC' }, { LICENSE: 'text of one' });
    install(
      'two',
      { name: 'two', license: 'MIT' },
      { 'license.md': 'text of two', 'index.js': "export * from 'inner';" },
    );
    install(
      'two/node_modules/inner',
      { name: 'inner', version: '4.0.0', license: '0BSD' },
      { LICENCE: 'text of inner' },
    );
    const notices = await noticesOf(
      "import { used } from 'two'; import { used as b } from '@scope/one'; console.log(used, b);",
    );
    expect(notices).toContain('@scope/one 1.2.3 (ISC)\n\ntext of one\n');
    expect(notices).toContain('inner 4.0.0 (0BSD)\n\ntext of inner\n');
    // It only passes on what another one exports: none of its code is in the output.
    expect(notices).not.toContain('two 1.2.3');
  });

  it('pass on the NOTICE file that Apache-2.0 asks for', async () => {
    install('one', { name: 'one', license: 'Apache-2.0' }, { LICENSE: 'the text', NOTICE: 'by somebody' });
    expect(await noticesOf("import { used } from 'one'; console.log(used);")).toContain(
      'the text\n\nby somebody\n',
    );
  });

  it('write the text of MIT for a package that names its author but brings no file', async () => {
    install('one', { name: 'one', license: 'MIT', author: { name: 'A. Writer' } });
    const notices = await noticesOf("import { used } from 'one'; console.log(used);");
    expect(notices).toContain('Copyright (c) A. Writer\n\nPermission is hereby granted');
  });

  it('leave out what no code is left of', async () => {
    install('one', { name: 'one', license: 'GPL-3.0-only', sideEffects: false });
    expect(await noticesOf("import { used } from 'one'; console.log('nothing');")).not.toContain('one 1.2.3');
  });

  it.each([
    [
      'a licence that is not permitted',
      { license: 'GPL-3.0-only' },
      { LICENSE: 'text' },
      'GPL-3.0-only is not among',
    ],
    ['no licence', {}, { LICENSE: 'text' }, 'it names no licence'],
    ['a choice that nobody made', { license: '(MIT OR GPL-2.0-only)' }, { LICENSE: 'text' }, 'is not among'],
    ['no text', { license: 'Apache-2.0' }, {}, 'has no licence file'],
    ['MIT without text and author', { license: 'MIT' }, {}, 'has no licence file'],
  ])('fail the build for %s', async (_what, manifest, files: Files, reason) => {
    install('one', { name: 'one', ...manifest }, files);
    await expect(noticesOf("import { used } from 'one'; console.log(used);")).rejects.toThrow(
      `  one 1.2.3: `,
    );
    await expect(noticesOf("import { used } from 'one'; console.log(used);")).rejects.toThrow(reason);
  });
});
