#!/usr/bin/env node
// `npm run test:hostile`: attacks a service in a process of its own and prints what became of it.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundle } from '../../../scripts/bundle.mjs';

const outdir = await bundle('attacks', { attacks: 'test/hostile/attacks/main.ts' });
await import(pathToFileURL(join(outdir, 'attacks.mjs')).href);
