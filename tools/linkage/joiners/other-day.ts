import { createDayOf } from '../../../src/domain/day.js';
import type { EventRow, Unit, View } from '../rows/view.js';
import type { Guess, Joiner } from './joiner.js';

/** Rows that say of themselves that they belong to another day than the one whose salt hashed them. */
export function otherDayJoiners(zone: string): readonly Joiner[] {
  const dayOf = createDayOf(zone);
  return [
    {
      name: 'occurred on an earlier day',
      describe:
        "A row hashed with one day's salt says that it occurred on an earlier day: who was active just before then?",
      guess: (view) =>
        view.units.flatMap((unit) =>
          strays(unit, dayOf).flatMap(({ day, at }) => {
            const partner = activeBefore(view, unit, day, at);
            return partner ? [[partner, unit] as const] : [];
          }),
        ),
    },
    {
      name: 'instant in common',
      describe: 'Any two columns that hold times have the same millisecond in rows of two days.',
      guess: instantsInCommon,
    },
  ];
}

interface Stray {
  readonly day: string;
  readonly at: number;
}

function strays({ day, rows }: Unit, dayOf: (instant: Date) => string): readonly Stray[] {
  const found = new Map<string, number>();
  for (const { occurredAt } of rows) {
    if (occurredAt === null) continue;
    const happened = dayOf(new Date(occurredAt));
    if (happened < day) found.set(happened, Math.min(found.get(happened) ?? Infinity, occurredAt));
  }
  return [...found].map(([on, at]) => ({ day: on, at }));
}

/** The unit whose last row before `at` is the closest, at most ten minutes earlier. */
function activeBefore(view: View, like: Unit, day: string, at: number): Unit | null {
  let best: Unit | null = null;
  let gap = 600_000;
  for (const unit of view.unitsOf(day)) {
    if (unit.group !== like.group) continue;
    for (const row of unit.rows) {
      const waited = at - (row.occurredAt ?? row.createdAt);
      if (waited >= 0 && waited < gap) {
        gap = waited;
        best = unit;
      }
    }
  }
  return best;
}

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$/;

/** Whole minutes and hours are what many rows are rounded to, and the same for all. */
const isRound = (text: string): boolean => /:00\.0+Z$/.test(text);

function instantsInCommon(view: View): readonly Guess[] {
  const holders = new Map<string, Set<Unit>>();
  for (const event of view.events)
    for (const value of timesOf(event)) {
      const known = holders.get(value) ?? new Set();
      holders.set(value, known.add(view.unitOf(event)));
    }
  const guesses = new Map<string, Guess>();
  for (const units of holders.values())
    for (const one of units)
      for (const other of units)
        if (one.day < other.day && one.group === other.group)
          guesses.set(`${view.units.indexOf(one)} ${view.units.indexOf(other)}`, [one, other]);
  return [...guesses.values()];
}

function timesOf({ columns }: EventRow): readonly string[] {
  return Object.values(columns).filter(
    (value): value is string => value !== null && isoTime.test(value) && !isRound(value),
  );
}
