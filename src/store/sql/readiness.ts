import type { Readiness } from '../../domain/ports/index.js';
import type { SqlEngine } from '../engine/sql-engine.js';
import { migrationState } from '../migrations/migration-state.js';

/** Why a store may be not ready: the whole list. */
export const unreadyReasons = [
  'store_unreachable',
  'store_slow',
  'store_read_only',
  'migrations_pending',
  'schema_newer_than_code',
  'store_closed',
] as const;
export type UnreadyReason = (typeof unreadyReasons)[number];

const readOnlyQuery = { text: "SELECT current_setting('transaction_read_only') AS value", values: [] };

/**
 * Asks the database whether events can be stored: reachable, writable, migrated as far as the code knows. Never
 * rejects and answers within `timeoutMs`. Calls that come while a question is open share its answer.
 */
export function createReadiness(
  query: SqlEngine['query'],
  known: readonly string[],
  timeoutMs = 1_500,
): () => Promise<Readiness> {
  let open: Promise<UnreadyReason | null> | null = null;
  return async () => {
    open ??= ask(query, known).finally(() => {
      open = null;
    });
    const reason = await within(open, timeoutMs);
    return reason === null ? { ready: true } : { ready: false, reason };
  };
}

async function ask(query: SqlEngine['query'], known: readonly string[]): Promise<UnreadyReason | null> {
  try {
    const { rows } = await query(readOnlyQuery);
    if (rows[0]?.value === 'on') return 'store_read_only';
    const state = await migrationState(query, known);
    if (state === 'pending') return 'migrations_pending';
    return state === 'newer' ? 'schema_newer_than_code' : null;
  } catch {
    return 'store_unreachable';
  }
}

async function within(
  answer: Promise<UnreadyReason | null>,
  timeoutMs: number,
): Promise<UnreadyReason | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<UnreadyReason>((resolve) => {
    timer = setTimeout(() => resolve('store_slow'), timeoutMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
