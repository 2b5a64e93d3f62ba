import type { Failure } from '../../contract/index.js';

/** A question that cannot be asked: which argument, and what is wrong with it. Holds no value of the caller's. */
export interface BadArgument {
  /** Such as `input.filter.route`. */
  readonly argument: string;
  /** Goes on from the argument's name: `lists more than 1000 values`. */
  readonly problem: string;
}

export function bad(argument: string, problem: string): Failure<BadArgument> {
  return { ok: false, error: { argument, problem } };
}
