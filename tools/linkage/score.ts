import type { Guess, Joiner } from './joiners/joiner.js';
import type { Unit, View } from './rows/view.js';

/** Who sent what is in a unit, and whether links to them count; null: nobody knows. */
export type TruthOf = (unit: Unit) => { readonly name: string; readonly scored: boolean } | null;

export interface Score {
  readonly link: string;
  /** Units with a hash of a visitor or session, or rows that have neither (opted out). */
  readonly of: 'visitors' | 'rows without a hash';
  readonly guesses: number;
  readonly hits: number;
  /** Hits that the same number of blind guesses would bring. */
  readonly expected: number;
  /** The most hits that still are chance. */
  readonly limit: number;
  readonly isLink: boolean;
  /** It was over the limit in the world that the figures are of; see `judgeSurely`. */
  readonly wasOver?: boolean;
}

/** One-sided, beyond three standard deviations of a normal distribution. */
const threeSigma = 0.00135;

/** Scores one joiner, apart for visitors and for rows without a hash. */
export function scoreJoiner(joiner: Joiner, view: View, truthOf: TruthOf): readonly Score[] {
  return scoreGuesses(joiner.name, joiner.guess(view), view, truthOf);
}

export function scoreGuesses(
  link: string,
  guesses: readonly Guess[],
  view: View,
  truthOf: TruthOf,
): readonly Score[] {
  const chances = createChances(view, truthOf);
  const tries = { visitors: new Tries(), 'rows without a hash': new Tries() };
  for (const [one, other] of guesses) {
    const sender = truthOf(one);
    if (!sender?.scored) continue;
    const isHit = truthOf(other)?.name === sender.name;
    const of = one.kind === 'row' ? 'rows without a hash' : 'visitors';
    tries[of].add(chances(other, sender.name), isHit);
  }
  return Object.entries(tries).map(([of, list]) => ({ link, of: of as Score['of'], ...list.judge() }));
}

/**
 * How probable it is that a unit which is picked blindly is a certain person's: of all units of that day that look the
 * same (`Unit.group`), the share that is. One visitor has one unit a day, so that is 1 of their number.
 */
function createChances(view: View, truthOf: TruthOf): (like: Unit, name: string) => number {
  const totals = new Map<string, number>();
  const add = (key: string): void => void totals.set(key, (totals.get(key) ?? 0) + 1);
  for (const unit of view.units) {
    add(`${unit.day}|${unit.group}`);
    add(`${unit.day}|${unit.group}|${truthOf(unit)?.name}`);
  }
  return ({ day, group }, name) =>
    (totals.get(`${day}|${group}|${name}`) ?? 0) / (totals.get(`${day}|${group}`) ?? 1);
}

/** Guesses with the probability of each to be right by chance. */
class Tries {
  private readonly chances: number[] = [];
  private hits = 0;

  add(chance: number, isHit: boolean): void {
    this.chances.push(chance);
    if (isHit) this.hits += 1;
  }

  judge(): Omit<Score, 'link' | 'of' | 'wasOver'> {
    const { hits, chances } = this;
    const expected = chances.reduce((sum, p) => sum + p, 0);
    const limit = limitOf(chances);
    return { guesses: chances.length, hits, expected, limit, isLink: hits > limit };
  }
}

/**
 * The most hits that chance explains: expected + 3σ, at least one lucky guess, and more where few guesses make the
 * distribution so skewed that chance alone goes beyond 3σ more often than in one of 740 cases.
 */
export function limitOf(chances: readonly number[]): number {
  const expected = chances.reduce((sum, p) => sum + p, 0);
  const sigma = Math.sqrt(chances.reduce((sum, p) => sum + p * (1 - p), 0));
  let limit = Math.max(1, Math.floor(expected + 3 * sigma));
  while (tail(chances, limit + 1) >= threeSigma) limit += 1;
  return Math.min(limit, Math.max(1, chances.length));
}

/** The probability of at least so many hits (Poisson binomial distribution, exactly). */
function tail(chances: readonly number[], hits: number): number {
  if (hits > chances.length) return 0;
  // exactly[k]: the probability of k hits so far, for k below `hits`.
  const exactly = new Float64Array(hits);
  exactly[0] = 1;
  for (const p of chances)
    for (let k = hits - 1; k >= 0; k -= 1)
      exactly[k] = (exactly[k] ?? 0) * (1 - p) + (k > 0 ? (exactly[k - 1] ?? 0) * p : 0);
  return 1 - exactly.reduce((sum, p) => sum + p, 0);
}
