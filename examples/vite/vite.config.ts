import react from '@vitejs/plugin-react';
import { defineConfig, loadEnv } from 'vite';

export default defineConfig(({ mode }) => {
  const { SIGNALS_URL = 'http://127.0.0.1:4008' } = loadEnv(mode, import.meta.dirname, 'SIGNALS_');
  return {
    plugins: [react()],
    // The browser only ever talks to its own origin, as it would behind one gateway: no CORS. `vite preview` does
    // the same.
    server: { proxy: { '/graphql': SIGNALS_URL } },
  };
});
