import type { Unit, View } from '../rows/view.js';
import type { Guess } from './joiner.js';

/** Days in pairs, the earlier one first. */
export function dayPairs(view: View): readonly (readonly [string, string])[] {
  return view.days.flatMap((day, index) => view.days.slice(index + 1).map((later) => [day, later] as const));
}

/**
 * For a mark that is a number: of each pair of days, the units that are nearest to each other, on both sides, within
 * `within`. Units without the mark take no part.
 */
export function nearest(view: View, mark: (unit: Unit) => number | null, within: number): readonly Guess[] {
  const marked = new Map<string, { unit: Unit; value: number }[]>();
  for (const unit of view.units) {
    const value = mark(unit);
    if (value === null || Number.isNaN(value)) continue;
    const place = `${unit.day}|${unit.group}`;
    marked.set(place, [...(marked.get(place) ?? []), { unit, value }]);
  }
  for (const list of marked.values()) list.sort((a, b) => a.value - b.value);
  const groups = new Set(view.units.map(({ group }) => group));
  return dayPairs(view).flatMap(([day, later]) =>
    [...groups].flatMap((group) =>
      mutual(marked.get(`${day}|${group}`) ?? [], marked.get(`${later}|${group}`) ?? [], within),
    ),
  );
}

interface Marked {
  readonly unit: Unit;
  readonly value: number;
}

function mutual(left: readonly Marked[], right: readonly Marked[], within: number): readonly Guess[] {
  const guesses: Guess[] = [];
  for (const one of left) {
    const other = closest(right, one.value);
    if (!other || Math.abs(other.value - one.value) > within) continue;
    // Several with the same mark: all of them are nearest.
    const back = closest(left, other.value);
    if (back && Math.abs(back.value - other.value) === Math.abs(one.value - other.value))
      guesses.push([one.unit, other.unit]);
  }
  return guesses;
}

/** Of a list that is sorted by value. */
function closest(list: readonly Marked[], value: number): Marked | undefined {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle]?.value ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  const after = list[low];
  const before = list[low - 1];
  if (!after || !before) return after ?? before;
  return value - before.value < after.value - value ? before : after;
}

/**
 * For a mark that is a text: units of different days that have one in common which few have (at most `atMost` units
 * of a day).
 */
export function shared(view: View, marks: (unit: Unit) => Iterable<string>, atMost = 3): readonly Guess[] {
  const holders = new Map<string, Set<Unit>>();
  for (const unit of view.units)
    for (const mark of marks(unit)) {
      const known = holders.get(mark);
      if (known) known.add(unit);
      else holders.set(mark, new Set([unit]));
    }
  const guesses = new Map<Unit, Set<Unit>>();
  for (const units of holders.values()) {
    if (units.size < 2 || !fewPerDay(units, atMost)) continue;
    const list = [...units].sort((a, b) => (a.day < b.day ? -1 : 1));
    list.forEach((one, index) => {
      for (const other of list.slice(index + 1)) {
        if (one.day === other.day || one.group !== other.group) continue;
        const known = guesses.get(one);
        if (known) known.add(other);
        else guesses.set(one, new Set([other]));
      }
    });
  }
  return [...guesses].flatMap(([one, others]) => [...others].map((other): Guess => [one, other]));
}

function fewPerDay(units: ReadonlySet<Unit>, atMost: number): boolean {
  const counts = new Map<string, number>();
  for (const { day } of units) {
    const count = (counts.get(day) ?? 0) + 1;
    if (count > atMost) return false;
    counts.set(day, count);
  }
  return true;
}

/** The middle one of the numbers; null of none. */
export function median(numbers: readonly (number | null)[]): number | null {
  const sorted = numbers.filter((value): value is number => value !== null).sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? null;
}
