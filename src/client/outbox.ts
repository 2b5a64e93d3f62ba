import { createBackoff } from './backoff.js';
import { type BatchPolicyOptions, createBatchPolicy } from './batch-policy.js';
import { isQueued, type NewEvent, type QueuedEvent } from './event.js';
import { createFlushPolicy } from './flush-policy.js';
import type { Ledger } from './ledger.js';
import type { OutboxOptions } from './outbox-options.js';
import { createQueue } from './queue.js';
import { createSchedule } from './schedule.js';
import { createSender, type SendBatch } from './sender.js';
import type { Later } from './timers.js';
import { createWaiters } from './waiters.js';

export interface OutboxDeps extends OutboxOptions, BatchPolicyOptions {
  readonly ledger: Ledger;
  readonly later: Later;
  /** Milliseconds that never step back. */
  readonly monotonicNow: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  readonly sendBatch: SendBatch;
  /** Whether anything may be sent at all; asked before each batch, and again every `flushIntervalMs`. */
  readonly maySend: () => boolean;
  /** Hears of events that are done with: stored, refused, dropped. */
  readonly onDone: (events: readonly QueuedEvent[]) => void;
}

/**
 * A bounded first-in, first-out queue that empties itself, one request at a time (but see `drain`). Every event
 * pushed is at any time in exactly one place: queued, in flight, or counted in the ledger.
 */
export interface Outbox {
  /**
   * Adds an event; where there is no room one gives way and is counted as `queue_full`. Sends nothing, and schedules
   * nothing, itself.
   */
  push(event: NewEvent): void;
  /** Sends at `flushAt` events, after `flushIntervalMs` or `idleMs`, later while backing off. */
  schedule(): void;
  /** Sends without waiting for company, though not during a back-off. */
  scheduleNow(): void;
  /** `scheduleNow`; resolves when all that was pushed before is done with, or after `timeoutMs`. */
  flush(timeoutMs: number): Promise<void>;
  /**
   * Sends as much as there is room for, on this stack and whatever is in flight: the page may be gone in a
   * moment. `force` overrides a back-off, unless the far end asked for the wait.
   */
  drain(force: boolean): void;
  /**
   * Drops and counts what is queued (see `Ledger.report`, `isQuiet`); what is in flight is not sent again, and is
   * counted by what comes back.
   */
  discard(reason: string, isQuiet: boolean): void;
  /** Takes out, uncounted, what is queued and matches. */
  removeQueued(matches: (event: QueuedEvent) => boolean): readonly QueuedEvent[];
  /** Never sends again, ignores what is still to come back, and gives out all that was not done with. */
  stop(): readonly QueuedEvent[];
  /** What has no final answer yet, oldest first; not to be kept. */
  pending(): readonly QueuedEvent[];
  sizes(): { readonly queued: number; readonly inFlight: number };
}

export function createOutbox(deps: OutboxDeps): Outbox {
  const { ledger, later, monotonicNow, maySend, onDone } = deps;
  const { maxAttempts = 10, maxQueue = 1_000, overflow = 'drop-oldest' } = deps;
  const waiters = createWaiters(later);
  const queue = createQueue(waiters.check);
  const flushPolicy = createFlushPolicy(deps);
  const backoff = createBackoff(deps);
  const sender = createSender({
    ...deps,
    queue,
    flushPolicy,
    backoff,
    batchPolicy: createBatchPolicy(deps),
    onSettled: () => schedule.update(),
  });
  const schedule = createSchedule({ ...deps, queue, flushPolicy, backoff, send: () => sender.send(false) });

  /** What is in flight cannot give way: it may be stored already. */
  function makeRoom(newest: QueuedEvent): void {
    if (queue.all().length <= maxQueue) return;
    const victim = overflow === 'drop-newest' ? newest : queue.queued()[0];
    ledger.report('queue_full');
    onDone(queue.remove((event) => event === victim));
  }

  function scheduleNow(): void {
    flushPolicy.expedite();
    schedule.update();
  }

  return {
    push(event) {
      const added = { ...event, attemptsLeft: maxAttempts, inFlight: false };
      flushPolicy.added(monotonicNow(), queue.sizes().queued === 0);
      queue.add(added);
      makeRoom(added);
    },
    schedule: schedule.update,
    scheduleNow,
    flush(timeoutMs) {
      scheduleNow();
      return waiters.wait([...queue.all()], timeoutMs);
    },
    drain(force) {
      const mayAt = force ? backoff.serverRetryAt() : backoff.retryAt();
      if (!maySend() || monotonicNow() < mayAt) return;
      while (sender.send(true));
    },
    discard(reason, isQuiet) {
      for (const event of queue.all()) event.attemptsLeft = 0;
      const dropped = queue.remove(isQueued);
      ledger.report(reason, { count: dropped.length, isQuiet });
      onDone(dropped);
    },
    removeQueued: (matches) => queue.remove((event) => isQueued(event) && matches(event)),
    stop() {
      sender.stop();
      schedule.cancel();
      return queue.remove(() => true);
    },
    pending: queue.all,
    sizes: queue.sizes,
  };
}
