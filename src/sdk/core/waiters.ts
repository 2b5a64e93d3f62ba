import type { Timers } from './timers.js';

/** Callers that wait until everything up to a serial number is done with. */
export interface Waiters {
  /** Resolves once nothing up to `serial` is outstanding. */
  waitFor(serial: number): Promise<void>;
  /** `oldest` is the serial number of the oldest entry that is outstanding; undefined: none is. */
  settle(oldest: number | undefined): void;
}

/** `onWaiting` hears whether somebody waits, whenever that may have changed. */
export function createWaiters(onWaiting: (waiting: boolean) => void = () => {}): Waiters {
  let waiting: { readonly upTo: number; readonly resolve: () => void }[] = [];
  return {
    waitFor: (serial) =>
      new Promise((resolve) => {
        waiting.push({ upTo: serial, resolve });
        onWaiting(true);
      }),
    settle(oldest = Number.POSITIVE_INFINITY) {
      if (waiting.length === 0) return;
      for (const waiter of waiting) if (waiter.upTo < oldest) waiter.resolve();
      waiting = waiting.filter((waiter) => waiter.upTo >= oldest);
      onWaiting(waiting.length > 0);
    },
  };
}

/** Resolves when `work` does, or after `timeoutMs`. */
export function settledWithin(work: Promise<void>, timeoutMs: number, timers: Timers): Promise<void> {
  return new Promise((resolve) => {
    const deadline = timers.start(resolve, timeoutMs);
    work.then(() => {
      deadline.cancel();
      resolve();
    });
  });
}
