// Compiles to dist/: one file per entry, shared chunks beside them, dependencies left outside.
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

rmSync(join(root, 'dist'), { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: { main: 'src/main.ts', index: 'src/node-client/index.ts', cli: 'src/cli/main.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: true,
  chunkNames: 'chunks/[name]-[hash]',
  logLevel: 'warning',
});

// What runs in browsers: dependencies outside as well, so that an app has one React and one Apollo Client.
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
  sourcemap: true,
  chunkNames: 'chunks/[name]-[hash]',
  logLevel: 'warning',
});
