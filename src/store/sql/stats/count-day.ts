import type { SaltDay } from '../../../domain/reading/plan.js';
import type { SqlResult, Statement } from '../../engine/sql-engine.js';
import { countEntities } from './count-entities.js';
import { countHours } from './count-hours.js';
import { countProperties } from './count-properties.js';
import { countSets } from './count-sets.js';
import { countSlices } from './count-slices.js';
import { kinds, propertiesOverflow } from './kinds.js';

/** Runs a statement within a snapshot. */
export type Query = (statement: Statement) => Promise<SqlResult>;

/** How much of a day is kept. */
export interface CountLimits {
  /** Words of a slice that get a row of their own. */
  readonly words: number;
  /** Names of numeric properties. */
  readonly properties: number;
}

export const countLimits: CountLimits = { words: 2_000, properties: 200 };

/** The tables that hold the counts of days. */
export const countedTables = ['stat_day', 'stat_hour', 'stat_property', 'stat_set', 'entity_day'] as const;

/** The rows of a day, in words that the table's index understands: those of slices begin with the slice. */
function ofDay(table: (typeof countedTables)[number]): string {
  const isSliced = table === 'stat_day' || table === 'stat_hour' || table === 'stat_set';
  const everyKind = kinds.map(({ number }) => number).join(', ');
  return isSliced ? `day = $1::date AND kind IN (${everyKind})` : 'day = $1::date';
}

/**
 * Takes the day. Whoever else counts or seals it waits here until the end of this transaction, and then fails with
 * 40001, because its snapshot is older. No row comes back where the day is sealed.
 */
const takeText = `INSERT INTO stat_state AS s (day, counted_at) VALUES ($1::date, now())
ON CONFLICT (day) DO UPDATE SET counted_at = now(), overflow = '{}' WHERE NOT s.sealed
RETURNING day`;

/**
 * The planner has not seen the newest day yet and takes it for a handful of rows, for which it would choose loops
 * within loops: quadratic for those that there are. Until the end of the transaction.
 */
const noLoopsText = "SELECT set_config('enable_nestloop', 'off', true)";

/** The snapshot sees the rows of the log whose events it has counted, and no other: those stay for the next count. */
const forgetChangesText = 'DELETE FROM stat_change WHERE day = $1::date';

const overflowText = 'UPDATE stat_state SET overflow = $2::smallint[] WHERE day = $1::date';

/**
 * Counts a whole day anew from its raw rows and forgets the changes that it saw, in the caller's snapshot. A sealed day
 * has no raw rows any more: it stays as it is, and what the log says of it goes.
 */
export async function countDay(
  query: Query,
  day: SaltDay,
  limits: CountLimits = countLimits,
): Promise<'COUNTED' | 'SEALED'> {
  const forDay = (text: string, ...values: readonly unknown[]) =>
    query({ text, values: [day.day, ...values] });
  const taken = await forDay(takeText);
  await forDay(forgetChangesText);
  if (taken.rows.length === 0) return 'SEALED';
  await query({ text: noLoopsText, values: [] });
  for (const table of countedTables) await forDay(`DELETE FROM ${table} WHERE ${ofDay(table)}`);
  const folded = await query(countSlices(day, limits.words));
  const overflow = folded.rows.map(({ kind }) => Number(kind));
  await query(countHours(day));
  await query(countEntities(day));
  await query(countSets(day, overflow));
  const { rows } = await query(countProperties(day, limits.properties));
  if (rows[0]?.more === true) overflow.push(propertiesOverflow);
  if (overflow.length > 0) await forDay(overflowText, overflow);
  return 'COUNTED';
}
