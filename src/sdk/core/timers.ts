/** A started timer. */
export interface Timer {
  cancel(): void;
}

/** All that queueing and sending need to know of time that passes. */
export interface Timers {
  /** Calls `run` once after `delayMs`, never on the caller's stack. */
  start(run: () => void, delayMs: number): Timer;
}
