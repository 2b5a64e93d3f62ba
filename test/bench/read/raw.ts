import type { Statement } from '../../../src/store/engine/sql-engine.js';

/** What a question counts in raw rows. */
export interface RawQuestion {
  readonly from: Date;
  readonly to: Date;
  readonly bucket: 'day' | 'hour';
  readonly visitors: boolean;
  /** On `e`, the event, and `d`, its words. */
  readonly where: string;
  /** What rows are told apart by. */
  readonly key: string | null;
  /** Keys that get rows; all others are one. Null: every key. */
  readonly top: number | null;
}

const rows = 'events e JOIN event_dimensions d ON d.id = e.dimension_id';

/**
 * What somebody would write who has the raw rows and nothing else: `key`, `start` (ms), `n` and `v`. Visitors are
 * gathered before they are counted, which is a quarter faster than `count(DISTINCT)`.
 */
export function rawStatement({ from, to, bucket, visitors, where, key, top }: RawQuestion): Statement {
  const condition = `e.created_at >= $1 AND e.created_at < $2 AND ${where}`;
  const start = `extract(epoch FROM date_trunc('${bucket}', e.created_at))::float8 * 1000`;
  const shown =
    top === null
      ? ''
      : `WITH shown AS (SELECT ${key} AS key FROM ${rows} WHERE ${condition} GROUP BY 1 ORDER BY count(*) DESC, ${key} COLLATE "C" LIMIT ${top})\n`;
  const own = key ?? "''";
  const named = top === null ? own : `CASE WHEN ${own} IN (SELECT key FROM shown) THEN ${own} END`;
  const text = visitors
    ? `SELECT key, start, sum(n) AS n, count(hash) AS v
FROM (SELECT ${named} AS key, ${start} AS start, e.user_hash AS hash, count(*) AS n FROM ${rows} WHERE ${condition} GROUP BY 1, 2, 3) AS gathered
GROUP BY 1, 2`
    : `SELECT ${named} AS key, ${start} AS start, count(*) AS n, NULL AS v FROM ${rows} WHERE ${condition} GROUP BY 1, 2`;
  return { text: shown + text, values: [from, to] };
}

/** Count, sum and the exact percentile of a numeric property. */
export function rawPropertyStatement(from: Date, to: Date, where: string, name: string): Statement {
  const number = `(e.properties->>'${name}')::numeric`;
  return {
    text: `SELECT count(${number}) AS count, sum(${number}) AS sum, percentile_disc(0.95) WITHIN GROUP (ORDER BY ${number}) AS p95
FROM ${rows} WHERE e.created_at >= $1 AND e.created_at < $2 AND ${where}`,
    values: [from, to],
  };
}
