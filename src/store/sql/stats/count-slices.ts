import type { SaltDay } from '../../../domain/reading/plan.js';
import type { Statement } from '../../engine/sql-engine.js';
import { chunkBits, type Kind, kinds, wordColumns } from './kinds.js';

/** The columns that slices are made of, in the order of the bits of GROUPING. */
const columns = ['app_name', 'event_type', ...new Set(kinds.flatMap(({ word }) => wordOf(word)))];

function wordOf(word: Kind['word']): readonly string[] {
  return word === null ? [] : [wordColumns[word]];
}

function columnsOf({ within, word }: Kind): readonly string[] {
  return [...within.map((dimension) => wordColumns[dimension]), ...wordOf(word)];
}

/** What GROUPING answers for the rows of a slice: a bit for each column that is not among its own, the first one highest. */
function maskOf(kind: Kind): number {
  const own = new Set(columnsOf(kind));
  return columns.reduce((mask, column) => mask * 2 + (own.has(column) ? 0 : 1), 0);
}

const groupingSets = kinds.map((kind) => `(${columnsOf(kind).join(', ')})`).join(', ');
const kindOfMask = kinds.map((kind) => `WHEN ${maskOf(kind)} THEN ${kind.number}`).join(' ');
const words = columns.slice(2).join(', ');

/** A bitmap for each combination of words and chunk, of the visitors or the sessions (`hash`) that `numbered` counts. */
function bitsOf(part: string, hash: string, numbered: string): string {
  return `SELECT r.dimension_id, '${part}' AS part, n.number / ${chunkBits} AS chunk, 0::bigint AS events,
    bit_or(set_bit((SELECT bits FROM zero), n.number % ${chunkBits}, 1)) AS bits
  FROM raw r JOIN ${numbered} n USING (${hash}) GROUP BY 1, 3`;
}

function numberedBy(hash: string): string {
  return `SELECT ${hash}, (row_number() OVER () - 1)::int AS number
  FROM (SELECT DISTINCT ${hash} FROM raw WHERE ${hash} IS NOT NULL) AS one`;
}

/**
 * Counts a day by all slices in one pass. Visitors and sessions are numbered; each combination of words gets bitmaps of
 * its own; the slices are unions of those. The bitmaps live in this statement only.
 *
 * A slice has $4 words at the most: those with the most events, then the first bytewise. All others of an app are one
 * row whose visitors are exact, because the union of bitmaps is. Answers the numbers of the slices that have such rows.
 */
const text = `WITH raw AS MATERIALIZED (
  SELECT dimension_id, user_hash, session_hash, count(*) AS events
  FROM events WHERE created_at >= $2 AND created_at < $3 GROUP BY 1, 2, 3
), zero AS (
  SELECT repeat('0', ${chunkBits})::varbit AS bits
), visitor AS MATERIALIZED (
  ${numberedBy('user_hash')}
), session AS MATERIALIZED (
  ${numberedBy('session_hash')}
), part AS (
  SELECT dimension_id, 'events' AS part, 0 AS chunk, sum(events)::bigint AS events, NULL::bit varying AS bits FROM raw GROUP BY 1
  UNION ALL
  ${bitsOf('visitors', 'user_hash', 'visitor')}
  UNION ALL
  ${bitsOf('sessions', 'session_hash', 'session')}
), sliced AS (
  SELECT CASE GROUPING(${columns.join(', ')}) ${kindOfMask} END AS kind,
    app_name AS app, event_type AS type, coalesce(${words}) AS word, part, chunk,
    sum(events) AS events, bit_or(bits) AS bits
  FROM part JOIN event_dimensions d ON d.id = dimension_id
  GROUP BY part, chunk, GROUPING SETS (${groupingSets})
), summed AS (
  SELECT *, sum(events) OVER (PARTITION BY kind, app, type, word) AS total FROM sliced
), ranked AS (
  SELECT *, dense_rank() OVER (
    PARTITION BY kind ORDER BY total DESC, app COLLATE "C", type COLLATE "C", word COLLATE "C"
  ) > $4::int AS folded FROM summed
), united AS (
  SELECT kind, folded, CASE WHEN NOT folded OR kind > 1 THEN app END AS app, CASE WHEN NOT folded THEN type END AS type,
    CASE WHEN NOT folded THEN word END AS word, chunk, part, sum(events) AS events, bit_count(bit_or(bits)) AS bits
  FROM ranked GROUP BY 1, 2, 3, 4, 5, 6, 7
), stored AS (
  INSERT INTO stat_day (day, kind, folded, app, type, word, events, visitors, sessions)
  SELECT $1::date, kind, folded, app, type, word, sum(events),
    coalesce(sum(bits) FILTER (WHERE part = 'visitors'), 0), coalesce(sum(bits) FILTER (WHERE part = 'sessions'), 0)
  FROM united GROUP BY kind, folded, app, type, word
  RETURNING kind, folded
)
SELECT DISTINCT kind FROM stored WHERE folded ORDER BY kind`;

/** The statement that fills `stat_day` for a day that has no rows there. */
export function countSlices({ day, start, end }: SaltDay, maxWords: number): Statement {
  return { text, values: [day, start, end, maxWords] };
}
