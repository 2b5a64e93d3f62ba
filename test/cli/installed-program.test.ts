import { execFile, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { subcommands } from '../../src/cli/catalog.js';
import { commands } from '../../src/cli/commands.js';
import { root } from '../catalogue/samples.js';

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  version: string;
  bin: { signals: string };
};
const program = join(root, manifest.bin.signals);

/** A start takes a second or two; a machine that is busy with other tests takes many times that. */
const startTimeoutMs = 120_000;

let folder: string;
beforeAll(() => {
  execFileSync(process.execPath, ['scripts/run.mjs', 'build'], { cwd: root, stdio: ['ignore', 2, 2] });
  folder = mkdtempSync(join(tmpdir(), 'signals-program-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the program as it is installed, in a folder that is not ours and without any setting. */
function signals(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...argv], { cwd: folder, env: {} }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

const calls = [
  ...Object.keys(commands).map((name) => [name]),
  ...Object.keys(subcommands).map((name) => ['catalog', name]),
];

/** What is printed, and how the program ends, is the matter of run-cli.test.ts; here it is that the build holds it. */
describe('the installed program', () => {
  it('has help', async () => {
    const { code, out, err } = await signals('--help');
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^Usage: signals <command>/);
  });

  it('prints its version', async () => {
    expect(await signals('--version')).toEqual({ code: 0, out: `${manifest.version}\n`, err: '' });
  });

  it.each(calls.map((argv) => [argv]))('has help for %j', async (argv) => {
    const { code, out, err } = await signals(...argv, '--help');
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^Usage: /);
  });

  it('refuses a command that it does not have', async () => {
    const { code, out, err } = await signals('deploy');
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/^signals: there is no command "deploy"\n\nUsage: signals <command>/);
  });

  it('prints the schema that is committed', async () => {
    expect(await signals('schema')).toEqual({
      code: 0,
      out: readFileSync(join(root, 'schema.graphql'), 'utf8'),
      err: '',
    });
  });

  it(
    'serves until it is asked to stop',
    async () => {
      const child = spawn(process.execPath, [program, 'serve'], {
        cwd: folder,
        env: { PORT: '0', SIGNALS_COLOUR: 'blue', SIGNALS_SERVICE_HOST: '10.0.0.1' },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      onTestFinished(() => void child.kill('SIGKILL'));
      const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
      let printed = '';
      for await (const text of child.stdout) {
        printed += text;
        const [, url] = /Signals is ready at (\S+)/.exec(printed) ?? [];
        if (url === undefined) continue;
        expect((await fetch(`${url}/readyz`)).status).toBe(200);
        break;
      }
      expect(printed.match(/"level":"warn".*/g)).toEqual([
        expect.stringContaining('SIGNALS_COLOUR is not a setting and is ignored'),
      ]);
      child.kill('SIGTERM');
      expect(await ended).toBe(0);
    },
    startTimeoutMs,
  );

  it(
    'does not serve with settings that are wrong',
    async () => {
      const child = spawn(process.execPath, [program, 'serve'], {
        cwd: folder,
        env: { NODE_ENV: 'production' },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      onTestFinished(() => void child.kill('SIGKILL'));
      let problems = '';
      for await (const text of child.stderr) problems += text;
      expect(child.exitCode ?? (await new Promise((resolve) => child.once('exit', resolve)))).toBe(1);
      expect(problems).toMatch(/^Signals cannot start:\n {2}- /);
    },
    startTimeoutMs,
  );
});
