import type { ForgettingRules } from '../../../domain/ports/index.js';
import type { SaltDay } from '../../../domain/reading/plan.js';
import { countDay, type Query } from './count-day.js';
import { foldDay } from './fold-day.js';
import { forgetTotalsOfDay } from './forget-totals.js';

/** Whether the day is sealed: nothing counts it again, and its raw rows are gone or on their way. */
export async function isSealed(query: Query, { day }: SaltDay): Promise<boolean> {
  const text = 'SELECT 1 AS sealed FROM stat_state WHERE day = $1::date AND sealed';
  return (await query({ text, values: [day] })).rows.length > 0;
}

/**
 * Makes the counts of a day what may stay of it, in the transaction that begins to delete its raw rows: they are true,
 * groups of few visitors have no name, and nothing is left that tells visitors apart. The day must be closed before the
 * transaction begins (`closed-days.ts`), so that no event of it can come after.
 */
export async function sealDay(query: Query, day: SaltDay, rules: ForgettingRules): Promise<void> {
  if (!(await isCounted(query, day))) await countDay(query, day);
  const folded = await foldDay(query, day, rules.minGroup);
  await query({ text: 'DELETE FROM stat_set WHERE day = $1::date', values: [day.day] });
  await forgetTotalsOfDay(query, day, rules);
  await query({
    text: `UPDATE stat_state SET sealed = true, folded = $2::smallint[], folded_hours = $3::smallint[]
      WHERE day = $1::date`,
    values: [day.day, folded.day, folded.hours],
  });
}

/** Whether the counts are those of every raw row. */
async function isCounted(query: Query, { day }: SaltDay): Promise<boolean> {
  const text = `SELECT 1 AS counted FROM stat_state
    WHERE day = $1::date AND NOT EXISTS (SELECT FROM stat_change WHERE day = $1::date)`;
  return (await query({ text, values: [day] })).rows.length > 0;
}
