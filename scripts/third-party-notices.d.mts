import type { Metafile } from 'esbuild';

/** See third-party-notices.mjs. */
export function thirdPartyNotices(metafile: Pick<Metafile, 'outputs'>, root: string): string;
