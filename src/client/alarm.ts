import type { Later } from './timers.js';

export interface AlarmDeps {
  readonly later: Later;
  /** Milliseconds that never step back. */
  readonly monotonicNow: () => number;
}

/** One timer. */
export interface Alarm {
  /** Rings at this time, unless it is set to ring sooner; never on the caller's stack. */
  setFor(at: number): void;
  cancel(): void;
}

export function createAlarm({ later, monotonicNow }: AlarmDeps, ring: () => void): Alarm {
  let ringsAt = Infinity;
  let cancelTimer: (() => void) | undefined;

  function onTimer(): void {
    ringsAt = Infinity;
    ring();
  }

  return {
    setFor(at) {
      if (at >= ringsAt) return;
      cancelTimer?.();
      ringsAt = at;
      cancelTimer = later(onTimer, at - monotonicNow());
    },
    cancel: () => cancelTimer?.(),
  };
}
