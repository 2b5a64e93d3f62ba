import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const require = createRequire(import.meta.url);

export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  resolve: {
    // graphql 16 ships CommonJS and ESM; loading both breaks every instanceof in it.
    alias: [{ find: /^graphql$/, replacement: require.resolve('graphql') }],
  },
  test: {
    include: ['test/e2e/*.test.ts'],
    globalSetup: ['test/global-setup.ts'],
    reporters: ['verbose'],
    pool: 'forks',
    testTimeout: 20_000,
    hookTimeout: 90_000,
    // With the stack broken every scenario fails; the first few say all there is to say.
    bail: 4,
  },
});
