interface ImportMetaEnv {
  /** For development only: `npm run -s token -- --sub user-1` in the root of the repository. */
  readonly VITE_SIGNALS_TOKEN?: string;
}
