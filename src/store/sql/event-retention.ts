import type { EventRetention } from '../../domain/ports/index.js';
import type { SaltDay } from '../../domain/reading/plan.js';
import type { SqlEngine } from '../engine/sql-engine.js';
import { failureCode } from '../engine/sql-failure.js';
import { closeDay } from './closed-days.js';
import { unusedDaysKept } from './dimension-cache.js';
import type { Query } from './stats/count-day.js';
import { forgetTotals } from './stats/forget-totals.js';
import { isSealed, sealDay } from './stats/seal-day.js';

const countText = 'SELECT count(*)::int AS count FROM events WHERE created_at < $1';

const oldestText = `SELECT
  (SELECT min(created_at) FROM events WHERE created_at < $1) AS event,
  least(
    (SELECT min(day) FROM stat_state WHERE day < $2::date AND NOT sealed),
    (SELECT min(c.day) FROM stat_change c WHERE c.day < $2::date
      AND NOT EXISTS (SELECT FROM stat_state s WHERE s.day = c.day AND s.sealed))
  )::text AS counts`;

/**
 * By physical address, because the rows are locked and events are never updated. What another purge has locked
 * is skipped, not waited for.
 */
const deleteText = `DELETE FROM events WHERE ctid = ANY (ARRAY(
  SELECT ctid FROM events WHERE created_at >= $1 AND created_at < $2
  ORDER BY created_at LIMIT $3 FOR UPDATE SKIP LOCKED))`;

/**
 * Deletes combinations of words that no event refers to. The server's clock decides, as it does when a row is marked
 * as used. A writer that marks the row at this very moment makes this statement skip it, or stores it anew after it.
 */
const cleanUpText = `DELETE FROM event_dimensions d
  WHERE d.last_used < (now() AT TIME ZONE 'UTC')::date - $1::int
    AND NOT EXISTS (SELECT FROM events e WHERE e.dimension_id = d.id)`;

/** The forgetting of events, and of what only they needed. */
export function createEventRetention(engine: SqlEngine): EventRetention {
  const { query, snapshot } = engine;
  return {
    async countBefore(dayStart) {
      const { rows } = await query({ text: countText, values: [dayStart] });
      return Number(rows[0]?.count);
    },
    async oldestBefore({ day, start }) {
      const [row] = (await query({ text: oldestText, values: [start, day] })).rows;
      return { event: (row?.event as Date | null) ?? null, counts: (row?.counts as string | null) ?? null };
    },
    async forgetDay(day, limit, rules) {
      await untilFree(() => closeDay(engine, day.day));
      return untilFree(() =>
        snapshot('work', async (run) => {
          if (!(await isSealed(run, day))) await sealDay(run, day, rules);
          return deleteRows(run, day, limit);
        }),
      );
    },
    forgetTotals: (day, rules) => forgetTotals(query, day, rules),
    async cleanUp() {
      return (await query({ text: cleanUpText, values: [unusedDaysKept] })).affected;
    },
  };
}

async function deleteRows(query: Query, { start, end }: SaltDay, limit: number): Promise<number> {
  return (await query({ text: deleteText, values: [start, end, limit] })).affected;
}

/** Somebody else changed the same rows meanwhile, or had them locked for longer than we wait. */
const busyCodes: ReadonlySet<string | null> = new Set(['40001', '40P01', '55P03']);
const attempts = 5;

/** Tries again what met somebody else, such as a refresher that counts the same day; a few times, then it rejects. */
async function untilFree<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === attempts || !busyCodes.has(failureCode(error))) throw error;
    }
  }
}
