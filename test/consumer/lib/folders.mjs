import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from './processes.mjs';

/** Packs the package as it would be published; answers the tarball. Runs no script of it. */
export async function pack(npm, root, folder) {
  mkdirSync(folder, { recursive: true });
  const answer = await npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: root,
  });
  const [{ filename }] = JSON.parse(answer.slice(answer.indexOf('[')));
  return join(folder, filename);
}

/**
 * The folder of an application that has the package, unpacked by hand, and nothing else but `packages`: names
 * with the installed packages to take them from. Their own dependencies come with them; ours do not.
 */
export async function application(folder, { tarball, installed, packages = {} }) {
  const unpacked = join(folder, 'node_modules', 'signals-subgraph');
  mkdirSync(unpacked, { recursive: true });
  await run('tar', ['-xzf', tarball, '--strip-components=1'], { cwd: unpacked });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  for (const [name, from] of Object.entries(packages)) provide(folder, installed, name, from);
  return folder;
}

/** Copies an installed package, and what it depends on, into an application. */
export function provide(folder, installed, name, from) {
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
