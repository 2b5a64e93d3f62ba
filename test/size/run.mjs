#!/usr/bin/env node
// The door to `npm run size`: bundles the measuring program into .tmp/ and runs it. It measures the client as it was built.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { load, root } from '../../scripts/bundle.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const { run } = await load('size', 'test/size/size.ts');
process.exitCode = await run(process.argv.slice(2), {
  root,
  client: join(root, 'packages', 'client'),
  here,
  installPeers,
  now: () => new Date(),
  stdout: process.stdout,
  stderr: process.stderr,
});

/** Once for each lockfile. */
function installPeers() {
  const stamp = join(here, 'node_modules', '.signals-installed');
  const hash = createHash('sha256');
  for (const file of ['package.json', 'package-lock.json', '.npmrc'])
    hash.update(readFileSync(join(here, file)));
  const wanted = hash.digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return true;
  console.error('size: installing the other trackers (about 100 MB, once) …');
  if (npm('ci', '--no-audit', '--no-fund', '--loglevel=error') !== 0) return false;
  writeFileSync(stamp, wanted);
  return true;
}

function npm(...words) {
  const cli = process.env.npm_execpath;
  const shell = process.platform === 'win32';
  const [command, args] = cli?.endsWith('.js')
    ? [process.execPath, [cli, ...words]]
    : [shell ? 'npm.cmd' : 'npm', words];
  // What npm says goes to standard error: --json owns standard output.
  return spawnSync(command, args, { cwd: here, stdio: ['ignore', 2, 2], shell }).status ?? 1;
}
