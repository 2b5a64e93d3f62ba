import type { EventRetention } from '../../domain/ports/index.js';
import type { SqlEngine } from '../engine/sql-engine.js';
import { unusedDaysKept } from './dimension-cache.js';

const countText = 'SELECT count(*)::int AS count FROM events WHERE created_at < $1';

/**
 * By physical address, because the rows are locked and events are never updated. What another purge has locked
 * is skipped, not waited for.
 */
const deleteText = `DELETE FROM events WHERE ctid = ANY (ARRAY(
  SELECT ctid FROM events WHERE created_at < $1 ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED))`;

/**
 * Deletes combinations of words that no event refers to. The server's clock decides, as it does when a row is marked
 * as used. A writer that marks the row at this very moment makes this statement skip it, or stores it anew after it.
 */
const cleanUpText = `DELETE FROM event_dimensions d
  WHERE d.last_used < (now() AT TIME ZONE 'UTC')::date - $1::int
    AND NOT EXISTS (SELECT FROM events e WHERE e.dimension_id = d.id)`;

/** The forgetting of events, and of the words that only they needed. */
export function createEventRetention({ query }: SqlEngine): EventRetention {
  return {
    async countBefore(dayStart) {
      const { rows } = await query({ text: countText, values: [dayStart] });
      return Number(rows[0]?.count);
    },
    async deleteBefore(dayStart, limit) {
      return (await query({ text: deleteText, values: [dayStart, limit] })).affected;
    },
    async cleanUp() {
      return (await query({ text: cleanUpText, values: [unusedDaysKept] })).affected;
    },
  };
}
