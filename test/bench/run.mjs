#!/usr/bin/env node
// `npm run bench`: bundles the benchmark and its workers into .tmp/ and runs it. It measures dist/ as it was built.
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const outdir = join(root, '.tmp', 'bench');
const workers = ['http-load', 'insert-load', 'echo-server', 'yoga-server', 'steps'];

await build({
  absWorkingDir: root,
  entryPoints: {
    bench: join(here, 'bench.ts'),
    ...Object.fromEntries(workers.map((name) => [name, join(here, 'workers', `${name}.ts`)])),
  },
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
await import(pathToFileURL(join(outdir, 'bench.mjs')).href);
