import { platformClock, steady } from './clock.js';

/** Lines that a cursor is in. Two regions are one where all four parts are equal. */
export interface Region {
  readonly file?: string | undefined;
  readonly function?: string | undefined;
  readonly lineStart: number;
  readonly lineEnd: number;
}

/** A region that was left, and how long the cursor had rested there. */
export interface CursorFocus extends Region {
  /** Whole milliseconds, rounded down: the sum of all dwells never exceeds the time that passed. */
  readonly durationMs: number;
}

export interface CursorFocusOptions {
  readonly onFocus: (focus: CursorFocus) => void;
  /** Shorter visits are not reported. Default 200. */
  readonly minDwellMs?: number | undefined;
  /** A monotonic clock in milliseconds, fractions allowed. Default `performance.now`. */
  readonly now?: (() => number) | undefined;
}

/**
 * Turns cursor moves into visits of regions. A move costs one comparison of four fields and keeps nothing but
 * the region that the cursor is in. A clock that steps back stands still until it has caught up: no visit is
 * negative, and no time is counted twice.
 */
export class CursorFocusTracker {
  readonly #onFocus: (focus: CursorFocus) => void;
  readonly #minDwellMs: number;
  readonly #now: () => number;
  #region: Region | null = null;
  #since = 0;

  constructor({ onFocus, minDwellMs = 200, now = platformClock.now }: CursorFocusOptions) {
    this.#onFocus = onFocus;
    this.#minDwellMs = minDwellMs;
    this.#now = steady(now);
  }

  /** The cursor is in this region now. Within the region it is in already, nothing happens. */
  move(region: Region): void {
    if (this.#region !== null && isSame(this.#region, region)) return;
    this.#enter(region);
  }

  /** Reports the visit that is going on, as if the cursor had left; the next move begins another. */
  flush(): void {
    if (this.#region !== null) this.#enter(null);
  }

  #enter(next: Region | null): void {
    const left = this.#region;
    const now = this.#now();
    const dwell = now - this.#since;
    // Before the report, which may throw or move the cursor.
    this.#region = next;
    this.#since = now;
    if (left !== null && dwell >= this.#minDwellMs) this.#onFocus({ ...left, durationMs: Math.floor(dwell) });
  }
}

function isSame(one: Region, other: Region): boolean {
  return (
    one.lineStart === other.lineStart &&
    one.lineEnd === other.lineEnd &&
    one.file === other.file &&
    one.function === other.function
  );
}
