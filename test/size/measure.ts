import { relative, sep } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type Metafile } from 'esbuild';
import type { Size } from './budget.js';

/** Where esbuild puts what it reads from standard input. */
const entryOutput = 'out/stdin.js';

/** What the application has already, or chooses itself. */
const external = ['react', 'react/*', 'react-dom', '@apollo/client', '@apollo/client/*'];

export interface Program {
  /** JavaScript; what it imports is looked up from `folder`. */
  readonly code: string;
  readonly folder: string;
  /** Names of modules with the files to read in their place. */
  readonly alias?: Readonly<Record<string, string>>;
}

/**
 * Bundles and minifies a program as an application for today's browsers would (ES2022, ES modules, production)
 * and counts what a page loads at first: the entry and what it imports statically, not what it may load later.
 * Rejects where the program cannot be bundled for a browser, for instance because it needs a module of Node's.
 */
export async function measure({ code, folder, alias = {} }: Program): Promise<Size> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: folder,
    stdin: { contents: code, resolveDir: folder },
    outdir: 'out',
    write: false,
    metafile: true,
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    define: { 'process.env.NODE_ENV': '"production"' },
    legalComments: 'none',
    alias: { ...alias },
    external,
    logLevel: 'silent',
  });
  const initial = initialOutputs(metafile.outputs);
  const files = outputFiles.filter(({ path }) => initial.has(relative(folder, path).split(sep).join('/')));
  return {
    minified: sum(files.map((file) => file.contents.length)),
    gzip: sum(files.map((file) => gzipSync(file.contents, { level: 9 }).length)),
  };
}

/** The output of the entry and those that it cannot start without. */
export function initialOutputs(outputs: Metafile['outputs']): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (path: string): void => {
    if (found.has(path)) return;
    found.add(path);
    for (const { path: next, kind } of outputs[path]?.imports ?? []) {
      if (kind === 'import-statement' && next in outputs) visit(next);
    }
  };
  visit(entryOutput);
  return found;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
