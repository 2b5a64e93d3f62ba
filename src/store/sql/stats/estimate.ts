import type { StatsPlan, TooExpensive } from '../../../domain/reading/plan.js';
import type { DayStates } from './day-states.js';
import type { Division } from './divide.js';

/**
 * Refuses a question that would read more raw rows than its plan allows. What a day holds is known from its last count,
 * also where it has changed since; a day that was never counted is taken for empty, and the statement's time is the
 * limit then.
 */
export function tooExpensive(
  { maxRowsRead }: StatsPlan,
  { raw }: Division,
  { counted }: DayStates,
): TooExpensive | null {
  const lengths = new Map<string, number>();
  for (const { day, start, end } of raw)
    lengths.set(day, (lengths.get(day) ?? 0) + end.getTime() - start.getTime());
  let rows = 0;
  for (const [day, length] of lengths) rows += ((counted.get(day)?.events ?? 0) * length) / dayMs;
  const estimatedRows = Math.round(rows);
  return estimatedRows > maxRowsRead ? { estimatedRows, limit: maxRowsRead } : null;
}

/** A day of a clock change is an hour off, which does not matter to an estimate. */
const dayMs = 86_400_000;
