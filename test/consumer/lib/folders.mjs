import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { node, npm, run } from './processes.mjs';

/** The tarball that `npm run build` has made of the package in a folder of the repository. */
export function tarballOf(root, folder) {
  const { name, version } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  const tarball = join(root, 'packed', `${name}-${version}.tgz`);
  if (!existsSync(tarball)) throw new Error(`there is no packed/${name}-${version}.tgz: run npm run build`);
  return tarball;
}

/** Installs a tarball into an empty project by npm, as anybody would; answers the folder. */
export async function installAlone(folder, tarball, words) {
  mkdirSync(folder);
  writeManifest(folder);
  await npm(['install', tarball, '--ignore-scripts', ...words], { cwd: folder, timeoutMs: 300_000 });
  return folder;
}

/**
 * The folder of an application that has the client, unpacked by hand, and nothing else but `packages`: names
 * with the installed packages to take them from. Their own dependencies come with them.
 */
export async function application(folder, { tarball, installed, packages = {} }) {
  const unpacked = join(folder, 'node_modules', 'signals-client');
  mkdirSync(unpacked, { recursive: true });
  await run('tar', ['-xzf', tarball, '--strip-components=1'], { cwd: unpacked });
  writeManifest(folder);
  for (const [name, from] of Object.entries(packages)) provide(folder, installed, name, from);
  return folder;
}

/** The entries of the client that an application has, each with its JavaScript. */
export function entriesOf(folder) {
  const manifest = readFileSync(join(folder, 'node_modules', 'signals-client', 'package.json'), 'utf8');
  return Object.entries(JSON.parse(manifest).exports).flatMap(([entry, target]) =>
    target.default === undefined ? [] : [[entry, target.default]],
  );
}

/** Runs one of programs/ in an application's folder. */
export async function runProgram(folder, programs, program) {
  cpSync(join(programs, program), join(folder, program));
  await node(program, [], { cwd: folder, timeoutMs: 20_000 });
}

function writeManifest(folder) {
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
}

/** Copies an installed package, and what it depends on, into an application. */
function provide(folder, installed, name, from) {
  const to = join(folder, 'node_modules', name);
  if (existsSync(to)) return;
  mkdirSync(dirname(to), { recursive: true });
  cpSync(join(installed, from), to, { recursive: true });
  const { dependencies = {} } = JSON.parse(readFileSync(join(to, 'package.json'), 'utf8'));
  for (const dependency of Object.keys(dependencies)) {
    if (existsSync(join(to, 'node_modules', dependency))) continue;
    provide(folder, installed, dependency, dependency);
  }
}
