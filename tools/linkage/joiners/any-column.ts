import type { EventRow, Unit, View } from '../rows/view.js';
import type { Joiner } from './joiner.js';
import { shared } from './match.js';

/** Whole minutes and hours are what times are rounded to, and the same for many. */
const isRoundTime = (value: string): boolean => /:00(\.0+)?Z$/.test(value);

/**
 * What nobody thought of: a value that one unit of a day has, and one unit of another day. One joiner to a column, so that
 * a column which tells nothing does not drown one that tells all; columns that are added later are seen, too.
 */
export function columnJoiners(view: View): readonly Joiner[] {
  const names = new Set(view.events.flatMap(({ columns }) => Object.keys(columns)));
  return [...names].sort().map((name) => ({
    name: `${name} comes again`,
    describe: `A value of events.${name} that one unit of a day has is in one unit of another day.`,
    guess: (of: View) => shared(of, ({ rows }) => valuesOf(rows, name), 1),
  }));
}

function valuesOf(rows: readonly EventRow[], name: string): ReadonlySet<string> {
  const values = rows.map(({ columns }) => columns[name] ?? null);
  return new Set(values.filter((value): value is string => value !== null && !isRoundTime(value)));
}

/** The same for every other table: a row that mentions values of units of several days, one of each. */
export function tableJoiners(view: View): readonly Joiner[] {
  const tables = new Set(view.rows.map(({ table }) => table));
  tables.delete('events');
  return [...tables].sort().map((table) => ({
    name: `a row of ${table}`,
    describe: `A row of ${table} mentions, in any column, a value that one unit of each of two days has.`,
    guess(of: View) {
      const mentions = mentionsOf(of, table);
      return shared(of, (unit) => mentions.get(unit) ?? [], 1);
    },
  }));
}

/** Shorter values, such as a version, are the same by chance. */
const shortestValue = 8;

function mentionsOf(view: View, table: string): ReadonlyMap<Unit, readonly string[]> {
  const holders = new Map<string, Set<Unit>>();
  for (const event of view.events)
    for (const value of Object.values(event.columns)) {
      if (value === null || value.length < shortestValue) continue;
      const known = holders.get(value) ?? new Set();
      holders.set(value, known.add(view.unitOf(event)));
    }
  const mentions = new Map<Unit, string[]>();
  view.rows.forEach((row, index) => {
    if (row.table !== table) return;
    for (const value of Object.values(row.columns))
      for (const unit of holders.get(value ?? '') ?? [])
        mentions.set(unit, [...(mentions.get(unit) ?? []), String(index)]);
  });
  return mentions;
}
