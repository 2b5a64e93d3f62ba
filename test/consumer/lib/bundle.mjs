import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { build } from 'esbuild';

/** The folders that code for browsers is made of. `src/contract` is what both sides know of the wire. */
const forBrowsers = ['src/client/', 'src/sdk/', 'src/react/', 'src/contract/'];

/** What an application that uses the entry has already. */
const peers = ['react', 'react/jsx-runtime', '@apollo/client', '@apollo/client/*'];

/**
 * Bundles an entry for browsers in an application's folder. Throws where it needs a module of Node's or a package
 * that is not a peer, and where anything in it was written for the server: by the source maps of the files
 * that the bundle reads, whatever files the build has put it into.
 */
export async function bundleForBrowsers(folder, specifier) {
  const { metafile, outputFiles } = await build({
    absWorkingDir: folder,
    stdin: { contents: `export * from ${JSON.stringify(specifier)};`, resolveDir: folder },
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    conditions: ['browser'],
    external: peers,
    logLevel: 'silent',
  });
  const inputs = Object.keys(metafile.inputs).filter((input) => input !== '<stdin>');
  if (inputs.length === 0) throw new Error('nothing was bundled');
  const problems = inputs.flatMap((input) => strangers(folder, input));
  const text = outputFiles.map((file) => file.text).join('\n');
  const globals = text.match(/\b(?:process|Buffer|require|__dirname|setImmediate)\b(?=[.(])/g) ?? [];
  problems.push(...globals.map((name) => `uses ${name}, which browsers do not have`));
  if (problems.length > 0) throw new Error([...new Set(problems)].join('\n'));
}

/** A bundler reads what must run in the browser by this first line, also after our own build. */
export function startsWithUseClient(folder, file) {
  const text = readFileSync(join(folder, 'node_modules', 'signals-client', file), 'utf8');
  if (!/^\s*(['"])use client\1/.test(text)) throw new Error(`${file} does not begin with 'use client'`);
}

/** What a file of the bundle was made of and is not for browsers. */
function strangers(folder, input) {
  const home = join(folder, 'node_modules', 'signals-client');
  const file = join(folder, input);
  const inPackage = relative(home, file).split(sep).join('/');
  if (inPackage.startsWith('..')) return [`reads ${input}, which is not ours`];
  const map = `${file}.map`;
  if (!existsSync(map)) return [`${inPackage} has no source map to judge it by`];
  return JSON.parse(readFileSync(map, 'utf8'))
    .sources.map((source) =>
      relative(home, join(dirname(file), source))
        .split(sep)
        .join('/'),
    )
    .filter((source) => !forBrowsers.some((known) => source.startsWith(known)))
    .map((source) => `${inPackage} holds ${source}`);
}
