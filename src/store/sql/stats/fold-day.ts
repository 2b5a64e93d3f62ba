import { type CountedValue, type Fold, foldOneMore, foldSmall } from '../../../domain/reading/fold.js';
import type { SaltDay } from '../../../domain/reading/plan.js';
import type { Query } from './count-day.js';
import { type Slicing, slicingsOfDay, slicingsOfHours } from './slicing.js';

/** In which slices something lost its name, by the numbers of their kinds. */
export interface FoldedKinds {
  readonly day: readonly number[];
  readonly hours: readonly number[];
}

/**
 * Takes their names from all values of a day that few visitors have: within each app (and hour) and kind they become
 * one row, whose visitors and sessions are counted from the raw rows. Where even all of them together are too few, the
 * rows go, and only the total of the kind above stays. Totals never change. A minimum of 1 folds nothing.
 */
export async function foldDay(query: Query, day: SaltDay, minGroup: number): Promise<FoldedKinds> {
  if (minGroup <= 1) return { day: [], hours: [] };
  const folded = { day: await foldAll(slicingsOfDay), hours: await foldAll(slicingsOfHours) };
  await dropSmallProperties(query, day, minGroup);
  return folded;

  async function foldAll(slicings: readonly Slicing[]): Promise<readonly number[]> {
    const numbers: number[] = [];
    for (const slicing of slicings) {
      if (await foldSlicing(query, slicing, day, minGroup)) numbers.push(slicing.kind.number);
    }
    return numbers;
  }
}

/** A value with the place that it has in the table. */
interface Value extends CountedValue {
  /** Values of one group compete with one another only. */
  readonly group: string;
  readonly hour: string | null;
  readonly app: string | null;
  readonly type: string | null;
  readonly word: string | null;
}

/** What was counted from raw rows of all events of a group that have no name. */
interface Other {
  readonly hour: string | null;
  readonly app: string | null;
  readonly events: number;
  readonly visitors: number;
  readonly sessions: number;
}

type Groups = ReadonlyMap<string, Fold<Value>>;

/** Answers whether anything lost its name. */
async function foldSlicing(query: Query, slicing: Slicing, day: SaltDay, minGroup: number): Promise<boolean> {
  const values = (await query({ text: slicing.valuesText, values: boundsOf(day) })).rows.map(toValue);
  let groups: Groups = mapGroups(grouped(values), (members) => foldSmall(members, minGroup));
  if (![...groups.values()].some(hasOther)) return false;
  let others = await countOthers(query, slicing, day, groups);
  const isTooSmall = (group: string): boolean => (others.get(group)?.visitors ?? 0) < minGroup;
  const wantsMore = (group: string, fold: Fold<Value>): boolean =>
    hasOther(fold) && fold.named.length > 0 && isTooSmall(group);
  while ([...groups].some(([group, fold]) => wantsMore(group, fold))) {
    groups = mapGroups(groups, (fold, group) => (wantsMore(group, fold) ? foldOneMore(fold) : fold));
    others = await countOthers(query, slicing, day, groups);
  }
  const told = [...others].filter(([group]) => !isTooSmall(group)).map(([, other]) => other);
  await query({
    text: slicing.replaceText,
    values: [day.day, JSON.stringify(namesOf(groups)), JSON.stringify(told)],
  });
  return [...groups].some(
    ([group, { other }]) => other.some(({ folded }) => !folded) || (other.length > 0 && isTooSmall(group)),
  );
}

/** By group, for those where anything has no name. */
async function countOthers(
  query: Query,
  slicing: Slicing,
  day: SaltDay,
  groups: Groups,
): Promise<ReadonlyMap<string, Other>> {
  const { rows } = await query({
    text: slicing.othersText,
    values: [...boundsOf(day), JSON.stringify(namesOf(groups))],
  });
  return new Map(rows.map((row) => [String(row.group), row as unknown as Other]));
}

function hasOther({ other }: Fold<Value>): boolean {
  return other.length > 0;
}

function namesOf(groups: Groups): readonly Pick<Value, 'hour' | 'app' | 'type' | 'word'>[] {
  return [...groups.values()].flatMap(({ named }) =>
    named.map(({ hour, app, type, word }) => ({ hour, app, type, word })),
  );
}

function toValue(row: Readonly<Record<string, unknown>>): Value {
  const value = row as unknown as Omit<Value, 'name'>;
  return { ...value, name: [value.app, value.type, value.word] };
}

function grouped(values: readonly Value[]): ReadonlyMap<string, readonly Value[]> {
  const groups = new Map<string, Value[]>();
  for (const value of values) {
    const members = groups.get(value.group);
    if (members) members.push(value);
    else groups.set(value.group, [value]);
  }
  return groups;
}

function mapGroups<From, To>(
  groups: ReadonlyMap<string, From>,
  change: (from: From, group: string) => To,
): ReadonlyMap<string, To> {
  return new Map([...groups].map(([group, from]) => [group, change(from, group)]));
}

function boundsOf({ day, start, end }: SaltDay): readonly [string, Date, Date] {
  return [day, start, end];
}

/** Properties of event types that have lost their name, and those that few visitors have. */
const dropPropertiesText = `WITH carried AS (
  SELECT d.app_name AS app, d.event_type AS type, p.key AS name
  FROM events e JOIN event_dimensions d ON d.id = e.dimension_id CROSS JOIN LATERAL json_each(e.properties) p
  WHERE e.created_at >= $2 AND e.created_at < $3 AND json_typeof(p.value) = 'number'
  GROUP BY 1, 2, 3 HAVING count(DISTINCT e.user_hash) >= $4::int
)
DELETE FROM stat_property p WHERE p.day = $1::date AND NOT (
  EXISTS (SELECT FROM carried c WHERE c.app = p.app AND c.type = p.type AND c.name = p.name)
  AND EXISTS (
    SELECT FROM stat_day s
    WHERE s.day = p.day AND s.kind = 2 AND NOT s.folded AND s.app = p.app AND s.type = p.type
  )
)`;

async function dropSmallProperties(query: Query, day: SaltDay, minGroup: number): Promise<void> {
  await query({ text: dropPropertiesText, values: [...boundsOf(day), minGroup] });
}
