import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleForBrowsers, startsWithUseClient } from './lib/bundle.mjs';
import { application, pack, provide } from './lib/folders.mjs';
import { lintPackage, lintTypes } from './lib/lint.mjs';
import { node, npm } from './lib/processes.mjs';
import { createReport } from './lib/report.mjs';
import { typeCheck } from './lib/types.mjs';

const withReact = (version) => ({
  react: version === 19 ? 'react' : `react-${version}`,
  'react-dom': version === 19 ? 'react-dom' : `react-dom-${version}`,
  '@types/react': version === 19 ? '@types/react' : `@types/react-${version}`,
});
const withApollo = (from) => ({ '@apollo/client': from, graphql: 'graphql', rxjs: 'rxjs' });
const nodeNext = { module: 'NodeNext', moduleResolution: 'NodeNext' };
/** What an application with the least care for it has. */
const lax = { exactOptionalPropertyTypes: false, noUncheckedIndexedAccess: false, lib: ['ES2020', 'DOM'] };

/** For a program of Node: its resolution, its types, no DOM. */
const forNode = { ...nodeNext, lib: ['ES2022'], types: ['node'] };

/** Checks the package in `root`, built, or a tarball of it; answers the exit code. */
export async function check({ root, here, folder, tarball: given }) {
  const report = createReport(process.stdout);
  const installed = join(here, 'node_modules');
  const programs = join(here, 'programs');
  const tarball = given ?? (await packBuilt(root, folder));
  // The one that takes longest begins first, and has a folder to itself.
  const nodeFolder = join(folder, 'node');
  const installation = installForNode(nodeFolder, { tarball, installed });
  installation.catch(() => {});

  report.section('The tarball');
  await report.check('publint, strict', () => lintPackage(tarball));
  await report.check('are the types wrong? (esm-only)', () => lintTypes(tarball));

  const make = (name, packages) => application(join(folder, name), { tarball, installed, packages });
  const bare = await make('bare');
  const react18 = await make('react-18', withReact(18));
  const react19 = await make('react-19', withReact(19));
  const apollo3 = await make('apollo-3', withApollo('@apollo/client-3'));
  const apollo4 = await make('apollo-4', withApollo('@apollo/client'));
  const urql = await make('urql', { '@urql/core': '@urql/core' });

  const types = (name, at, program, more) =>
    report.check(name, () => typeCheck(at, program, { programs, installed, ...more }));
  report.section('Types, with skipLibCheck off');
  await types('browser, no dependency', bare, 'browser.ts');
  await types('browser, without exactOptionalPropertyTypes, lib ES2020', bare, 'browser.ts', {
    options: lax,
  });
  await types('browser, NodeNext resolution', bare, 'browser.ts', { options: nodeNext });
  await types('browser, TypeScript 6', bare, 'browser.ts', { compiler: 'typescript-6' });
  await types('browser, TypeScript 7', bare, 'browser.ts', { compiler: 'typescript-7' });
  await types('React 18', react18, 'react.tsx');
  await types('React 19', react19, 'react.tsx');
  await types('React 19, without exactOptionalPropertyTypes', react19, 'react.tsx', { options: lax });
  await types('React 19, TypeScript 7', react19, 'react.tsx', { compiler: 'typescript-7' });
  // Not with exactOptionalPropertyTypes: Apollo's own declarations have an error then.
  await types('Apollo Client 4', apollo4, 'apollo.ts', { options: lax });
  await types('Apollo Client 3', apollo3, 'apollo.ts');
  await types('urql', urql, 'urql.ts');

  report.section('Bundles for browsers: no module of Node, no file of the server');
  const bundle = (at, entry, external) =>
    report.check(entry, () => bundleForBrowsers(at, `signals-subgraph/${entry}`, { external }));
  for (const entry of [
    'sdk',
    'sdk/offline',
    'sdk/urql',
    'sdk/session',
    'sdk/debug',
    'sdk/testing',
    'sdk/capture',
  ])
    await bundle(bare, entry);
  await bundle(apollo4, 'sdk/apollo', ['@apollo/client', '@apollo/client/*']);
  for (const entry of ['react', 'react/capture']) {
    await bundle(react19, entry, ['react', 'react/jsx-runtime']);
    await report.check(`${entry} begins with 'use client'`, () =>
      startsWithUseClient(bare, fileOf(bare, entry)),
    );
  }

  report.section('On a server, without a window');
  for (const [name, at] of [
    ['React 18', react18],
    ['React 19', react19],
  ]) {
    await report.check(`${name}: imports, an idle tracker, renderToString`, () =>
      run(at, programs, 'server-render.mjs'),
    );
  }

  report.section('Node, installed with its dependencies');
  if (!(await report.check('npm install', () => installation))) return report.finish();
  await types('types, NodeNext', nodeFolder, 'node.ts', { options: forNode });
  await types('types, TypeScript 7', nodeFolder, 'node.ts', { options: forNode, compiler: 'typescript-7' });
  await report.check('import and require', () => run(nodeFolder, programs, 'node-import.mjs'));
  await report.check('npx signals codegen', () => generate(nodeFolder));
  await types('the types it wrote', nodeFolder, 'generated.ts');
  await types('the types it wrote, NodeNext', nodeFolder, 'generated.ts', { options: nodeNext });
  await types('the types it wrote, TypeScript 7', nodeFolder, 'generated.ts', { compiler: 'typescript-7' });
  return report.finish();
}

async function packBuilt(root, folder) {
  if (!existsSync(join(root, 'dist', 'types'))) throw new Error('dist/ is not complete: run npm run build');
  return pack(npm, root, join(folder, 'pack'));
}

/** As anybody would: from the tarball, with all its dependencies, none of whose install scripts is needed. */
async function installForNode(folder, { tarball, installed }) {
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  await npm(['install', tarball, '--ignore-scripts', '--prefer-offline'], {
    cwd: folder,
    timeoutMs: 300_000,
  });
  provide(folder, installed, '@types/node', '@types/node');
}

async function generate(folder) {
  const catalogue = join('node_modules', 'signals-subgraph', 'examples', 'catalogue.json');
  const words = ['--catalog', catalogue, '--app', 'journeys-admin', '--out', 'signals-events.ts'];
  await npm(['exec', '--offline', '--', 'signals', 'codegen', ...words], { cwd: folder });
  const text = readFileSync(join(folder, 'signals-events.ts'), 'utf8');
  assert.match(text, /declare module 'signals-subgraph\/sdk'/);
}

function run(folder, programs, program) {
  cpSync(join(programs, program), join(folder, program));
  return node(program, [], { cwd: folder, timeoutMs: 20_000 });
}

/** The JavaScript of an entry, from the package's folder. */
function fileOf(folder, entry) {
  const manifest = readFileSync(join(folder, 'node_modules', 'signals-subgraph', 'package.json'), 'utf8');
  return JSON.parse(manifest).exports[`./${entry}`].default;
}
