import type { DayOf } from '../../../domain/day.js';
import type { StatsPlan } from '../../../domain/reading/plan.js';
import type { SqlResult, Statement } from '../../engine/sql-engine.js';

/** What a snapshot knows of salt days. */
export interface DayStates {
  /** Days whose counts are those of their raw rows, by their name, with the slices that are not whole. */
  readonly counted: ReadonlyMap<string, CountedDay>;
  /** Days of which events came in since they were counted, or never were. */
  readonly changed: ReadonlySet<string>;
  /** False: days have not been counted yet, and nothing is known of what is not in `changed`. */
  readonly begun: boolean;
  /** The oldest salt day with events, counted or raw. */
  readonly oldest: string | null;
}

export interface CountedDay {
  readonly events: number;
  readonly sealed: boolean;
  /** Numbers of slices with more words than are kept. */
  readonly overflow: readonly number[];
  /** Numbers of slices in which small groups became one. */
  readonly folded: readonly number[];
}

const text = `SELECT
  (SELECT count(*)::int FROM stat_zone) AS zones,
  (SELECT min(created_at) FROM events) AS oldest_row,
  (SELECT min(day)::text FROM stat_state) AS oldest_count,
  (SELECT json_agg(DISTINCT day) FROM stat_change) AS changed,
  (SELECT json_agg(json_build_array(state.day, coalesce(slice.events, 0), sealed, overflow, state.folded))
    FROM stat_state state LEFT JOIN stat_day slice ON slice.day = state.day AND slice.kind = 0
    WHERE state.day BETWEEN $1::date AND $2::date) AS counted`;

/** Asks for the days of a plan. */
export async function readDayStates(
  query: (statement: Statement) => Promise<SqlResult>,
  { days }: StatsPlan,
  dayOf: DayOf,
): Promise<DayStates> {
  const first = days.at(0)?.day ?? '0001-01-01';
  const last = days.at(-1)?.day ?? first;
  const { rows } = await query({ text, values: [first, last] });
  const [row = {}] = rows;
  const counted = (row.counted ?? []) as readonly [string, number, boolean, number[], number[]][];
  const oldest = [
    ...(row.oldest_row instanceof Date ? [dayOf(row.oldest_row)] : []),
    ...(typeof row.oldest_count === 'string' ? [row.oldest_count] : []),
  ].sort();
  return {
    counted: new Map(
      counted.map(([day, events, sealed, overflow, folded]) => [day, { events, sealed, overflow, folded }]),
    ),
    changed: new Set((row.changed ?? []) as readonly string[]),
    begun: Number(row.zones) > 0,
    oldest: oldest[0] ?? null,
  };
}
