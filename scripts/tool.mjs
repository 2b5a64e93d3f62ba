#!/usr/bin/env node
// `node scripts/tool.mjs <name> [options]`: runs tools/<name>/main.ts, which exports `run` as a command does.
import { load } from './bundle.mjs';

const [name, ...argv] = process.argv.slice(2);
const { run } = await load(name, `tools/${name}/main.ts`);
process.exitCode = await run(argv, {
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  fetch: globalThis.fetch,
  now: () => new Date(),
});
