#!/usr/bin/env node
// The door to every command of package.json. Plain JavaScript without dependencies, because on a clean clone
// there is nothing else yet. In a checkout it installs, generates and builds what is missing or stale, then runs the
// program. Anywhere else, and with SIGNALS_NO_BUILD, it only runs what is there.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
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

/** What each word needs to be there; `prepare` and `build` run nothing. */
const needs = {
  prepare: ['src/generated/.signals-documents'],
  build: ['dist/main.js', 'packages/client/dist/core.js'],
};

if (mayBuild()) make();
else refuseWithout(needs[program] ?? [`dist/${program}.js`]);
if (!(program in needs)) await run();

/** Only a checkout is built: nobody wants the development tools installed beside a service in production. */
function mayBuild() {
  const isCheckout = ['src', 'package-lock.json'].every((name) => existsSync(join(root, name)));
  return isCheckout && !process.env.SIGNALS_NO_BUILD;
}

/** Installs, generates and compiles what the program needs. */
function make() {
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
  if (program === 'prepare') return generateDocuments();
  build('server', 'dist/.signals-built');
  if (program === 'build') build('client', 'packages/client/dist/.signals-built');
}

/** What tests and type checks want on top: typed documents. */
function generateDocuments() {
  ensure(
    'src/generated/.signals-documents',
    ['schema.graphql', 'codegen.ts', 'test/support/documents.graphql', 'package-lock.json'],
    'generating typed documents',
    () => {
      node('node_modules/@graphql-codegen/cli/esm/bin.js', ['--config', 'codegen.ts', '--silent']);
    },
  );
}

/** Ends with one line where something is missing that may not be made here. */
function refuseWithout(files) {
  const missing = files.find((file) => !existsSync(join(root, file)));
  if (missing === undefined) return;
  const why = process.env.SIGNALS_NO_BUILD
    ? 'SIGNALS_NO_BUILD forbids to build'
    : 'only a checkout is built, which has src/ and package-lock.json';
  console.error(`signals: ${missing} is missing, and ${why}.`);
  process.exit(1);
}

async function run() {
  const file = join(root, 'dist', `${program}.js`);
  process.argv = [process.argv[0], file, ...args];
  try {
    await import(pathToFileURL(file).href);
  } catch (error) {
    if (error?.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    console.error('signals: a package that it needs is not installed; install it with: npm ci --omit=dev');
    process.exit(1);
  }
}

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
  // Prisma looks for its generators on the path, where npm puts this folder and a shell does not.
  const path = `${join(root, 'node_modules', '.bin')}${delimiter}${process.env.PATH ?? ''}`;
  execFileSync(process.execPath, [join(root, script), ...words], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, PATH: path, ...env },
  });
}
