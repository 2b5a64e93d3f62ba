import assert from 'node:assert/strict';
import { join } from 'node:path';
import { bundleForBrowsers, startsWithUseClient } from '../lib/bundle.mjs';
import { application, entriesOf, installAlone, runProgram } from '../lib/folders.mjs';
import { lintPackage, lintTypes } from '../lib/lint.mjs';
import { installedPackages, kilobytes, sizeOf } from '../lib/sizes.mjs';
import { typeCheck } from '../lib/types.mjs';

/** What an application may have to download for a client at most, unpacked, source maps included. */
const maxBytes = 1_000_000;

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

/** Checks the client package; answers the folder of an application that has nothing else. */
export async function checkClient({ report, folder, tarball, installed, programs }) {
  report.section('The client, installed alone');
  const alone = await installAlone(join(folder, 'alone'), tarball, ['--offline']);
  await report.check('one package, no dependency', () => onlyTheClient(alone));
  await report.check(`less than ${kilobytes(maxBytes)} unpacked`, () => smallEnough(alone));
  await report.check('publint, strict', () => lintPackage(tarball));
  await report.check('are the types wrong? (esm-only)', () => lintTypes(tarball));

  const make = (name, packages) => application(join(folder, name), { tarball, installed, packages });
  const bare = await make('bare');
  const node = await make('node', { '@types/node': '@types/node' });
  const react18 = await make('react-18', withReact(18));
  const react19 = await make('react-19', withReact(19));
  const apollo3 = await make('apollo-3', withApollo('@apollo/client-3'));
  const apollo4 = await make('apollo-4', withApollo('@apollo/client'));
  const urql = await make('urql', { '@urql/core': '@urql/core' });

  const types = (name, at, program, more) =>
    report.check(name, () => typeCheck(at, program, { programs, installed, ...more }));
  report.section('Its types, with skipLibCheck off');
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
  await types('Node, NodeNext', node, 'node.ts', { options: forNode });
  await types('Node, TypeScript 7', node, 'node.ts', { options: forNode, compiler: 'typescript-7' });

  report.section('Its bundles for browsers: no module of Node, no file of the server');
  const places = { './apollo': apollo4, './react': react19, './react/capture': react19 };
  const entries = entriesOf(bare).filter(([entry]) => entry !== './node');
  for (const [entry, file] of entries) {
    const at = places[entry] ?? bare;
    await report.check(entry, () => bundleForBrowsers(at, `signals-client${entry.slice(1)}`));
    if (at === react19)
      await report.check(`${entry} begins with 'use client'`, () => startsWithUseClient(at, file));
  }

  report.section('Without a browser');
  for (const [name, at] of [
    ['React 18', react18],
    ['React 19', react19],
  ]) {
    await report.check(`${name}: imports, an idle tracker, renderToString`, () =>
      runProgram(at, programs, 'server-render.mjs'),
    );
  }
  await report.check('Node: import and require', () => runProgram(alone, programs, 'node-import.mjs'));
  return bare;
}

function onlyTheClient(folder) {
  assert.deepEqual(installedPackages(folder), ['node_modules/signals-client']);
}

function smallEnough(folder) {
  const bytes = sizeOf(join(folder, 'node_modules', 'signals-client'));
  assert.ok(bytes < maxBytes, `it has ${kilobytes(bytes)}`);
  return kilobytes(bytes);
}
