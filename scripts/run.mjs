#!/usr/bin/env node
// The door to every command of package.json. Plain JavaScript without dependencies, because on a clean clone
// there is nothing else yet: it installs, generates and builds what is missing or stale, then runs the program.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
/** Folders that building writes among the sources. */
const made = new Set(['generated', 'dist', 'node_modules']);
const [program, ...args] = process.argv.slice(2);

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Signals needs Node 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}

ensure('node_modules/.signals-installed', ['package-lock.json', '.npmrc'], 'installing packages', () => {
  npm('ci', '--no-audit', '--no-fund', '--loglevel=error');
});
ensure(
  'src/generated/.signals-generated',
  ['prisma/schema.prisma', 'package-lock.json'],
  'generating the Prisma client',
  () => {
    rmSync(join(root, 'src/generated'), { recursive: true, force: true });
    // Generating never runs the schema engine but looks for it; any executable will do (docs/adr/0004).
    node('node_modules/prisma/build/index.js', ['generate', '--no-hints'], {
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    });
  },
);

if (program === 'prepare') {
  // What tests and type checks want on top: typed documents.
  ensure(
    'src/generated/.signals-documents',
    ['schema.graphql', 'codegen.ts', 'test/support/documents.graphql', 'package-lock.json'],
    'generating typed documents',
    () => {
      node('node_modules/@graphql-codegen/cli/esm/bin.js', ['--config', 'codegen.ts', '--silent']);
    },
  );
  process.exit(0);
}

build('server', 'dist/.signals-built');
if (program === 'build') {
  build('client', 'packages/client/dist/.signals-built');
  process.exit(0);
}

process.argv = [process.argv[0], join(root, 'dist', `${program}.js`), ...args];
await import(pathToFileURL(join(root, 'dist', `${program}.js`)).href);

/** Compiles one of the packages unless it was compiled from exactly these files. Packing is `npm run build`'s alone. */
function build(name, stamp) {
  const sources = ['src', 'jobs', 'scripts', 'packages', 'package.json', 'package-lock.json'];
  ensure(stamp, [...sources, ...tsconfigs()], `building the ${name}`, () =>
    node('scripts/build.mjs', [name]),
  );
}

function tsconfigs() {
  return readdirSync(root).filter((name) => /^tsconfig.*\.json$/.test(name));
}

/** Runs `make` unless the stamp says that it ran for exactly these inputs. */
function ensure(stamp, inputs, what, make) {
  const file = join(root, stamp);
  const wanted = fingerprint(inputs);
  if (existsSync(file) && readFileSync(file, 'utf8') === wanted) return;
  console.error(`signals: ${what} …`);
  make();
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, wanted);
}

function fingerprint(inputs) {
  const hash = createHash('sha256').update(`${process.versions.modules} ${process.platform} ${process.arch}`);
  for (const input of inputs) {
    for (const file of filesOf(join(root, input)))
      hash.update(file.slice(root.length)).update(readFileSync(file));
  }
  return hash.digest('hex');
}

function filesOf(path) {
  if (!existsSync(path)) return [];
  const entries = attemptReaddir(path);
  if (!entries) return [path];
  return entries
    .filter((entry) => !made.has(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => filesOf(join(path, entry.name)));
}

function attemptReaddir(path) {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch {
    return null;
  }
}

function npm(...words) {
  const cli = process.env.npm_execpath;
  const env = { ...process.env, NODE_ENV: 'development' };
  if (cli?.endsWith('.js'))
    execFileSync(process.execPath, [cli, ...words], { cwd: root, stdio: ['ignore', 2, 2], env });
  else
    execFileSync(process.platform === 'win32' ? 'npm.cmd' : 'npm', words, {
      cwd: root,
      stdio: ['ignore', 2, 2],
      env,
      shell: process.platform === 'win32',
    });
}

function node(script, words, env = {}) {
  execFileSync(process.execPath, [join(root, script), ...words], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, ...env },
  });
}
