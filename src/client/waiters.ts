import type { QueuedEvent } from './event.js';
import type { Later } from './timers.js';

/** Those who wait until certain events have left the queue. */
export interface Waiters {
  /** Resolves when none of the events is in the queue any more, or after `timeoutMs`. */
  wait(events: readonly QueuedEvent[], timeoutMs: number): Promise<void>;
  /** The queue has changed: `left` is what is still in it. */
  check(left: readonly QueuedEvent[]): void;
}

interface Waiter {
  readonly events: readonly QueuedEvent[];
  readonly resolve: () => void;
}

export function createWaiters(later: Later): Waiters {
  let waiters: Waiter[] = [];

  function finish(waiter: Waiter): void {
    waiters = waiters.filter((other) => other !== waiter);
    waiter.resolve();
  }

  return {
    wait(events, timeoutMs) {
      if (events.length === 0) return Promise.resolve();
      return new Promise((resolve) => {
        const cancel = later(() => finish(waiter), timeoutMs);
        const waiter: Waiter = {
          events,
          resolve() {
            cancel();
            resolve();
          },
        };
        waiters.push(waiter);
      });
    },
    check(left) {
      const open = new Set(left);
      for (const waiter of waiters) if (!waiter.events.some((event) => open.has(event))) finish(waiter);
    },
  };
}
