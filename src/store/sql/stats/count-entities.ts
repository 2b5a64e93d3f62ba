import type { SaltDay } from '../../../domain/reading/plan.js';
import type { Statement } from '../../engine/sql-engine.js';

const text = `INSERT INTO entity_day (day, entity_type, entity_id, events, visitors, sessions)
SELECT $1::date, coalesce(d.entity_type, ''), e.entity_id, count(*), count(DISTINCT user_hash), count(DISTINCT session_hash)
FROM events e JOIN event_dimensions d ON d.id = e.dimension_id
WHERE created_at >= $2 AND created_at < $3 AND e.entity_id IS NOT NULL
GROUP BY 2, 3`;

/** The statement that fills `entity_day` for a day that has no rows there. */
export function countEntities({ day, start, end }: SaltDay): Statement {
  return { text, values: [day, start, end] };
}
