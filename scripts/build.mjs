// Compiles to dist/: one file per entry, shared chunks beside them, dependencies left outside.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { internalNames } from './internal-names.mjs';
import { thirdPartyNotices } from './third-party-notices.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

rmSync(join(root, 'dist'), { recursive: true, force: true });

// The server. What package.json names as a dependency stays outside; what it names as a development dependency, such
// as Prisma's run time, is put into dist/: installing @prisma/client would install Prisma's command line, its studio
// and TypeScript as well (docs/adr/0004).
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: { main: 'src/main.ts', index: 'src/node-client/index.ts', cli: 'src/cli/main.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  external: Object.keys(dependencies),
  // Prisma's run time is a CommonJS module and requires modules of Node.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module';\nconst require = requireFrom(import.meta.url);",
  },
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: true,
  chunkNames: 'chunks/[name]-[hash]',
  logLevel: 'warning',
  metafile: true,
  plugins: [{ name: 'wasm-without-source-map', setup: leaveWasmOutOfSourceMaps }],
});
writeFileSync(join(root, 'dist', 'THIRD-PARTY-NOTICES.txt'), thirdPartyNotices(metafile, root));

// What runs in browsers: dependencies outside as well, so that an app has one React and one Apollo Client. The names
// that only our own modules use are shortened, which an application's bundler cannot do; the source maps have them.
await build({
  absWorkingDir: root,
  entryPoints: {
    sdk: 'src/sdk/index.ts',
    'sdk/offline': 'src/sdk/offline/index.ts',
    'sdk/apollo': 'src/sdk/apollo.ts',
    'sdk/urql': 'src/sdk/urql.ts',
    'sdk/session': 'src/sdk/tab-session.ts',
    'sdk/debug': 'src/sdk/debug/index.ts',
    'sdk/testing': 'src/sdk/testing.ts',
    'sdk/capture': 'src/sdk/capture/index.ts',
    react: 'src/react/index.ts',
    'react/capture': 'src/react/capture.ts',
  },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  packages: 'external',
  platform: 'browser',
  format: 'esm',
  target: 'es2022',
  mangleProps: new RegExp(`^(${internalNames.join('|')})$`),
  sourcemap: true,
  chunkNames: 'chunks/[name]-[hash]',
  logLevel: 'warning',
});

/** Prisma's query compiler is one string of 4.6 MB. An empty map of its own keeps a second copy out of our source map. */
function leaveWasmOutOfSourceMaps({ onLoad }) {
  const emptyMap = Buffer.from(
    '{"version":3,"sources":["query-compiler"],"sourcesContent":[""],"mappings":"AAAA"}',
  ).toString('base64');
  onLoad({ filter: /\.wasm-base64\.mjs$/ }, ({ path }) => ({
    contents: `${readFileSync(path, 'utf8')}\n//# sourceMappingURL=data:application/json;base64,${emptyMap}`,
  }));
}
