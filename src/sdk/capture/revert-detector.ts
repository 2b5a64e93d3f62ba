import { platformClock, steady } from './clock.js';

export interface RevertDetectorOptions {
  /** How long ago a state may have been left to be recognised. Default 30,000. */
  readonly windowMs?: number | undefined;
  /** Most states remembered; the oldest gives way. Default 64. */
  readonly maxSnapshots?: number | undefined;
  /** A monotonic clock in milliseconds, fractions allowed. Default `performance.now`. */
  readonly now?: (() => number) | undefined;
}

/**
 * Notices that a text came back to a state it had before. States are known by their hash alone (`createTextHash`),
 * so no text is held: at most `maxSnapshots` pairs of numbers.
 *
 * An edit costs at most `maxSnapshots` comparisons. With 53-bit keyed hashes the chance that an edit is taken for
 * a revert by collision is at most 64 · 2⁻⁵³, about 7 · 10⁻¹⁵.
 */
export class RevertDetector {
  readonly #windowMs: number;
  readonly #maxSnapshots: number;
  readonly #now: () => number;
  /** States that were left, in order, and when. */
  readonly #hashes: number[] = [];
  readonly #leftAt: number[] = [];
  #current: number | null = null;

  constructor({ windowMs = 30_000, maxSnapshots = 64, now = platformClock.now }: RevertDetectorOptions = {}) {
    this.#windowMs = windowMs;
    this.#maxSnapshots = maxSnapshots;
    this.#now = steady(now);
  }

  /** Another text is being edited from now on: forgets every state and starts from this one, null: unknown. */
  reset(hash: number | null): void {
    this.#hashes.length = 0;
    this.#leftAt.length = 0;
    this.#current = hash;
  }

  /**
   * The text has this hash after an edit. Returns how long ago, in whole milliseconds, the text was last in this
   * very state, where that is within the window: the edits since then are undone. Null: a new state, or none that
   * is remembered, or the text did not change at all.
   */
  onEdit(hash: number): number | null {
    const previous = this.#current;
    if (hash === previous) return null;
    const now = this.#now();
    const index = this.#hashes.lastIndexOf(hash);
    const ageMs = now - (this.#leftAt[index] ?? Number.NaN);
    this.#current = hash;
    if (previous !== null) this.#remember(previous, now);
    return ageMs <= this.#windowMs ? Math.floor(ageMs) : null;
  }

  #remember(hash: number, leftAt: number): void {
    this.#hashes.push(hash);
    this.#leftAt.push(leftAt);
    if (this.#hashes.length > this.#maxSnapshots) {
      this.#hashes.shift();
      this.#leftAt.shift();
    }
  }
}
