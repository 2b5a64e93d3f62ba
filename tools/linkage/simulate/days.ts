import { createDayOf } from '../../../src/domain/day.js';

const hourMs = 3_600_000;

/** A calendar day of the zone whose midnight turns the salt; `end` is the next day's `start`. */
export interface SaltDay {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** So many days in a row, beginning with `first` (`YYYY-MM-DD`); days of 23 and 25 hours included. */
export function saltDays(zone: string, first: string, count: number): readonly SaltDay[] {
  const dayOf = createDayOf(zone);
  const noon = Date.parse(`${first}T12:00:00Z`);
  const names = Array.from({ length: count + 1 }, (_, index) =>
    new Date(noon + index * 24 * hourMs).toISOString().slice(0, 10),
  );
  const starts = names.map((name) => startOf(name, dayOf));
  return names.slice(0, count).map((name, index) => ({
    name,
    start: starts[index] ?? Number.NaN,
    end: starts[index + 1] ?? Number.NaN,
  }));
}

function startOf(name: string, dayOf: (instant: Date) => string): number {
  const utc = Date.parse(`${name}T00:00:00Z`);
  let before = utc - 26 * hourMs;
  let inside = utc + 26 * hourMs;
  while (inside - before > 1) {
    const middle = Math.floor((before + inside) / 2);
    if (dayOf(new Date(middle)) < name) before = middle;
    else inside = middle;
  }
  return inside;
}
