import { columnJoiners, tableJoiners } from '../joiners/any-column.js';
import { deviceMidnightJoiner } from '../joiners/device-midnight.js';
import type { Guess } from '../joiners/joiner.js';
import { median, nearest } from '../joiners/match.js';
import type { Sender } from '../rows/tsv.js';
import { type Unit, type View, viewOf } from '../rows/view.js';
import { scoreGuesses } from '../score.js';
import type { SaltDay } from '../simulate/days.js';
import type { Simulation } from '../simulate/simulate.js';
import { truthFrom } from '../truth.js';
import type { Figure, Measurement } from './figure.js';

const dayMs = 86_400_000;

/** What people do alike on every day, in a world in which they have habits (`SimulationOptions.habits`). */
export function measureHabits(simulation: Simulation): Measurement {
  const view = viewOf(simulation.rows, simulation.zone);
  const measure = (what: string, guesses: readonly Guess[]): Figure =>
    figure(what, guesses, view, simulation);
  return {
    title: 'Habits: everybody has hours, an entity and an app version of their own',
    figures: [
      measure('entity id', named(columnJoiners(view), 'entity_id comes again').guess(view)),
      measure(
        'rare combination of words',
        named(tableJoiners(view), 'a row of event_dimensions').guess(view),
      ),
      measure('working hours', nearest(view, hours, dayMs)),
      measure("session that ends at the device's midnight", deviceMidnightJoiner.guess(view)),
    ],
    notes: [],
  };
}

/** Marks in the world of the main test that the contract leaves. */
export function measureRemains(simulation: Simulation): Measurement {
  const view = viewOf(simulation.rows, simulation.zone);
  // Only clients without `sentAt` whose clock is far behind, who do not count in the main test.
  const clients: Simulation = {
    ...simulation,
    senderOf: new Map(
      [...simulation.senderOf].map(([id, sender]) => [
        id,
        { ...sender, scored: sender.program === 'cli' && !sender.scored },
      ]),
    ),
  };
  const offset = nearest(view, behind, 90_000);
  return {
    title: 'Left by the contract',
    figures: [
      figure('minutes by which a clock is behind, without `sentAt`', offset, view, clients),
      figure(
        'active just before and just after midnight',
        aroundMidnight(view, simulation.days),
        view,
        simulation,
      ),
    ],
    notes: [],
  };
}

function figure(what: string, guesses: readonly Guess[], view: View, { senderOf }: Simulation): Figure {
  const truthOf = truthFrom((id): Sender | undefined => senderOf.get(id));
  const scores = scoreGuesses(what, guesses, view, truthOf);
  const sum = (of: 'guesses' | 'hits' | 'expected'): number =>
    scores.reduce((total, score) => total + score[of], 0);
  return { what, guesses: sum('guesses'), hits: sum('hits'), expected: sum('expected') };
}

function named<T extends { readonly name: string }>(list: readonly T[], name: string): T {
  const found = list.find((joiner) => joiner.name === name);
  if (!found) throw new Error(`no joiner is called ${name}`);
  return found;
}

/** By how much a unit's rows are older than their arrival; rows that do not show it (late ones) say nothing. */
const behind = ({ rows }: Unit): number | null =>
  median(
    rows.flatMap(({ createdAt, occurredAt }) =>
      occurredAt === null || createdAt - occurredAt < 300_000 ? [] : [createdAt - occurredAt],
    ),
  );

const hours = ({ rows }: Unit): number | null => {
  const at = median(rows.map(({ occurredAt, createdAt }) => occurredAt ?? createdAt));
  return at === null ? null : at % dayMs;
};

const nearMs = 15_000;

/** Who is active in the last seconds of a day, and who in the first of the next. */
function aroundMidnight(view: View, days: readonly SaltDay[]): readonly Guess[] {
  return days.flatMap(({ name, end }, index) => {
    const next = days[index + 1];
    if (!next) return [];
    const late = view.unitsOf(name).filter((unit) => active(unit, end - nearMs, end));
    const early = view.unitsOf(next.name).filter((unit) => active(unit, end, end + nearMs));
    return late.flatMap((one) =>
      early.filter((other) => other.group === one.group).map((other): Guess => [one, other]),
    );
  });
}

function active({ rows }: Unit, from: number, to: number): boolean {
  return rows.some(({ occurredAt, createdAt }) => {
    const at = occurredAt ?? createdAt;
    return at >= from && at < to;
  });
}
