import { createHash } from 'node:crypto';
import type { Log } from '../../domain/ports/index.js';
import { failureCode } from '../engine/sql-failure.js';

/** Whether PostgreSQL may be given names for statements, so that it plans each of them once. */
export interface StatementNames {
  /** The name of a statement: the same text has the same name everywhere. Undefined: it goes without a name. */
  of(text: string): string | undefined;
  /** Told of an error. True: it was the name's fault, and no statement has one from now on. */
  gaveUp(error: unknown): boolean;
}

/** invalid_sql_statement_name and duplicate_prepared_statement. */
const nameErrors = new Set(['26000', '42P05']);

/**
 * Names until the first error that they cause. A pooler that gives each transaction another session of the server
 * loses them: what was named in one session is unknown in the next. Statements without a name work everywhere, and
 * cost about half a millisecond of planning each.
 */
export function createStatementNames(log: Log): StatementNames {
  const known = new Map<string, string>();
  let allowed = true;
  return {
    of(text) {
      if (!allowed) return undefined;
      const name = known.get(text) ?? `s_${createHash('sha256').update(text).digest('hex').slice(0, 24)}`;
      known.set(text, name);
      return name;
    },
    gaveUp(error) {
      const code = failureCode(error);
      if (code === null || !nameErrors.has(code)) return false;
      if (allowed)
        log.info({ code }, 'the connection pooler keeps no named statements; going on without names');
      allowed = false;
      return true;
    },
  };
}
