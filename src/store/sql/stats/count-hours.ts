import type { SaltDay } from '../../../domain/reading/plan.js';
import type { Statement } from '../../engine/sql-engine.js';

/** A day may begin within an hour of UTC: then its first hour begins with it. */
const text = `WITH hourly AS (
  SELECT greatest(date_trunc('hour', created_at, 'UTC'), $2::timestamptz) AS hour, dimension_id, count(*) AS events
  FROM events WHERE created_at >= $2 AND created_at < $3 GROUP BY 1, 2
)
INSERT INTO stat_hour (day, hour, kind, app, type, events)
SELECT $1::date, hour, CASE GROUPING(app_name, event_type) WHEN 3 THEN 0 WHEN 1 THEN 1 ELSE 2 END,
  app_name, event_type, sum(events)
FROM hourly JOIN event_dimensions d ON d.id = dimension_id
GROUP BY hour, GROUPING SETS ((), (app_name), (app_name, event_type))`;

/** The statement that fills `stat_hour` for a day that has no rows there. */
export function countHours({ day, start, end }: SaltDay): Statement {
  return { text, values: [day, start, end] };
}
