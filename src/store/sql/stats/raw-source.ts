import type { StatsPlan } from '../../../domain/reading/plan.js';
import { bucketOf, type CellSource, type Level } from './cell-source.js';
import { countFine } from './distinct.js';
import type { Parameters } from './parameters.js';
import type { Piece } from './pieces.js';
import { fineCtes, type HashColumn } from './raw-cells.js';

/** The time that is read from raw rows. */
export function rawSource(plan: StatsPlan, pieces: readonly Piece[], parameters: Parameters): CellSource {
  const { measures, orderBy, groupBy } = plan;
  const grouped = groupBy.length > 0;
  const ranks: readonly HashColumn[] = orderBy === 'VISITORS' && grouped ? ['user_hash'] : [];
  const wanted: readonly HashColumn[] = [
    ...(measures.visitors ? ['user_hash' as const] : []),
    ...(measures.sessions ? ['session_hash' as const] : []),
  ];
  const hashes = [...new Set([...ranks, ...wanted])];
  const placed = 'placed AS (SELECT fine.*, shown.place FROM fine LEFT JOIN shown ON shown.k = fine.k)';
  return {
    ctes: [...fineCtes(plan, pieces, hashes, parameters)],
    ranked: countFine('(SELECT * FROM fine WHERE period = 0) AS own', ['k'], ranks),
    rows: (level) => [
      `WITH ${placed} SELECT place, period, ${bucketOf(level)}, n, v, s FROM (${countFine('placed', ['place', ...columnsOf(level)], wanted)}) AS cells`,
    ],
    total: (level) =>
      `SELECT period, ${bucketOf(level)}, n, v, s FROM (${countFine('fine', columnsOf(level), wanted)}) AS cells`,
  };
}

const columnsOf = (level: Level): readonly string[] =>
  level === 'bucket' ? ['period', 'bucket'] : ['period'];
