import { execFile } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root } from '../catalogue/samples.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signals-run-'));
  mkdirSync(join(folder, 'scripts'));
  cpSync(join(root, 'scripts', 'run.mjs'), join(folder, 'scripts', 'run.mjs'));
  write('package.json', '{"type": "module"}');
  // Stands in for npm, and leaves a trace.
  write('bin/npm', `#!/bin/sh\necho "$*" > "${folder}/npm-was-called"\nexit 1\n`);
  chmodSync(join(folder, 'bin', 'npm'), 0o755);
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function built(): void {
  write('dist/cli.js', 'console.log(process.argv.slice(2).join(" "));');
  write('dist/main.js', 'console.log("served");');
}

function checkout(): void {
  write('src/main.ts', '');
  write('package-lock.json', '{}');
}

/** Runs the door with these words, and says whether anything was installed or made. */
function run(words: readonly string[], env: Record<string, string> = {}) {
  const before = readdirSync(folder, { recursive: true });
  const PATH = `${join(folder, 'bin')}${delimiter}${dirname(process.execPath)}${delimiter}/usr/bin${delimiter}/bin`;
  return new Promise<{ code: number; out: string; err: string; installs: boolean; made: number }>(
    (resolve) => {
      execFile(
        process.execPath,
        [join('scripts', 'run.mjs'), ...words],
        { cwd: folder, env: { PATH, ...env } },
        (error, out, err) =>
          resolve({
            code: error === null ? 0 : Number(error.code),
            out,
            err,
            installs: existsSync(join(folder, 'npm-was-called')),
            made: readdirSync(folder, { recursive: true }).length - before.length,
          }),
      );
    },
  );
}

const nothing = { installs: false, made: 0 };

describe('the scripts of package.json', () => {
  it('run what is built, and install nothing, where there is no checkout', async () => {
    built();
    expect(await run(['cli', 'migrate', '--help'])).toEqual({
      ...{ code: 0, out: 'migrate --help\n', err: '' },
      ...nothing,
    });
    expect(await run(['main'])).toMatchObject({ code: 0, out: 'served\n', ...nothing });
  });

  it.each([['src/main.ts'], ['package-lock.json']])(
    'take a folder with %s alone for no checkout',
    async (file) => {
      built();
      write(file, '{}');
      expect(await run(['cli', 'migrate'])).toMatchObject({ code: 0, out: 'migrate\n', ...nothing });
    },
  );

  it('run what is built in a checkout too, where SIGNALS_NO_BUILD is set', async () => {
    built();
    checkout();
    const env = { SIGNALS_NO_BUILD: '1' };
    expect(await run(['cli', 'migrate'], env)).toMatchObject({ code: 0, out: 'migrate\n', ...nothing });
  });

  it.each([
    ['cli', 'dist/cli.js'],
    ['main', 'dist/main.js'],
    ['build', 'dist/main.js'],
    ['prepare', 'src/generated/.signals-documents'],
  ])('%s says in one line that %s is missing where nothing may be built', async (word, missing) => {
    expect(await run([word])).toEqual({
      code: 1,
      out: '',
      err: `signals: ${missing} is missing, and only a checkout is built, which has src/ and package-lock.json.\n`,
      ...nothing,
    });
    checkout();
    expect(await run([word], { SIGNALS_NO_BUILD: '1' })).toEqual({
      code: 1,
      out: '',
      err: `signals: ${missing} is missing, and SIGNALS_NO_BUILD forbids to build.\n`,
      ...nothing,
    });
  });

  it('say in one line that a package is missing', async () => {
    write('dist/cli.js', "import 'a-package-that-nobody-has';");
    expect(await run(['cli', 'migrate'])).toMatchObject({
      code: 1,
      err: 'signals: a package that it needs is not installed; install it with: npm ci --omit=dev\n',
      ...nothing,
    });
  });

  it('install in a checkout', async () => {
    built();
    checkout();
    const { code, installs } = await run(['cli', 'migrate']);
    expect([code, installs]).toEqual([1, true]);
  });
});
