// Packs both packages, as they were built, into packed/, and prints what each weighs. The last part of `npm run build`.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = join(root, 'packed');

// A tarball of an earlier version must not be taken for one of this.
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
for (const { name, filename, size, unpackedSize } of [pack(root), pack(join(root, 'packages', 'client'))])
  console.log(`${name}: packed/${filename}, ${kilobytes(size)} packed, ${kilobytes(unpackedSize)} unpacked`);

/** Packs the package in a folder as it would be published; answers what npm says of it. Runs no script of it. */
function pack(from) {
  const words = ['pack', '--json', '--ignore-scripts', '--loglevel=error', '--pack-destination', folder];
  const answer = npm(words, from);
  const [packed] = JSON.parse(answer.slice(answer.indexOf('[')));
  return packed;
}

/** The npm that runs this script, where one does. */
function npm(words, cwd) {
  const cli = process.env.npm_execpath;
  const windows = process.platform === 'win32';
  const [command, args, shell] = cli?.endsWith('.js')
    ? [process.execPath, [cli, ...words], false]
    : [windows ? 'npm.cmd' : 'npm', words, windows];
  return execFileSync(command, args, { cwd, shell, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

function kilobytes(bytes) {
  return `${Math.ceil(bytes / 1000).toLocaleString('en-GB')} kB`;
}
