import type { MigrationTarget } from './migrate.js';
import type { PgliteEngine } from './pglite.js';

/** The migration target of a PGlite: its folder is this process's alone, so is the right to migrate it. */
export function pgliteMigrationTarget({ query, adapter }: PgliteEngine): MigrationTarget {
  return { query, exclusively: (work) => work(adapter) };
}
