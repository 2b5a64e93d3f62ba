import type { StatsOrder } from '../../../contract/index.js';
import type { StatsPlan } from '../../../domain/reading/plan.js';
import type { Statement } from '../../engine/sql-engine.js';
import { countFine } from './distinct.js';
import { createParameters, type Parameters } from './parameters.js';
import { type Piece, sharesDays } from './pieces.js';
import { fineCtes, type HashColumn } from './raw-cells.js';

/** What a line of the answer counts. `KEY` counts nothing: it says which key a row has. */
export type CellOf = 'KEY' | 'ROW' | 'OTHER' | 'TOTAL';

/** In this order everywhere: nulls last, bytewise in UTF-8. */
const orders: Readonly<Record<StatsOrder, string>> = {
  EVENTS: 'n DESC, k COLLATE "C"',
  VISITORS: 'v DESC, k COLLATE "C"',
  KEY: 'k COLLATE "C"',
};

/**
 * One statement for a whole answer: raw rows are read once, and what is ranked is what is counted. Its rows are cells:
 * `of`, `place` (of the row, from 1), `period`, `bucket` (−1: the whole period), `n`, `v`, `s`; rows of `KEY` have `k`.
 */
export function cellsStatement(plan: StatsPlan, pieces: readonly Piece[]): Statement {
  const parameters = createParameters();
  const hashes = hashesOf(plan);
  const grouped = plan.groupBy.length > 0;
  const ctes = [
    ...fineCtes(plan, pieces, hashes, parameters),
    ...(grouped ? rankCtes(plan, parameters, hashes) : []),
  ];
  const levels = levelsOf(plan, pieces);
  const cells = [
    ...levels.map((level) => totalCells(level, plan.measures, hashes)),
    ...(grouped ? [keyCells, ...levels.map((level) => rowCells(level, plan.measures, hashes))] : []),
  ];
  return { text: `WITH ${ctes.join(',\n')}\n${cells.join('\nUNION ALL\n')}`, values: parameters.values };
}

/** What has to be told apart: also what only decides the order. */
function hashesOf({ measures, orderBy, groupBy }: StatsPlan): readonly HashColumn[] {
  const visitors = measures.visitors || (orderBy === 'VISITORS' && groupBy.length > 0);
  return [
    ...(visitors ? ['user_hash' as const] : []),
    ...(measures.sessions ? ['session_hash' as const] : []),
  ];
}

type Level = 'bucket' | 'period';

/** Sums over a period follow from its buckets, unless two of them share a day and so may share visitors. */
function levelsOf({ points }: StatsPlan, pieces: readonly Piece[]): readonly Level[] {
  if (!points) return ['period'];
  return sharesDays(pieces) ? ['bucket', 'period'] : ['bucket'];
}

/** Ranks the keys of the question's own range. */
function rankCtes(
  { orderBy, top }: StatsPlan,
  parameters: Parameters,
  hashes: readonly HashColumn[],
): string[] {
  const forOrder = orderBy === 'VISITORS' ? hashes.filter((hash) => hash === 'user_hash') : [];
  return [
    `shown AS (
  SELECT k, row_number() OVER (ORDER BY ${orders[orderBy]}) AS place
  FROM (${countFine('(SELECT * FROM fine WHERE period = 0) AS own', ['k'], forOrder)}) AS ranked
  ORDER BY ${orders[orderBy]} LIMIT ${parameters.add(top, 'int')})`,
    `placed AS (SELECT fine.*, shown.place FROM fine LEFT JOIN shown ON shown.k = fine.k)`,
  ];
}

const keyCells = `SELECT 'KEY' AS what, place, k, NULL::int AS period, NULL::int AS bucket, NULL::bigint AS n, NULL::bigint AS v, NULL::bigint AS s FROM shown`;

function totalCells(level: Level, measures: StatsPlan['measures'], hashes: readonly HashColumn[]): string {
  const wanted = onlyMeasured(measures, hashes);
  return `SELECT 'TOTAL' AS what, NULL::bigint AS place, NULL::text[] AS k, period, ${bucketOf(level)}, n::bigint, v, s FROM (${countFine('fine', columnsOf(level), wanted)}) AS total`;
}

function rowCells(level: Level, measures: StatsPlan['measures'], hashes: readonly HashColumn[]): string {
  const wanted = onlyMeasured(measures, hashes);
  return `SELECT CASE WHEN place IS NULL THEN 'OTHER' ELSE 'ROW' END AS what, place, NULL::text[] AS k, period, ${bucketOf(level)}, n::bigint, v, s FROM (${countFine('placed', ['place', ...columnsOf(level)], wanted)}) AS placed_cells`;
}

function onlyMeasured(measures: StatsPlan['measures'], hashes: readonly HashColumn[]): readonly HashColumn[] {
  return hashes.filter((hash) => (hash === 'user_hash' ? measures.visitors : measures.sessions));
}

const columnsOf = (level: Level): readonly string[] =>
  level === 'bucket' ? ['period', 'bucket'] : ['period'];
const bucketOf = (level: Level): string => (level === 'bucket' ? 'bucket' : '-1 AS bucket');
