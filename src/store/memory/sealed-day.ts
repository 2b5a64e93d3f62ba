import type { StoredEvent } from '../../domain/event.js';
import type { SaltDay } from '../../domain/reading/plan.js';

type Events = readonly StoredEvent[];

/** A salt day whose rows are forgotten. Statistics alone still look at them, through `foldSealed`. */
export interface SealedDay extends SaltDay {
  readonly rows: Events;
  /** The least number of visitors whose group kept its name. */
  readonly minGroup: number;
}

/** The values of a group after its small ones have lost their names. */
export interface SealedGroup {
  readonly named: readonly Events[];
  /** The events of all values without a name. Empty: every value kept its name. Null: no value of the group is told. */
  readonly other: Events | null;
}

/**
 * What is told of the values of one group, such as the routes of an app on one day: `nameOf` names the value of an
 * event. The plain form of what SQL stores: it begins anew for every number of values without a name, and takes the
 * first that hides enough visitors.
 */
export function foldSealed(
  rows: Events,
  nameOf: (event: StoredEvent) => string,
  minGroup: number,
  compare: (a: string, b: string) => number,
): SealedGroup {
  const values = [...new Set(rows.map(nameOf))].map((value) => ({
    value,
    events: rows.filter((event) => nameOf(event) === value),
  }));
  values.sort(
    (a, b) =>
      visitorsOf(a.events) - visitorsOf(b.events) ||
      a.events.length - b.events.length ||
      compare(a.value, b.value),
  );
  const isSmall = ({ events }: { events: Events }): boolean => minGroup > 1 && visitorsOf(events) < minGroup;
  const small = values.filter(isSmall).length;
  if (small === 0) return { named: values.map(({ events }) => events), other: [] };
  for (let count = small; count <= values.length; count += 1) {
    const other = values.slice(0, count).flatMap(({ events }) => events);
    if (visitorsOf(other) >= minGroup)
      return { named: values.slice(count).map(({ events }) => events), other };
  }
  return { named: [], other: null };
}

function visitorsOf(events: Events): number {
  return new Set(events.flatMap(({ userHash }) => userHash ?? [])).size;
}
