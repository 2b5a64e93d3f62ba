import type { ForgettingRules } from '../../../domain/ports/index.js';
import type { SaltDay } from '../../../domain/reading/plan.js';
import type { Query } from './count-day.js';

/** What is not kept by the rules. Parameters: entity types, and the first day that is kept of each. */
const isOver = `NOT EXISTS (
  SELECT FROM unnest($2::text[], $3::date[]) AS kept(type, first_day)
  WHERE kept.type = entity_day.entity_type AND kept.first_day <= entity_day.day
)`;

/** Deletes the totals of entities of one day as far as the rules do not keep them. */
export async function forgetTotalsOfDay(
  query: Query,
  { day }: SaltDay,
  rules: ForgettingRules,
): Promise<void> {
  await query({
    text: `DELETE FROM entity_day WHERE day = $1::date AND ${isOver}`,
    values: [day, ...valuesOf(rules)],
  });
}

/** The same of all sealed days before this one: their time may be over, or the catalogue may say otherwise by now. */
export async function forgetTotals(query: Query, day: string, rules: ForgettingRules): Promise<number> {
  const { affected } = await query({
    text: `DELETE FROM entity_day WHERE day < $1::date AND ${isOver}
      AND EXISTS (SELECT FROM stat_state s WHERE s.day = entity_day.day AND s.sealed)`,
    values: [day, ...valuesOf(rules)],
  });
  return affected;
}

function valuesOf({ totalsKeptFrom }: ForgettingRules): readonly [readonly string[], readonly string[]] {
  return [[...totalsKeptFrom.keys()], [...totalsKeptFrom.values()]];
}
