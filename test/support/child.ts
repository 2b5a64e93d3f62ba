import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export interface Child {
  readonly process: ChildProcess;
  /** What it prints, line by line, until it ends. */
  readonly lines: AsyncIterable<string>;
  /** Resolves with everything it printed; rejects when it fails. */
  output(): Promise<string>;
  /** kill -9. Resolves when it is gone. */
  kill(): Promise<void>;
}

export interface Script {
  /** The compiled file. */
  readonly path: string;
  start(...args: string[]): Child;
  remove(): void;
}

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Compiles a TypeScript file that other processes run. It lies within the project, where its imports are found. */
export async function compileScript(file: string): Promise<Script> {
  const folder = join(root, '.tmp');
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, `child-${process.pid}-${Math.random().toString(36).slice(2)}.mjs`);
  await build({
    entryPoints: [file],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  });
  return {
    path: outfile,
    start: (...args) => start(outfile, args),
    remove: () => rmSync(outfile, { force: true }),
  };
}

function start(file: string, args: readonly string[]): Child {
  const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  let errors = '';
  child.stderr.on('data', (bytes) => {
    errors += bytes;
  });
  return {
    process: child,
    lines: createInterface({ input: child.stdout }),
    async output() {
      let text = '';
      for await (const part of child.stdout) text += part;
      const code = await exited;
      if (code !== 0) throw new Error(`the child ended with ${code}: ${errors}`);
      return text;
    },
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
