import type { Readiness, Reason } from '../../domain/ports/index.js';
import { reasonOf } from '../engine/reason-of.js';
import { storeReasons } from '../engine/reasons.js';
import type { SqlEngine } from '../engine/sql-engine.js';
import { migrationState } from '../migrations/migration-state.js';
import { isOtherZone } from './stats/kept-zone.js';

/** Null for a table that is not there, which a migration mends. */
const writableQuery = {
  text: `SELECT current_setting('transaction_read_only') = 'on' AS read_only,
has_table_privilege(to_regclass('events'), 'SELECT') AND has_table_privilege(to_regclass('events'), 'INSERT')
AND has_table_privilege(to_regclass('event_dimensions'), 'SELECT')
AND has_table_privilege(to_regclass('event_dimensions'), 'INSERT')
AND has_table_privilege(to_regclass('event_dimensions'), 'UPDATE')
AND has_table_privilege(to_regclass('kept_from'), 'SELECT')
AND has_table_privilege(to_regclass('kept_from'), 'UPDATE')
AND has_table_privilege(to_regclass('stat_change'), 'INSERT')
AND has_table_privilege(to_regclass('stat_zone'), 'SELECT') AS may`,
  values: [],
};

/** Not ready, and why. */
export function unready({ code, sentence }: Reason): Readiness {
  return { ready: false, reason: code, sentence };
}

/**
 * Asks the database whether events can be stored: reachable, writable, migrated as far as the code knows, with days of
 * our zone. Never
 * rejects and answers within `timeoutMs`, with what was found out last where the question takes longer. Calls that
 * come while a question is open share its answer.
 */
export function createReadiness(
  query: SqlEngine['query'],
  known: readonly string[],
  dayZone: string,
  timeoutMs = 1_500,
): () => Promise<Readiness> {
  let open: Promise<Reason | null> | null = null;
  let last: Reason | null = null;
  return async () => {
    open ??= ask(query, known, dayZone).finally(() => {
      open = null;
    });
    const asked = open.then((reason) => {
      last = reason;
      return reason;
    });
    const reason = await within(asked, timeoutMs, () => last ?? storeReasons.slow);
    return reason ? unready(reason) : { ready: true };
  };
}

async function ask(
  query: SqlEngine['query'],
  known: readonly string[],
  dayZone: string,
): Promise<Reason | null> {
  try {
    const { rows } = await query(writableQuery);
    if (rows[0]?.read_only === true) return storeReasons.readOnly;
    const state = await migrationState(query, known);
    if (state === 'pending') return storeReasons.pending;
    if (rows[0]?.may === false) return storeReasons.noRights;
    if (state === 'newer') return storeReasons.newer;
    return (await isOtherZone(query, dayZone)) ? storeReasons.otherZone : null;
  } catch (error) {
    return reasonOf(error) ?? storeReasons.unknown;
  }
}

async function within(
  answer: Promise<Reason | null>,
  timeoutMs: number,
  otherwise: () => Reason,
): Promise<Reason | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Reason>((resolve) => {
    timer = setTimeout(() => resolve(otherwise()), timeoutMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
