#!/usr/bin/env node
// `npm run bench`: bundles the benchmark and its workers into .tmp/ and runs it. It measures dist/ as it was built.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundle } from '../../scripts/bundle.mjs';

const workers = ['http-load', 'insert-load', 'echo-server', 'yoga-server', 'steps'];
const outdir = await bundle('bench', {
  bench: 'test/bench/bench.ts',
  ...Object.fromEntries(workers.map((name) => [name, `test/bench/workers/${name}.ts`])),
});
await import(pathToFileURL(join(outdir, 'bench.mjs')).href);
