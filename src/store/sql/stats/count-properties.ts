import { histogramBounds } from '../../../domain/reading/histogram.js';
import type { SaltDay } from '../../../domain/reading/plan.js';
import type { Statement } from '../../engine/sql-engine.js';

/**
 * The numbers among the properties of a day. The sum is that of the JSON text, so that it is exact; least, greatest and
 * histogram are of doubles, which is what the client sent. The $5 names with the most numbers are kept. Answers
 * whether there were more. The rows of the day are taken first and on their own: beside `json_each`, whose loop nothing
 * can avoid, the planner was seen to walk through all rows of the table.
 */
const text = `WITH raw AS MATERIALIZED (
  SELECT dimension_id, properties FROM events WHERE created_at >= $2 AND created_at < $3
), number AS MATERIALIZED (
  SELECT dimension_id, p.key AS name, p.value::text::numeric AS exact, p.value::text::float8 AS value
  FROM raw CROSS JOIN LATERAL json_each(properties) p
  WHERE json_typeof(p.value) = 'number'
), bucket AS (
  SELECT dimension_id, name, width_bucket(value, $4::float8[]) AS bucket, count(*) AS count,
    sum(exact) AS sum, min(value) AS min, max(value) AS max
  FROM number GROUP BY 1, 2, 3
), known AS (
  SELECT name, row_number() OVER (ORDER BY sum(count) DESC, name COLLATE "C") <= $5::int AS kept FROM bucket GROUP BY name
), counted AS (
  SELECT d.app_name AS app, d.event_type AS type, name, bucket, sum(count) AS count, sum(sum) AS sum, min(min) AS min, max(max) AS max
  FROM bucket JOIN known USING (name) JOIN event_dimensions d ON d.id = dimension_id
  WHERE kept GROUP BY 1, 2, 3, 4
), stored AS (
  INSERT INTO stat_property (day, app, type, name, count, sum, min, max, buckets, counts)
  SELECT $1::date, app, type, name, sum(count), sum(sum), min(min), max(max),
    array_agg(bucket::smallint ORDER BY bucket), array_agg(count::bigint ORDER BY bucket)
  FROM counted GROUP BY app, type, name
)
SELECT coalesce(bool_or(NOT kept), false) AS more FROM known`;

/** The statement that fills `stat_property` for a day that has no rows there. */
export function countProperties({ day, start, end }: SaltDay, maxNames: number): Statement {
  return { text, values: [day, start, end, [...histogramBounds], maxNames] };
}
