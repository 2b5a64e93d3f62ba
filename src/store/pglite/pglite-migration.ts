import type { MigrationTarget } from '../migrations/migrate.js';
import { wholeScripts } from '../migrations/whole-scripts.js';
import type { PgliteEngine } from './pglite.js';

/** The migration target of a PGlite: its folder is this process's alone, so is the right to migrate it. */
export function pgliteMigrationTarget({ query, adapter, client }: PgliteEngine): MigrationTarget {
  return { query, exclusively: (work) => work(wholeScripts(adapter, (script) => client.exec(script))) };
}
