import type { OutboxOptions } from './outbox-options.js';

export type FlushPolicyOptions = Pick<OutboxOptions, 'flushAt' | 'flushIntervalMs' | 'idleMs'>;

/** How long events wait for others to share a request with. */
export interface FlushPolicy {
  readonly flushIntervalMs: number;
  /** An event was queued; `isFirst`: nothing else is. */
  added(nowMs: number, isFirst: boolean): void;
  /** What is queued need not wait any more: it was asked for, comes again, or is the rest of a batch. */
  expedite(): void;
  /** When to send, if so many events are queued. */
  dueAt(queued: number): number;
}

export function createFlushPolicy({
  flushAt = 10,
  flushIntervalMs = 10_000,
  idleMs = 2_000,
}: FlushPolicyOptions): FlushPolicy {
  let firstAddedAt = 0;
  let lastAddedAt = 0;
  let isUrgent = false;

  return {
    flushIntervalMs,
    added(nowMs, isFirst) {
      lastAddedAt = nowMs;
      if (!isFirst) return;
      firstAddedAt = nowMs;
      isUrgent = false;
    },
    expedite() {
      isUrgent = true;
    },
    dueAt(queued) {
      if (isUrgent || queued >= flushAt) return 0;
      return Math.min(firstAddedAt + flushIntervalMs, lastAddedAt + idleMs);
    },
  };
}
