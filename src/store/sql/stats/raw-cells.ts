import type { StatsPlan } from '../../../domain/reading/plan.js';
import { type Columns, filterSql, keySql } from './filter-sql.js';
import { wordColumns } from './kinds.js';
import type { Parameters } from './parameters.js';
import type { Piece } from './pieces.js';

/** Where a raw row, `e` with its words `d`, has what a question names. */
export const rawColumns: Columns = {
  word(dimension) {
    if (dimension === 'ENTITY') return 'e.entity_id';
    return dimension === 'EVENT_VERSION' ? 'd.event_version::text' : `d.${wordColumns[dimension]}`;
  },
  properties: 'e.properties',
};

/** What visitors and sessions are told apart by. */
export type HashColumn = 'user_hash' | 'session_hash';

/** Raw rows that a question is about. */
export interface RawRows {
  readonly ctes: readonly string[];
  /** What stands behind `FROM`: `p` is the piece, `e` the row and `d` its words. */
  readonly tables: string;
  readonly condition: string;
  /** The row's key. */
  readonly key: string;
}

/** The rows that match, each with the piece of time in which it lies. */
export function rawRows(plan: StatsPlan, pieces: readonly Piece[], parameters: Parameters): RawRows {
  return {
    ctes: [pieceCte(pieces, parameters)],
    key: keySql(plan.groupBy, rawColumns, parameters),
    tables: `piece p
  JOIN events e ON e.created_at >= p.since AND e.created_at < p.until
  JOIN event_dimensions d ON d.id = e.dimension_id`,
    condition: filterSql(plan.filter, rawColumns, parameters),
  };
}

/**
 * Raw rows, gathered into one row per piece of time, key and hash. Every other part of the statement counts these, so
 * that raw rows are read once.
 */
export function fineCtes(
  plan: StatsPlan,
  pieces: readonly Piece[],
  hashes: readonly HashColumn[],
  parameters: Parameters,
): readonly string[] {
  const { ctes, key, tables, condition } = rawRows(plan, pieces, parameters);
  const listed = hashes.map((hash) => `, e.${hash}`).join('');
  return [
    ...ctes,
    `fine AS MATERIALIZED (
  SELECT p.period, p.bucket, p.day, ${key} AS k${listed}, count(*) AS n
  FROM ${tables}
  WHERE ${condition}
  GROUP BY p.period, p.bucket, p.day, k${listed})`,
  ];
}

/** The pieces that are read from raw rows. */
function pieceCte(pieces: readonly Piece[], parameters: Parameters): string {
  const columns = [
    parameters.add(
      pieces.map(({ period }) => period),
      'int[]',
    ),
    parameters.add(
      pieces.map(({ bucket }) => bucket),
      'int[]',
    ),
    parameters.add(
      pieces.map(({ day }) => day),
      'text[]',
    ),
    parameters.add(
      pieces.map(({ start }) => start.toISOString()),
      'timestamptz[]',
    ),
    parameters.add(
      pieces.map(({ end }) => end.toISOString()),
      'timestamptz[]',
    ),
  ];
  return `piece (period, bucket, day, since, until) AS (SELECT * FROM unnest(${columns.join(', ')}))`;
}
