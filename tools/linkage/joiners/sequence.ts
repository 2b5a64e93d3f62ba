import type { Unit, View } from '../rows/view.js';
import type { Guess, Joiner } from './joiner.js';
import { nearest } from './match.js';

/** The numbers of one session in one unit. */
interface Run {
  readonly unit: Unit;
  readonly first: number;
  readonly last: number;
  readonly numbers: ReadonlySet<number>;
}

/** Counting that goes on over the salt's midnight. */
export const sequenceJoiners: readonly Joiner[] = [
  {
    name: 'seq goes on',
    describe: 'The first number of a session is the one after the last of a session of an earlier day.',
    guess: (view) => follow(view, (earlier, later) => later.first === earlier.last + 1),
  },
  {
    name: 'seq fills a gap',
    describe: 'A session lacks a number, and a session of another day has it and nothing near it.',
    guess: (view) => follow(view, fillsGap),
  },
  {
    name: 'seq has one shift',
    describe: 'The lowest numbers of two days are as close as if they had been shifted by one amount.',
    guess: (view) => nearest(view, lowest, 100_000),
  },
];

function fillsGap(earlier: Run, later: Run): boolean {
  if (later.first <= earlier.first || later.last >= earlier.last) return false;
  return [...later.numbers].every((number) => !earlier.numbers.has(number));
}

const lowest = (unit: Unit): number | null => {
  const numbers = runsOf(unit).map(({ first }) => first);
  return numbers.length > 0 ? Math.min(...numbers) : null;
};

/** Pairs for which `fits`, where only few do: small numbers follow each other everywhere. */
function follow(view: View, fits: (earlier: Run, later: Run) => boolean): readonly Guess[] {
  const runs = new Map(view.days.map((day) => [day, view.unitsOf(day).flatMap(runsOf)] as const));
  const guesses: Guess[] = [];
  view.days.forEach((day, index) => {
    const next = view.days[index + 1];
    if (next === undefined) return;
    for (const earlier of runs.get(day) ?? []) {
      const found = (runs.get(next) ?? []).filter(
        (later) => later.unit.group === earlier.unit.group && fits(earlier, later),
      );
      if (found.length <= 3) for (const later of found) guesses.push([earlier.unit, later.unit]);
    }
  });
  return guesses;
}

function runsOf(unit: Unit): readonly Run[] {
  const sessions = new Map<string, number[]>();
  for (const { sessionHash, seq } of unit.rows)
    if (seq !== null) sessions.set(sessionHash ?? '', [...(sessions.get(sessionHash ?? '') ?? []), seq]);
  return [...sessions.values()].map((numbers) => ({
    unit,
    first: Math.min(...numbers),
    last: Math.max(...numbers),
    numbers: new Set(numbers),
  }));
}
