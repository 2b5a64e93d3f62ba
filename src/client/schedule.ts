import { type AlarmDeps, createAlarm } from './alarm.js';
import type { Backoff } from './backoff.js';
import type { FlushPolicy } from './flush-policy.js';
import type { Queue } from './queue.js';

export interface ScheduleDeps extends AlarmDeps {
  readonly queue: Queue;
  readonly flushPolicy: FlushPolicy;
  readonly backoff: Backoff;
  /** Whether anything may be sent at all; asked before each batch, and again every `flushIntervalMs`. */
  readonly maySend: () => boolean;
  readonly send: () => void;
}

/** Calls `send` when it is time, while nothing is in flight. */
export interface Schedule {
  /** To be called whenever something was queued or came back. */
  update(): void;
  cancel(): void;
}

export function createSchedule(deps: ScheduleDeps): Schedule {
  const { queue, flushPolicy, backoff, monotonicNow, maySend, send } = deps;
  const alarm = createAlarm(deps, onAlarm);

  const dueAt = () => Math.max(backoff.retryAt(), flushPolicy.dueAt(queue.sizes().queued));

  function update(): void {
    const { queued, inFlight } = queue.sizes();
    if (queued > 0 && inFlight === 0) alarm.setFor(dueAt());
  }

  function onAlarm(): void {
    // Events that came later may have put it off: that is cheaper than to set the timer anew for each of them.
    const isDue = queue.sizes().inFlight === 0 && monotonicNow() >= dueAt();
    if (!isDue) update();
    else if (maySend()) send();
    // Asking may have emptied the queue.
    else if (queue.sizes().queued > 0) alarm.setFor(monotonicNow() + flushPolicy.flushIntervalMs);
  }

  return { update, cancel: alarm.cancel };
}
