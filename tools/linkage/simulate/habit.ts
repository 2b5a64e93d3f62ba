import type { SaltDay } from './days.js';
import type { Person } from './people.js';
import type { Deed } from './plan.js';
import type { Random } from './random.js';
import { drawWords, type Words } from './words.js';

/** What a person does alike on every day. */
export interface Habit {
  readonly appVersion: string;
  words(random: Random): Words;
  deeds(days: readonly SaltDay[]): readonly Deed[];
}

const minute = 60_000;

/** Work begins at an hour of one's own, give or take ten minutes, and goes on for three hours. */
export function makeHabit(index: number, { clockErrorMs }: Person, random: Random): Habit {
  const entity = { type: 'journey', id: random.uuid() };
  // A clock that is nine hours behind has its midnight at nine: that falls into the work of who has such a clock.
  const begins = (clockErrorMs === -9 * 60 * minute ? 7.5 * 60 : random.between(5 * 60, 19 * 60)) * minute;
  return {
    appVersion: `1.4.${index}`,
    words(source) {
      const words = drawWords(source);
      return words.entity ? { ...words, entity } : words;
    },
    deeds: (days) =>
      days.flatMap(({ start }) => {
        let at = start + begins + random.between(-10, 10) * minute;
        return Array.from({ length: 12 }, (): Deed => {
          at += random.between(8, 22) * minute;
          return { at, do: 'track' };
        });
      }),
  };
}
