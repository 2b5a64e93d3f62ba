import type { StatsOrder } from '../../../contract/index.js';
import type { StatsPlan } from '../../../domain/reading/plan.js';
import type { Statement } from '../../engine/sql-engine.js';
import type { CellSource, Level } from './cell-source.js';
import { countedSource } from './counted-source.js';
import type { Division } from './divide.js';
import { createParameters, type Parameters } from './parameters.js';
import { sharesDays } from './pieces.js';
import { rawSource } from './raw-source.js';
import type { Slices } from './slices.js';

/** In this order everywhere: nulls last, bytewise in UTF-8. */
const orders: Readonly<Record<StatsOrder, string>> = {
  EVENTS: 'n DESC, k COLLATE "C"',
  VISITORS: 'v DESC, k COLLATE "C"',
  KEY: 'k COLLATE "C"',
};

/**
 * One statement for a whole answer, so that what is ranked is what is counted. Its rows are cells: `what`, `place` (of
 * the row, from 1), `period`, `bucket` (−1: the whole period), `n`, `v`, `s`; rows of `KEY` have `k`. Cells of the same
 * place add up. Null where there is no time to read.
 */
export function cellsStatement(plan: StatsPlan, division: Division, slices: Slices | null): Statement | null {
  const parameters = createParameters();
  const sources = sourcesOf(plan, division, slices, parameters);
  if (sources.length === 0) return null;
  const grouped = plan.groupBy.length > 0;
  const levels = levelsOf(plan, division);
  const ctes = [
    ...sources.flatMap((source) => source.ctes),
    ...(grouped ? [shownCte(plan, sources, parameters)] : []),
  ];
  const cells = sources.flatMap((source) => levels.flatMap((level) => cellsOf(source, level, grouped)));
  const all = grouped ? [keyCells, ...cells] : cells;
  return { text: `WITH ${ctes.join(',\n')}\n${all.join('\nUNION ALL\n')}`, values: parameters.values };
}

function sourcesOf(
  plan: StatsPlan,
  { counted, raw }: Division,
  slices: Slices | null,
  parameters: Parameters,
): readonly CellSource[] {
  return [
    ...(slices && counted.length > 0 ? [countedSource(plan, slices, counted, parameters)] : []),
    ...(raw.length > 0 ? [rawSource(plan, raw, parameters)] : []),
  ];
}

/** Sums over a period follow from its buckets, unless two of them share a day and so may share visitors. */
function levelsOf({ points }: StatsPlan, { raw }: Division): readonly Level[] {
  if (!points) return ['period'];
  return sharesDays(raw) ? ['bucket', 'period'] : ['bucket'];
}

/** Ranks the keys of the question's own range. */
function shownCte(
  { orderBy, top }: StatsPlan,
  sources: readonly CellSource[],
  parameters: Parameters,
): string {
  const order = orders[orderBy];
  return `shown AS (
  SELECT k, row_number() OVER (ORDER BY ${order}) AS place
  FROM (SELECT k, sum(n) AS n, sum(v) AS v FROM (${sources.map(({ ranked }) => `SELECT k, n, v FROM (${ranked}) AS ranked`).join(' UNION ALL ')}) AS parts GROUP BY k) AS keys
  ORDER BY ${order} LIMIT ${parameters.add(top, 'int')})`;
}

const keyCells = `SELECT 'KEY' AS what, place, k, NULL::int AS period, NULL::int AS bucket, NULL::bigint AS n, NULL::bigint AS v, NULL::bigint AS s FROM shown`;

function cellsOf(source: CellSource, level: Level, grouped: boolean): readonly string[] {
  const numbers = 'period, bucket, n::bigint AS n, v::bigint AS v, s::bigint AS s';
  const total = `SELECT 'TOTAL' AS what, NULL::bigint AS place, NULL::text[] AS k, ${numbers} FROM (${source.total(level)}) AS total`;
  if (!grouped) return [total];
  const rows = source
    .rows(level)
    .map(
      (row) =>
        `SELECT CASE WHEN place IS NULL THEN 'OTHER' ELSE 'ROW' END AS what, place, NULL::text[] AS k, ${numbers} FROM (${row}) AS rows`,
    );
  return [total, ...rows];
}
