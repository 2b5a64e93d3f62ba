import type { Timeline } from './timeline.js';

/** A machine with a clock of its own that can sleep. */
export interface Device {
  /** What its clock says, milliseconds since 1970. */
  now(): number;
  /** Milliseconds that never step back. */
  ticks(): number;
  later(run: () => void, delayMs: number): () => void;
  /** Runs it now, or when the lid is opened. */
  whenAwake(run: () => void): void;
  asleep(): boolean;
  closeLid(): void;
  openLid(): void;
}

/** `clockErrorMs`: what the clock says minus what is right, the same at all times. */
export function createDevice(timeline: Timeline, clockErrorMs: number): Device {
  let asleep = false;
  let waiting: (() => void)[] = [];
  const whenAwake = (run: () => void): void => {
    if (asleep) waiting.push(run);
    else run();
  };
  return {
    now: () => timeline.now() + clockErrorMs,
    ticks: () => timeline.now(),
    later(run, delayMs) {
      let cancelled = false;
      const cancel = timeline.at(timeline.now() + Math.max(0, delayMs), () =>
        whenAwake(() => {
          if (!cancelled) run();
        }),
      );
      return () => {
        cancelled = true;
        cancel();
      };
    },
    whenAwake,
    asleep: () => asleep,
    closeLid() {
      asleep = true;
    },
    openLid() {
      asleep = false;
      const due = waiting;
      waiting = [];
      for (const run of due) whenAwake(run);
    },
  };
}
