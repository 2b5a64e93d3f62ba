import type { SaltDay } from '../../../domain/reading/plan.js';
import type { Statement } from '../../engine/sql-engine.js';
import { chunkBits, setKinds, wordColumns } from './kinds.js';

const kindsWithWords = setKinds
  .map(
    ({ number, word }, place) =>
      `(${number}, ${place + 1}, d.${word === null ? wordColumns.EVENT_TYPE : wordColumns[word]})`,
  )
  .join(', ');

/**
 * Visitors as bits, for unions of words within an app. Each slice numbers them by itself and in an order that follows
 * from nothing, so that the bits of two slices cannot be laid side by side. A visitor's numbers stand in one list, in the
 * order of the slices: joins are then by one value each, which is fast whatever the planner takes a day for. All bitmaps of a day have one width. Where
 * a slice has too many words ($4) it has no bitmaps: its days are answered from raw rows.
 */
const text = `WITH raw AS MATERIALIZED (
  SELECT dimension_id, user_hash, count(*) AS events
  FROM events WHERE created_at >= $2 AND created_at < $3 GROUP BY 1, 2
), visitor AS MATERIALIZED (
  SELECT user_hash, (row_number() OVER ())::int AS number
  FROM (SELECT DISTINCT user_hash FROM raw WHERE user_hash IS NOT NULL) AS one
), zero AS (
  SELECT repeat('0', least(${chunkBits}, greatest(1, (count(*) + 63) / 64) * 64)::int)::varbit AS bits FROM visitor
), word AS (
  SELECT d.id AS dimension_id, d.app_name AS app, k.kind, k.place, k.word
  FROM event_dimensions d CROSS JOIN LATERAL (VALUES ${kindsWithWords}) AS k(kind, place, word)
  WHERE d.id IN (SELECT dimension_id FROM raw) AND k.kind <> ALL ($4::int[])
), anew AS MATERIALIZED (
  SELECT kind, user_hash, (row_number() OVER (PARTITION BY kind ORDER BY random()) - 1)::int AS number
  FROM visitor CROSS JOIN unnest(ARRAY[${setKinds.map(({ number }) => number).join(', ')}]) AS k(kind)
), numbered AS MATERIALIZED (
  SELECT user_hash, array_agg(number ORDER BY kind) AS numbers FROM anew GROUP BY user_hash
), bit AS (
  SELECT kind, app, word, numbers[place] AS number FROM raw JOIN numbered USING (user_hash) JOIN word USING (dimension_id)
), part AS (
  SELECT kind, app, word, 0 AS chunk, sum(events) AS events, (SELECT bits FROM zero) AS bits
  FROM raw JOIN word USING (dimension_id) GROUP BY 1, 2, 3
  UNION ALL
  SELECT kind, app, word, number / ${chunkBits}, 0,
    bit_or(set_bit((SELECT bits FROM zero), number % ${chunkBits}, 1))
  FROM bit GROUP BY 1, 2, 3, 4
)
INSERT INTO stat_set (day, kind, app, word, chunk, events, visitors)
SELECT $1::date, kind, app, word, chunk, sum(events), bit_or(bits) FROM part GROUP BY 2, 3, 4, 5`;

/** The statement that fills `stat_set` for a day that has no rows there, but for the slices of too many words. */
export function countSets({ day, start, end }: SaltDay, overflow: readonly number[]): Statement {
  return { text, values: [day, start, end, overflow] };
}
