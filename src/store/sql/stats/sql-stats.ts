import type { Result } from '../../../contract/index.js';
import { addDays, type DayOf } from '../../../domain/day.js';
import type { EventStats } from '../../../domain/ports/index.js';
import type { AllowedPlan, StatsFound, TooExpensive } from '../../../domain/reading/plan.js';
import type { SqlEngine, SqlResult, Statement } from '../../engine/sql-engine.js';
import { createTurns, statsTurns } from '../../engine/turns.js';
import { assemble, type Cell, type CellOwner, type PropertyCell, unknownWhereSealed } from './assemble.js';
import { cellsStatement } from './cells-statement.js';
import { type DayStates, readDayStates } from './day-states.js';
import { type Division, divide } from './divide.js';
import { tooExpensive } from './estimate.js';
import { type Piece, piecesOf } from './pieces.js';
import { propertyStatement } from './property-statement.js';
import { slicesFor } from './slices.js';

type Query = (statement: Statement) => Promise<SqlResult>;

/** Counts in SQL: a few statements in one snapshot, and a few questions at once. */
export function createSqlStats(engine: Pick<SqlEngine, 'snapshot'>, dayOf: DayOf): EventStats {
  const inTurn = createTurns(statsTurns);
  return {
    stats: (plan) => inTurn(() => engine.snapshot('read', (query) => answer(query, plan, dayOf))),
  };
}

async function answer(
  query: Query,
  plan: AllowedPlan,
  dayOf: DayOf,
): Promise<Result<StatsFound, TooExpensive>> {
  const slices = slicesFor(plan);
  const states = await readDayStates(query, plan, dayOf);
  const pieces = piecesOf(plan);
  const division = divide(pieces, slices, states);
  const refusal = tooExpensive(plan, division, states);
  if (refusal) return { ok: false, error: refusal };
  const found = await cellsOf(query, cellsStatement(plan, division, slices));
  const properties = await propertiesOf(query, plan, division.raw, found.keys);
  const { folded } = division;
  const answer = unknownWhereSealed(assemble(plan, { ...found, properties }), division);
  return { ok: true, value: { ...answer, since: sinceOf(states, division), folded } };
}

/** Days up to the last that is lost to the question are as if they were before all data. */
function sinceOf({ oldest }: DayStates, { lost }: Division): string | null {
  return lost === null ? oldest : addDays(lost, 1);
}

async function cellsOf(query: Query, statement: Statement | null) {
  if (!statement) return { keys: [], cells: [] };
  const { rows } = await query(statement);
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
