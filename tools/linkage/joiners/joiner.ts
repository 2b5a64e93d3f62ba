import type { Unit, View } from '../rows/view.js';

/** A unit of one day and a unit of a later day that are said to be of the same person. */
export type Guess = readonly [Unit, Unit];

/** A way to link two days that needs no secret, only the rows. */
export interface Joiner {
  readonly name: string;
  /** One sentence: what leads from one day to the next. */
  readonly describe: string;
  guess(view: View): readonly Guess[];
}
