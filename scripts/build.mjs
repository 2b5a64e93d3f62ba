// `node scripts/build.mjs [server] [client]` compiles the packages that are named: one file per entry, shared chunks
// beside them, dependencies left outside. The server goes to dist/, the client to packages/client/dist/.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { internalNames } from './internal-names.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

const common = {
  absWorkingDir: root,
  bundle: true,
  splitting: true,
  packages: 'external',
  format: 'esm',
  sourcemap: true,
  chunkNames: 'chunks/[name]-[hash]',
  logLevel: 'warning',
};

const builds = { server: buildServer, client: buildClient };

for (const name of process.argv.slice(2)) await builds[name]();

async function buildServer() {
  clear('dist');
  await build({
    ...common,
    entryPoints: { main: 'src/main.ts', cli: 'src/cli/main.ts' },
    outdir: 'dist',
    platform: 'node',
    target: 'node20',
  });
}

async function buildClient() {
  clear('packages/client/dist');
  await Promise.all([buildBrowserEntries(), buildNodeEntry()]);
  placeSourcesInPackage('packages/client');
}

// What runs in browsers: dependencies outside as well, so that an app has one React and one Apollo Client. The names
// that only our own modules use are shortened, which an application's bundler cannot do; the source maps have them.
function buildBrowserEntries() {
  return build({
    ...common,
    entryPoints: {
      core: 'src/sdk/index.ts',
      offline: 'src/sdk/offline/index.ts',
      apollo: 'src/sdk/apollo.ts',
      urql: 'src/sdk/urql.ts',
      session: 'src/sdk/tab-session.ts',
      debug: 'src/sdk/debug/index.ts',
      testing: 'src/sdk/testing.ts',
      capture: 'src/sdk/capture/index.ts',
      react: 'src/react/index.ts',
      'react/capture': 'src/react/capture.ts',
    },
    outdir: 'packages/client/dist',
    platform: 'browser',
    target: 'es2022',
    mangleProps: new RegExp(`^(${internalNames.join('|')})$`),
  });
}

function buildNodeEntry() {
  return build({
    ...common,
    entryPoints: { node: 'src/node-client/index.ts' },
    outdir: 'packages/client/dist',
    platform: 'node',
    target: 'node20',
  });
}

/**
 * The sources lie above the folder of the package. Their paths in an application's debugger would be those of the
 * application's own `src`, so the source maps place them in a `src` of the package. Their text is in the maps.
 */
function placeSourcesInPackage(folder) {
  const dist = join(root, folder, 'dist');
  for (const name of readdirSync(dist, { recursive: true }).filter((name) => name.endsWith('.map'))) {
    const file = join(dist, name);
    const map = JSON.parse(readFileSync(file, 'utf8'));
    map.sources = map.sources.map((source) => {
      const inRoot = relative(root, resolve(dirname(file), source));
      return relative(dirname(file), join(root, folder, inRoot))
        .split(sep)
        .join('/');
    });
    writeFileSync(file, JSON.stringify(map));
  }
}

/** Nothing of an earlier build is packed with a later one. */
function clear(folder) {
  rmSync(join(root, folder), { recursive: true, force: true });
}
