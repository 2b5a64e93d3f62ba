import { histogramBounds } from '../../../domain/reading/histogram.js';
import type { SaltDay } from '../../../domain/reading/plan.js';
import type { Query } from '../../engine/sql-engine.js';
import { kinds, wordColumns } from './kinds.js';

/** Counts a day anew from its raw rows, within a transaction of one snapshot. */
export async function countDay(query: Query, { day, start, end }: SaltDay): Promise<void> {
  for (const table of ['stat_day', 'stat_hour', 'stat_property', 'stat_set', 'entity_day', 'stat_change'])
    await query({ text: `DELETE FROM ${table} WHERE day = $1::date`, values: [day] });
  const raw = `FROM events e JOIN event_dimensions d ON d.id = e.dimension_id
    WHERE e.created_at >= $2 AND e.created_at < $3`;
  for (const { number, within, word } of kinds) {
    const app = within.includes('APP') ? 'd.app_name' : 'NULL::text';
    const type = within.includes('EVENT_TYPE') ? 'd.event_type' : 'NULL::text';
    const w = word === null ? 'NULL::text' : `d.${wordColumns[word]}`;
    await query({
      text: `INSERT INTO stat_day (day, kind, visitors, events, sessions, app, type, word)
        SELECT $1::date, ${number}, count(DISTINCT e.user_hash), count(*), count(DISTINCT e.session_hash), ${app}, ${type}, ${w}
        ${raw} GROUP BY 1, 2, 6, 7, 8`,
      values: [day, start, end],
    });
    if (number > 2) continue;
    await query({
      text: `INSERT INTO stat_hour (hour, day, kind, events, app, type)
        SELECT greatest(date_trunc('hour', e.created_at, 'UTC'), $2), $1::date, ${number}, count(*), ${app}, ${type}
        ${raw} GROUP BY 1, 2, 3, 5, 6`,
      values: [day, start, end],
    });
  }
  await query({
    text: `INSERT INTO entity_day (entity_type, entity_id, day, visitors, events, sessions)
      SELECT coalesce(d.entity_type, ''), e.entity_id, $1::date, count(DISTINCT e.user_hash), count(*), count(DISTINCT e.session_hash)
      ${raw} AND e.entity_id IS NOT NULL GROUP BY 1, 2, 3`,
    values: [day, start, end],
  });
  await query({
    text: `INSERT INTO stat_property (day, app, type, name, count, sum, min, max, buckets, counts)
      SELECT $1::date, app, type, name, sum(n), sum(s), min(lo), max(hi), array_agg(b ORDER BY b), array_agg(n ORDER BY b)
      FROM (
        SELECT d.app_name AS app, d.event_type AS type, p.key AS name,
          width_bucket((p.value #>> '{}')::float8, $4::float8[]) AS b, count(*) AS n, sum((p.value #>> '{}')::numeric) AS s,
          min((p.value #>> '{}')::float8) AS lo, max((p.value #>> '{}')::float8) AS hi
        FROM events e JOIN event_dimensions d ON d.id = e.dimension_id CROSS JOIN LATERAL json_each(e.properties) p
        WHERE e.created_at >= $2 AND e.created_at < $3 AND json_typeof(p.value) = 'number' GROUP BY 1, 2, 3, 4
      ) x GROUP BY app, type, name`,
    values: [day, start, end, histogramBounds],
  });
  await query({
    text: `INSERT INTO stat_state (day, counted_at) VALUES ($1::date, now())
      ON CONFLICT (day) DO UPDATE SET counted_at = excluded.counted_at`,
    values: [day],
  });
}
