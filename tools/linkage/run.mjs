#!/usr/bin/env node
// `npm run linkage`: bundles the linkage test into .tmp/ and runs it.
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
// Two folders deep, as test/support lies: what is bundled looks for the migrations from where it is.
const outfile = join(root, '.tmp', 'linkage', 'linkage.mjs');

await build({
  absWorkingDir: root,
  entryPoints: [join(here, 'main.ts')],
  outfile,
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: true,
  logLevel: 'warning',
});
const { main } = await import(pathToFileURL(outfile).href);
process.exitCode = await main(process.argv.slice(2));
