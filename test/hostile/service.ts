import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { packageRoot } from '../../src/app/package-root.js';

/** The service as a process: built once for a test file, started as often as wanted. */
export interface BuiltService {
  /** Starts `main.js` with this environment alone, and waits until it listens or has ended. */
  start(env: Readonly<Record<string, string>>, stdio?: Destination): Promise<RunningService>;
  /** Kills what still runs and deletes what was built. */
  remove(): void;
}

/** Where standard output goes: read by the test, never read by anybody, or a file descriptor. */
export type Destination = 'read' | 'unread' | number;

export interface RunningService {
  /** Empty where it did not come to listen, or where nobody reads what it says. */
  readonly url: string;
  readonly child: ChildProcess;
  /** Everything on standard output and standard error. */
  output(): string;
  /** Its exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
}

/** Builds into the package, because there the dependencies are found; remove it afterwards. */
export async function buildService(): Promise<BuiltService> {
  const parent = join(packageRoot(), '.tmp');
  mkdirSync(parent, { recursive: true });
  const outdir = mkdtempSync(join(parent, 'service-'));
  await build({
    absWorkingDir: packageRoot(),
    entryPoints: { main: 'src/main.ts' },
    outdir,
    bundle: true,
    splitting: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'warning',
  });
  const started: RunningService[] = [];
  return {
    async start(env, stdout = 'read') {
      const running = await start(join(outdir, 'main.js'), env, stdout);
      started.push(running);
      return running;
    },
    remove() {
      for (const { child } of started) child.kill('SIGKILL');
      rmSync(outdir, { recursive: true, force: true });
    },
  };
}

async function start(
  main: string,
  env: Readonly<Record<string, string>>,
  stdout: Destination,
): Promise<RunningService> {
  const child = spawn(process.execPath, [main, '--migrate'], {
    env: { PATH: process.env.PATH ?? '', PORT: '0', SIGNALS_LOG_LEVEL: 'debug', ...env },
    stdio: ['ignore', typeof stdout === 'number' ? stdout : 'pipe', 'pipe'],
  });
  const killWithUs = () => void child.kill('SIGKILL');
  process.once('exit', killWithUs);
  let output = '';
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      process.off('exit', killWithUs);
      resolve(code);
    });
  });
  const listening = new Promise<string>((resolve) => {
    const take = (text: string) => {
      output += text;
      const [, url] = /"url":"(http:[^"]+)".*"ready"/.exec(output) ?? [];
      if (url) resolve(url);
    };
    child.stderr?.setEncoding('utf8').on('data', take);
    if (stdout === 'read') child.stdout?.setEncoding('utf8').on('data', take);
    else resolve('');
    void ended.then(() => resolve(''));
  });
  return { url: await listening, child, output: () => output, ended };
}
