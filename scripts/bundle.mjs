// Programs of this repository in TypeScript: bundled into .tmp/, dependencies left outside, and loaded from there.
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/**
 * Bundles programs, given as `{name: path}`, into the folder `.tmp/<into>`, as `<name>.mjs`. That is two folders deep,
 * as test/support is: code that is bundled looks for files of the repository from where it lies.
 */
export async function bundle(into, entryPoints) {
  const outdir = join(root, '.tmp', into);
  await build({
    absWorkingDir: root,
    entryPoints,
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: true,
    logLevel: 'warning',
  });
  return outdir;
}

/** Bundles one program and answers what it exports. */
export async function load(name, path) {
  const outdir = await bundle(name, { [name]: path });
  return import(pathToFileURL(join(outdir, `${name}.mjs`)).href);
}
