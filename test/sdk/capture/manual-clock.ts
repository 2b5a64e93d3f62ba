import type { CaptureClock } from '../../../src/sdk/capture/index.js';

/** A clock that a test turns. */
export class ManualClock implements CaptureClock {
  #time: number;
  readonly #timers = new Map<number, { readonly at: number; readonly run: () => void }>();
  #next = 0;

  constructor(startAt = 1_000.25) {
    this.#time = startAt;
  }

  now(): number {
    return this.#time;
  }

  after(delayMs: number, run: () => void): () => void {
    const id = this.#next++;
    this.#timers.set(id, { at: this.#time + delayMs, run });
    return () => void this.#timers.delete(id);
  }

  waiting(): number {
    return this.#timers.size;
  }

  /** Lets time pass; what is due runs at its time. */
  pass(ms: number): void {
    const end = this.#time + ms;
    for (;;) {
      const [due] = [...this.#timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at);
      if (due === undefined) break;
      const [id, { at, run }] = due;
      this.#timers.delete(id);
      this.#time = Math.max(this.#time, at);
      run();
    }
    this.#time = end;
  }

  /** Sets the clock back, without a timer running. */
  stepBack(ms: number): void {
    this.#time -= ms;
  }
}
