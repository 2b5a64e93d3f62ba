#!/usr/bin/env node
// `npm run bench:read`: bundles the benchmark of reading into .tmp/ and runs it.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundle } from '../../../scripts/bundle.mjs';

const outdir = await bundle('bench-read', { bench: 'test/bench/read/bench.ts' });
await import(pathToFileURL(join(outdir, 'bench.mjs')).href);
