import type { NextConfig } from 'next';

const signals = process.env.SIGNALS_URL ?? 'http://127.0.0.1:4008';

const config: NextConfig = {
  // The browser only ever talks to its own origin, as it would behind one gateway: no CORS. `next build` writes
  // the address down, so set SIGNALS_URL before it.
  rewrites: async () => [{ source: '/graphql', destination: `${signals}/graphql` }],
  // Only because this folder lies inside another package with a lockfile of its own.
  turbopack: { root: import.meta.dirname },
};

export default config;
