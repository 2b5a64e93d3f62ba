import type { SaltDay } from '../../../domain/reading/plan.js';
import type { Statement } from '../../engine/sql-engine.js';
import { chunkBits, setKinds, wordColumns } from './kinds.js';

const kindsWithWords = setKinds
  .map(({ number, word }) => `(${number}, d.${word === null ? wordColumns.EVENT_TYPE : wordColumns[word]})`)
  .join(', ');

/**
 * Visitors as bits, for unions of words within an app. Each slice numbers them by itself and in an order that follows
 * from nothing, so that the bits of two slices cannot be laid side by side. A slice's numbers stand in one list, by the
 * visitor's place: every join is by one value, which is fast whatever the planner takes a day for. All bitmaps of a day
 * have one width. Where a slice has too many words ($4) it has no bitmaps: its days are answered from raw rows.
 */
const text = `WITH raw AS MATERIALIZED (
  SELECT dimension_id, user_hash, count(*) AS events
  FROM events WHERE created_at >= $2 AND created_at < $3 GROUP BY 1, 2
), visitor AS MATERIALIZED (
  SELECT user_hash, (row_number() OVER ())::int AS visitor
  FROM (SELECT DISTINCT user_hash FROM raw WHERE user_hash IS NOT NULL) AS one
), pair AS MATERIALIZED (
  SELECT dimension_id, visitor FROM raw JOIN visitor USING (user_hash)
), zero AS (
  SELECT repeat('0', least(${chunkBits}, greatest(1, (count(*) + 63) / 64) * 64)::int)::varbit AS bits FROM visitor
), anew AS MATERIALIZED (
  SELECT kind, array_agg(number ORDER BY visitor) AS numbers FROM (
    SELECT kind, visitor, (row_number() OVER (PARTITION BY kind ORDER BY random()) - 1)::int AS number
    FROM visitor CROSS JOIN unnest(ARRAY[${setKinds.map(({ number }) => number).join(', ')}]) AS k(kind)
  ) AS shuffled GROUP BY kind
), word AS MATERIALIZED (
  SELECT d.id AS dimension_id, d.app_name AS app, k.kind, k.word, dense_rank() OVER (ORDER BY k.kind, d.app_name, k.word) AS set
  FROM event_dimensions d CROSS JOIN LATERAL (VALUES ${kindsWithWords}) AS k(kind, word)
  WHERE d.id IN (SELECT dimension_id FROM raw) AND k.kind <> ALL ($4::int[])
), part AS (
  SELECT set, 0 AS chunk, events, (SELECT bits FROM zero) AS bits
  FROM (SELECT dimension_id, sum(events) AS events FROM raw GROUP BY 1) AS counted JOIN word USING (dimension_id)
  UNION ALL
  SELECT set, number / ${chunkBits}, 0, bit_or(set_bit((SELECT bits FROM zero), number % ${chunkBits}, 1))
  FROM (
    SELECT set, numbers[visitor] AS number FROM pair JOIN word USING (dimension_id) JOIN anew USING (kind)
  ) AS numbered GROUP BY 1, 2
), united AS (
  SELECT set, chunk, sum(events) AS events, bit_or(bits) AS bits FROM part GROUP BY 1, 2
)
INSERT INTO stat_set (day, kind, app, word, chunk, events, visitors)
SELECT $1::date, kind, app, word, chunk, events, bits
FROM united JOIN (SELECT DISTINCT set, kind, app, word FROM word) AS named USING (set)`;

/** The statement that fills `stat_set` for a day that has no rows there, but for the slices of too many words. */
export function countSets({ day, start, end }: SaltDay, overflow: readonly number[]): Statement {
  return { text, values: [day, start, end, overflow] };
}
