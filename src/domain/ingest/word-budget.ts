import { createBoundedCache } from '../bounded-cache.js';
import type { Clock, KnownWords } from '../ports/index.js';
import { createKeyedDigest, type KeyedDigest } from '../privacy/identity/keyed-digest.js';

/** How many combinations of words that nobody has used before one author may bring in. */
export interface WordBudget {
  /** Whether the author (`sub`) may use the combination with this key (`dimensionKey`); a new one is counted. */
  admits(subject: string, combination: string): boolean;
}

export interface WordBudgetDeps {
  readonly known: KnownWords;
  readonly clock: Clock;
  /** New combinations of one author in an hour of the clock; 200 unless given. */
  readonly perHour?: number;
  /** Bytes of everything that is remembered; 16 MB unless given, which is 800 authors who have used up all of theirs. */
  readonly maxBytes?: number;
  /** Made anew for each hour, so that nothing remembered leads from one hour to the next. */
  readonly createDigest?: () => KeyedDigest;
}

/** Far above what a person meets in an hour, far below what fills a table. */
const combinationsPerHour = 200;
const defaultMaxBytes = 16 * 1_048_576;
const hourMs = 3_600_000;

/** What an author takes in memory, and each of their combinations. */
const authorBytes = 300;
const combinationBytes = 100;

/**
 * Bounds the rows of words that one author can make: each distinct combination of route, version and the rest is a row
 * of its own. A combination counts where this process does not know it as stored and the author has not used it in
 * this hour.
 *
 * Fails open: with no memory left the author who came longest ago is forgotten and may bring in new ones again; a new
 * hour, a clock that was set back and a restart begin anew; and every replica counts for itself.
 */
export function createWordBudget({
  known,
  clock,
  perHour = combinationsPerHour,
  maxBytes = defaultMaxBytes,
  createDigest = createKeyedDigest,
}: WordBudgetDeps): WordBudget {
  const beginHour = (number: number) => ({
    number,
    digestOf: createDigest(),
    usedBy: createBoundedCache<string, Set<string>>(maxBytes),
  });
  let hour = beginHour(Number.NaN);
  return {
    admits(subject, combination) {
      if (known.knowsWords(combination)) return true;
      const number = Math.floor(clock.now().getTime() / hourMs);
      if (number !== hour.number) hour = beginHour(number);
      const { digestOf, usedBy } = hour;
      const author = digestOf(subject);
      const used = usedBy.get(author) ?? new Set<string>();
      const digest = digestOf(combination);
      if (used.has(digest)) return true;
      if (used.size >= perHour) return false;
      used.add(digest);
      usedBy.set(author, used, authorBytes + used.size * combinationBytes);
      return true;
    },
  };
}
