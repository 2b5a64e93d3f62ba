import type { EventRetention, ForgettingRules } from '../../src/domain/ports/index.js';
import type { SaltDay } from '../../src/domain/reading/plan.js';

/** Names of five visitors at least, and no totals of entities. */
export const usualRules: ForgettingRules = { minGroup: 5, totalsKeptFrom: new Map() };

/** A salt day of UTC. */
export function utcDay(day: string): SaltDay {
  const start = new Date(`${day}T00:00:00.000Z`);
  return { day, start, end: new Date(start.getTime() + 86_400_000) };
}

/** Forgets the days to the last row; answers how many rows that were. */
export async function forgetDays(
  store: Pick<EventRetention, 'forgetDay'>,
  days: readonly string[],
  rules = usualRules,
): Promise<number> {
  let deleted = 0;
  for (const day of days) deleted += await store.forgetDay(utcDay(day), 100_000, rules);
  return deleted;
}
