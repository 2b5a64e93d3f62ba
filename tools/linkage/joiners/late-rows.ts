import type { EventRow, Unit, View } from '../rows/view.js';
import type { Guess, Joiner } from './joiner.js';

/**
 * Rows that came in on a later day, as far as they show it (`created_at` is `occurred_at`), and the rows of that later
 * day: whether sorting both by one column puts partners at one place.
 */
export const lateRowJoiners: readonly Joiner[] = [
  rankJoiner('late rows in the order of id', ({ id }) => id),
  rankJoiner('late rows in the order of created_at', ({ createdAt, id }) => `${createdAt} ${id}`),
];

function rankJoiner(name: string, by: (row: EventRow) => string): Joiner {
  return {
    name,
    describe: 'Late rows of a day stand in the same order as the rows of the day on which they came.',
    guess: (view) =>
      view.days.flatMap((day, index) => {
        const next = view.days[index + 1];
        if (next === undefined) return [];
        return align(
          inOrder(view, day, isLate, by),
          inOrder(view, next, () => true, by),
        );
      }),
  };
}

const isLate = ({ createdAt, occurredAt }: EventRow): boolean => createdAt === occurredAt;

function inOrder(
  view: View,
  day: string,
  wanted: (row: EventRow) => boolean,
  by: (row: EventRow) => string,
): readonly Unit[] {
  const rows = view
    .unitsOf(day)
    .flatMap(({ rows }) => rows)
    .filter(wanted)
    .sort((a, b) => (by(a) < by(b) ? -1 : 1));
  return [...new Set(rows.map((row) => view.unitOf(row)))];
}

/** The unit at a tenth of one list is said to be the one at a tenth of the other, within its group. */
function align(left: readonly Unit[], right: readonly Unit[]): readonly Guess[] {
  return [...new Set(left.map(({ group }) => group))].flatMap((group) => {
    const ours = left.filter((unit) => unit.group === group);
    const theirs = right.filter((unit) => unit.group === group);
    return ours.flatMap((unit, index) => {
      const other = theirs[Math.floor((index * theirs.length) / ours.length)];
      return other ? [[unit, other] as const] : [];
    });
  });
}
