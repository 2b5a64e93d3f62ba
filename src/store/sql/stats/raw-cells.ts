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
  const borders = bordersOf(pieces);
  const instants = parameters.add(
    borders.map((time) => new Date(time).toISOString()),
    'timestamptz[]',
  );
  const condition = filterSql(plan.filter, rawColumns, parameters);
  return {
    ctes: [pieceCte(pieces, borders, parameters)],
    key: keySql(plan.groupBy, rawColumns, parameters),
    tables: `events e
  JOIN piece p ON p.stretch = width_bucket(e.created_at, ${instants})
  JOIN event_dimensions d ON d.id = e.dimension_id`,
    condition: `${rangesSql(pieces, parameters)} AND ${condition}`,
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

/**
 * The pieces, by the number of the stretch between two of all their borders. A row finds its stretch by halving and its
 * piece by an equal value: compared with each piece in turn, a month took 30 times as many comparisons as it has rows.
 */
function pieceCte(pieces: readonly Piece[], borders: readonly number[], parameters: Parameters): string {
  const places = new Map(borders.map((time, place) => [time, place]));
  const numbered = pieces.flatMap(({ period, bucket, day, start, end }) => {
    const first = (places.get(start.getTime()) ?? 0) + 1;
    const last = places.get(end.getTime()) ?? 0;
    return Array.from({ length: last - first + 1 }, (_, place) => ({
      stretch: first + place,
      period,
      bucket,
      day,
    }));
  });
  const list = <Name extends keyof (typeof numbered)[number]>(name: Name, type: string): string =>
    parameters.add(
      numbered.map((one) => one[name]),
      type,
    );
  const columns = [
    list('stretch', 'int[]'),
    list('period', 'int[]'),
    list('bucket', 'int[]'),
    list('day', 'text[]'),
  ];
  return `piece (stretch, period, bucket, day) AS (SELECT * FROM unnest(${columns.join(', ')}))`;
}

/** Every instant at which a piece begins or ends, once, in order. */
function bordersOf(pieces: readonly Piece[]): readonly number[] {
  const borders = new Set(pieces.flatMap(({ start, end }) => [start.getTime(), end.getTime()]));
  return [...borders].sort((a, b) => a - b);
}

/** More ranges than these are taken as one, which covers them. */
const mostRanges = 16;

/** When the pieces are, in ranges that the planner can estimate and find in the index. */
function rangesSql(pieces: readonly Piece[], parameters: Parameters): string {
  const ranges: { since: number; until: number }[] = [];
  for (const { start, end } of [...pieces].sort((a, b) => a.start.getTime() - b.start.getTime())) {
    const last = ranges.at(-1);
    if (last && start.getTime() <= last.until) last.until = Math.max(last.until, end.getTime());
    else ranges.push({ since: start.getTime(), until: end.getTime() });
  }
  const first = ranges[0];
  const last = ranges.at(-1);
  const few =
    ranges.length > mostRanges && first && last ? [{ since: first.since, until: last.until }] : ranges;
  const instant = (time: number): string => parameters.add(new Date(time).toISOString(), 'timestamptz');
  const within = few.map(
    ({ since, until }) => `(e.created_at >= ${instant(since)} AND e.created_at < ${instant(until)})`,
  );
  return `(${within.join(' OR ')})`;
}
