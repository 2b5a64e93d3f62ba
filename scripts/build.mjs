// `node scripts/build.mjs [server] [client]` compiles the packages that are named: one file per entry, shared chunks
// beside them, dependencies left outside. The server goes to dist/, the client to packages/client/dist/.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { thirdPartyNotices } from './third-party-notices.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

const common = {
  absWorkingDir: root,
  bundle: true,
  splitting: true,
  format: 'esm',
  sourcemap: true,
  chunkNames: 'chunks/[name]-[hash]',
  logLevel: 'warning',
};

const builds = { server: buildServer, client: buildClient };

for (const name of process.argv.slice(2)) await builds[name]();

/**
 * What package.json names as a dependency stays outside; what it names as a development dependency, such as Prisma's
 * run time, is put into dist/: installing @prisma/client would install Prisma's command line, its studio and
 * TypeScript as well (docs/adr/0004).
 */
async function buildServer() {
  clear('dist');
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const { metafile } = await build({
    ...common,
    entryPoints: { main: 'src/main.ts', cli: 'src/cli/main.ts' },
    outdir: 'dist',
    external: Object.keys(dependencies),
    // Prisma's run time is a CommonJS module and requires modules of Node.
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module';\nconst require = requireFrom(import.meta.url);",
    },
    platform: 'node',
    target: 'node20',
    metafile: true,
    plugins: [{ name: 'wasm-without-source-map', setup: leaveWasmOutOfSourceMaps }],
  });
  writeFileSync(join(root, 'dist', 'THIRD-PARTY-NOTICES.txt'), thirdPartyNotices(metafile, root));
}

/** Prisma's query compiler is one string of 4.6 MB. An empty map of its own keeps a second copy out of our source map. */
function leaveWasmOutOfSourceMaps({ onLoad }) {
  const emptyMap = Buffer.from(
    '{"version":3,"sources":["query-compiler"],"sourcesContent":[""],"mappings":"AAAA"}',
  ).toString('base64');
  onLoad({ filter: /\.wasm-base64\.mjs$/ }, ({ path }) => ({
    contents: `${readFileSync(path, 'utf8')}\n//# sourceMappingURL=data:application/json;base64,${emptyMap}`,
  }));
}

async function buildClient() {
  clear('packages/client/dist');
  await Promise.all([buildBrowserEntries(), buildNodeEntry()]);
  placeSourcesInPackage('packages/client');
}

// What runs in browsers: dependencies outside as well, so that an app has one React and one Apollo Client.
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
    packages: 'external',
    platform: 'browser',
    target: 'es2022',
  });
}

function buildNodeEntry() {
  return build({
    ...common,
    entryPoints: { node: 'src/node-client/index.ts' },
    outdir: 'packages/client/dist',
    packages: 'external',
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
