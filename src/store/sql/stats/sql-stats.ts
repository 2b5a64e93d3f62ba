import type { DayOf } from '../../../domain/day.js';
import type { EventStats } from '../../../domain/ports/index.js';
import type { AllowedPlan, StatsFound } from '../../../domain/reading/plan.js';
import type { SqlEngine, SqlResult, Statement } from '../../engine/sql-engine.js';
import { createTurns, statsTurns } from '../../engine/turns.js';
import { assemble, type Cell, type CellOwner, type PropertyCell } from './assemble.js';
import { cellsStatement } from './cells-statement.js';
import { type Piece, piecesOf } from './pieces.js';
import { propertyStatement } from './property-statement.js';

type Query = (statement: Statement) => Promise<SqlResult>;

/** Counts in SQL: a few statements in one snapshot, and a few questions at once. */
export function createSqlStats(engine: Pick<SqlEngine, 'snapshot'>, dayOf: DayOf): EventStats {
  const inTurn = createTurns(statsTurns);
  return {
    async stats(plan) {
      return {
        ok: true,
        value: await inTurn(() => engine.snapshot('read', (query) => answer(query, plan, dayOf))),
      };
    },
  };
}

async function answer(query: Query, plan: AllowedPlan, dayOf: DayOf): Promise<StatsFound> {
  const pieces = piecesOf(plan);
  const counted = await cellsOf(query, plan, pieces);
  const properties = await propertiesOf(query, plan, pieces, counted.keys);
  return { ...assemble(plan, { ...counted, properties }), since: await since(query, dayOf), folded: false };
}

async function cellsOf(query: Query, plan: AllowedPlan, pieces: readonly Piece[]) {
  if (pieces.length === 0) return { keys: [], cells: [] };
  const { rows } = await query(cellsStatement(plan, pieces));
  const keyed = rows.filter(({ what }) => what === 'KEY');
  keyed.sort((a, b) => Number(a.place) - Number(b.place));
  const cells = rows.filter(({ what }) => what !== 'KEY').map(toCell);
  return { keys: keyed.map(({ k }) => k as (string | null)[]), cells };
}

type Line = SqlResult['rows'][number];

function toCell(line: Line): Cell {
  const { what, place, period, bucket, n, v, s } = line;
  return {
    owner: what === 'ROW' ? Number(place) : (what as CellOwner),
    period: Number(period),
    bucket: Number(bucket),
    events: Number(n),
    visitors: v === null ? null : Number(v),
    sessions: s === null ? null : Number(s),
  };
}

async function propertiesOf(
  query: Query,
  plan: AllowedPlan,
  pieces: readonly Piece[],
  keys: readonly (readonly (string | null)[])[],
): Promise<readonly PropertyCell[]> {
  if (plan.measures.properties.length === 0 || pieces.length === 0) return [];
  const { rows } = await query(propertyStatement(plan, pieces, keys));
  return rows.map((line) => ({
    owner: line.place === null ? 'OTHER' : Number(line.place),
    period: Number(line.period),
    bucket: Number(line.bucket),
    name: String(line.name),
    slot: Number(line.slot),
    count: Number(line.count),
    sum: String(line.sum),
    min: Number(line.min),
    max: Number(line.max),
  }));
}

async function since(query: Query, dayOf: DayOf): Promise<string | null> {
  const { rows } = await query({ text: 'SELECT min(created_at) AS oldest FROM events', values: [] });
  const oldest = rows[0]?.oldest;
  return oldest instanceof Date ? dayOf(oldest) : null;
}
