import type { Joiner } from './joiner.js';
import { shared } from './match.js';

/** A hash that is good for more than one day. */
export const hashJoiners: readonly Joiner[] = [
  {
    name: 'same user_hash',
    describe: 'A visitor has one hash on two days.',
    guess: (view) => shared(view, ({ rows }) => present(rows.map(({ userHash }) => userHash))),
  },
  {
    name: 'same session_hash',
    describe: 'A session has one hash on two days.',
    guess: (view) => shared(view, ({ rows }) => present(rows.map(({ sessionHash }) => sessionHash))),
  },
];

function present(values: readonly (string | null)[]): ReadonlySet<string> {
  return new Set(values.filter((value): value is string => value !== null));
}
