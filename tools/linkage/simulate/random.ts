/** Reproducible randomness: the same seed and the same calls give the same numbers. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** In [from, to). */
  between(from: number, to: number): number;
  /** A whole number in [0, below). */
  whole(below: number): number;
  pick<T>(from: readonly T[]): T;
  /** A UUID version 4. */
  uuid(): string;
  /** So many lower-case hex digits. */
  hex(digits: number): string;
  shuffle<T>(list: readonly T[]): T[];
}

/** The generator "mulberry32" (public domain, Tommy Ettinger 2017): 32 bits of state are enough for a simulation. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }
  const whole = (below: number): number => Math.floor(next() * below);
  const hex = (digits: number): string =>
    Array.from({ length: digits }, () => whole(16).toString(16)).join('');
  return {
    next,
    between: (from, to) => from + next() * (to - from),
    whole,
    hex,
    pick(from) {
      const picked = from[whole(from.length)];
      if (picked === undefined) throw new RangeError('nothing to pick from');
      return picked;
    },
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${(8 + whole(4)).toString(16)}${hex(3)}-${hex(12)}`,
    shuffle(list) {
      return list
        .map((value) => ({ value, order: next() }))
        .sort((a, b) => a.order - b.order)
        .map(({ value }) => value);
    },
  };
}
