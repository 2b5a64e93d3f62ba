import type { Job } from './job.js';
import { purge } from './purge.js';
import { rewriteRows } from './rewrite-rows.js';

/** Every job there is. */
export const jobs: readonly Job[] = [purge, rewriteRows];
