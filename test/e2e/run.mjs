// The door to `npm run e2e`: installs the gateways when their lockfile changed, then runs the scenarios.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const stamp = join(here, 'node_modules', '.signals-installed');

const wanted = fingerprint(['package.json', 'package-lock.json', '.npmrc']);
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  console.error('e2e: installing the gateways (about 150 MB, once) …');
  const installed = npm('ci', '--prefix', here, '--no-audit', '--no-fund', '--loglevel=error');
  if (installed !== 0) process.exit(installed);
  writeFileSync(stamp, wanted);
}

const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const config = join(here, 'vitest.config.ts');
process.exit(run(process.execPath, [vitest, 'run', '--config', config, ...process.argv.slice(2)], root));

function fingerprint(files) {
  const hash = createHash('sha256').update(`${process.versions.modules} ${process.platform} ${process.arch}`);
  for (const file of files) hash.update(readFileSync(join(here, file)));
  return hash.digest('hex');
}

function npm(...words) {
  const cli = process.env.npm_execpath;
  if (cli?.endsWith('.js')) return run(process.execPath, [cli, ...words], here);
  return run(process.platform === 'win32' ? 'npm.cmd' : 'npm', words, here);
}

/** Its exit code; a program that died by a signal has failed. */
function run(command, words, cwd) {
  const shell = command.endsWith('.cmd');
  return spawnSync(command, words, { cwd, stdio: 'inherit', shell }).status ?? 1;
}
