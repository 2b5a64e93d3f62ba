import type { EventDimension } from '../../../contract/index.js';
import type { StatsPlan } from '../../../domain/reading/plan.js';
import { bucketOf, type CellSource } from './cell-source.js';
import { type Columns, filterSql, keySql, namedIn } from './filter-sql.js';
import type { Parameters } from './parameters.js';
import type { Piece } from './pieces.js';
import type { Slice, Slices } from './slices.js';

/** The time that is read from counted days. */
export function countedSource(
  plan: StatsPlan,
  slices: Slices,
  pieces: readonly Piece[],
  parameters: Parameters,
): CellSource {
  const days = parameters.add(
    pieces.map(({ day }) => day),
    'date[]',
  );
  const periods = parameters.add(
    pieces.map(({ period }) => period),
    'int[]',
  );
  const buckets = parameters.add(
    pieces.map(({ bucket }) => bucket),
    'int[]',
  );
  const { rows, other, total } = slices;
  const read = (slice: Slice, keyed: boolean): string =>
    cellsSql(plan, slice, { keyed, rest: false }, parameters);
  return {
    ctes: [
      `day_piece (day, period, bucket) AS (SELECT * FROM unnest(${days}, ${periods}, ${buckets}))`,
      ...(rows ? [`counted AS MATERIALIZED (${read(rows, true)})`] : []),
    ],
    ranked: 'SELECT k, n, v FROM counted WHERE period = 0 AND NOT folded',
    rows: (level) => {
      const placed = 'FROM counted LEFT JOIN shown ON shown.k = counted.k AND NOT counted.folded';
      if (other === null) return [`SELECT place, period, ${bucketOf(level)}, n, v, s ${placed}`];
      // Events add up, also where bitmaps are gone; the visitors of what is not shown are united.
      const united = cellsSql(plan, other, { keyed: false, rest: true }, parameters);
      const ifShown = (column: string): string =>
        `CASE WHEN place IS NOT NULL THEN ${column} END AS ${column}`;
      return [
        `SELECT place, period, ${bucketOf(level)}, n, ${ifShown('v')}, ${ifShown('s')} ${placed}`,
        `SELECT NULL::bigint AS place, period, ${bucketOf(level)}, 0 AS n, v, s FROM (${united}) AS united`,
      ];
    },
    total: (level) => `SELECT period, ${bucketOf(level)}, n, v, s FROM (${read(total, false)}) AS cells`,
  };
}

interface Reading {
  /** Whether rows are told apart by their key, `k`. */
  readonly keyed: boolean;
  /** Whether only keys count that no row shows. */
  readonly rest: boolean;
}

/** `[k,] period, bucket, n, v, s` of the days in `day_piece`. */
function cellsSql(plan: StatsPlan, slice: Slice, { keyed, rest }: Reading, parameters: Parameters): string {
  const columns = columnsOf(slice);
  const kind = slice.kind ? [`slice.kind = ${slice.kind.number}`] : [];
  const hidden = rest
    ? [`NOT EXISTS (SELECT FROM shown WHERE shown.k = ${keySql(plan.groupBy, columns, parameters)})`]
    : [];
  const where = [...kind, ...hidden, ...named(plan, slice), filterSql(plan.filter, columns, parameters)].join(
    ' AND ',
  );
  const key = keyed
    ? `${keySql(plan.groupBy, columns, parameters)} AS k, ${foldedSql(slice)} AS folded, `
    : '';
  const k = keyed ? 'k, folded, ' : '';
  if (slice.table === 'stat_set') return unionSql({ key, k, where });
  const distinct = slice.exact
    ? 'sum(slice.visitors) AS v, sum(slice.sessions) AS s'
    : 'NULL::bigint AS v, NULL::bigint AS s';
  return `SELECT ${key}piece.period, piece.bucket, sum(slice.events) AS n, ${distinct}
    FROM day_piece piece JOIN ${slice.table} slice ON slice.day = piece.day
    WHERE ${where}
    GROUP BY ${k}piece.period, piece.bucket`;
}

const foldedSql = ({ table }: Slice): string => (table === 'stat_day' ? 'slice.folded' : 'false');

/** A folded row has lost its words: it counts only where the filter asks for none of them. */
function named({ filter }: StatsPlan, { table, kind }: Slice): readonly string[] {
  if (table !== 'stat_day' || !kind) return [];
  const { dimensions } = namedIn(filter);
  const kept = kind.number === 1 ? [] : ['APP'];
  return [...dimensions].every((dimension) => kept.includes(dimension)) ? [] : ['NOT slice.folded'];
}

/** Bitmaps of a day are united chunk by chunk; a visitor is one bit in all of them. */
function unionSql({
  key,
  k,
  where,
}: {
  readonly key: string;
  readonly k: string;
  readonly where: string;
}): string {
  return `SELECT ${k}piece.period, piece.bucket, sum(united.n) AS n, sum(united.v) AS v, NULL::bigint AS s
    FROM day_piece piece JOIN (
      SELECT ${key}slice.day, slice.chunk, sum(slice.events) AS n, bit_count(bit_or(slice.visitors)) AS v
      FROM stat_set slice
      WHERE slice.day = ANY(ARRAY(SELECT day FROM day_piece)) AND ${where}
      GROUP BY ${k}slice.day, slice.chunk) AS united ON united.day = piece.day
    GROUP BY ${k}piece.period, piece.bucket`;
}

/** Where a table has the words of a slice. */
function columnsOf({ table, kind }: Slice): Columns {
  const word = (dimension: EventDimension): string => {
    if (table === 'entity_day')
      return dimension === 'ENTITY' ? 'slice.entity_id' : `nullif(slice.entity_type, '')`;
    if (dimension === 'APP') return 'slice.app';
    if (dimension !== 'EVENT_TYPE') return 'slice.word';
    return table === 'stat_set' && kind?.word === null ? 'slice.word' : 'slice.type';
  };
  return { word, properties: null };
}
