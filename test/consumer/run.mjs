#!/usr/bin/env node
// `npm run consumer`: both packages as those have them who install them. Everything happens in a temporary folder.
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { killAll } from '../examples/processes.mjs';
import { npm } from './lib/processes.mjs';

const help = `Usage: npm run consumer [-- --client FILE] [-- --server FILE] [-- --keep]

Installs both packages, packed by \`npm run build\`, into empty folders, and checks what those get who use them. Of
the client: that it comes alone, its size, types under several compilers and settings, rendering on a server, bundles
for browsers, publint and "are the types wrong?". Of the server: its size with all its dependencies, the command, a
start without settings, types from \`signals codegen\`. Takes about two minutes.

  --client FILE   checks this tarball of the client in place of the one in packed/
  --server FILE   the same of the server
  --keep          leaves the folders and says where they are
  --help          this text

Exit code 0: all held; 1: something did not; 2: used wrongly.
`;

const here = dirname(fileURLToPath(import.meta.url));
const options = readOptions();
if (options === null || options.help) {
  process[options === null ? 'stderr' : 'stdout'].write(help);
  process.exit(options === null ? 2 : 0);
}

await installTools();
// Only now: it imports what was installed.
const { check } = await import('./check.mjs');
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'signals-consumer-')));
const remove = () => rmSync(folder, { recursive: true, force: true });
process.on('exit', killAll);
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
]) {
  process.once(signal, () => {
    remove();
    process.exit(code);
  });
}
try {
  process.exitCode = await check({
    root: join(here, '..', '..'),
    here,
    folder,
    client: options.client,
    server: options.server,
  });
} catch (error) {
  console.error(`consumer: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
} finally {
  if (options.keep) console.error(`consumer: left in ${folder}`);
  else remove();
}

function readOptions() {
  const flag = { type: 'boolean', default: false };
  try {
    const file = { type: 'string' };
    const { values } = parseArgs({ options: { client: file, server: file, keep: flag, help: flag } });
    return { ...values, client: fullPath(values.client), server: fullPath(values.server) };
  } catch {
    return null;
  }
}

function fullPath(file) {
  return file === undefined ? null : resolve(file);
}

/** Once for each lockfile. */
async function installTools() {
  const stamp = join(here, 'node_modules', '.signals-installed');
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`);
  for (const file of ['package.json', 'package-lock.json', '.npmrc'])
    hash.update(readFileSync(join(here, file)));
  const wanted = hash.digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.error('consumer: installing compilers and linters (about 170 MB, once) …');
  await npm(['ci'], { cwd: here, timeoutMs: 300_000 });
  writeFileSync(stamp, wanted);
}
