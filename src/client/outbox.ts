import type { Ledger } from './ledger.js';
import type { Later } from './timers.js';
import type { Verdict } from './verdict.js';

/** Which event gives way when the queue is full. */
export type Overflow = 'drop-oldest' | 'drop-newest';

/** One event that is to be sent. */
export interface NewEvent {
  /** Its `clientEventId`. */
  readonly id: string;
  readonly json: string;
  /** Of UTF-8, or more; see `utf8Length`. */
  readonly bytes: number;
  /** Set by the outbox; see `QueuedEvent`. */
  chances?: number;
}

/** One event that has no final answer yet. */
export interface QueuedEvent extends NewEvent {
  /** How often it may still be sent without a final answer; see `Verdict.cost`. */
  chances: number;
  isFlying?: boolean;
}

export interface OutboxOptions {
  /** Queued events that are sent without waiting for more. Default 10. */
  readonly flushAt?: number | undefined;
  /** Longest wait for company. Default 10,000. */
  readonly flushIntervalMs?: number | undefined;
  /** After so long without a further event what is queued is sent. Default 2,000. */
  readonly idleMs?: number | undefined;
  /** How often one event is sent before it is given up; not counted while the browser is offline. Default 10. */
  readonly maxAttempts?: number | undefined;
  /** Most events of a request, no more than the server's limit. Default 50. */
  readonly maxBatch?: number | undefined;
  /** Most events held, those in flight included: what bounds the memory. Default 1,000. */
  readonly maxQueue?: number | undefined;
  /** Which event gives way when the queue is full. Default `drop-oldest`. */
  readonly overflow?: Overflow | undefined;
}

export interface OutboxDeps extends OutboxOptions {
  readonly ledger: Ledger;
  readonly later: Later;
  /** Milliseconds that never step back. */
  readonly ticks: () => number;
  readonly random: () => number;
  /**
   * Sends one batch; never rejects. `exit`: there may be no later, everything is to happen on this stack.
   * `again`: the last try failed.
   */
  readonly post: (
    batch: readonly QueuedEvent[],
    exit: boolean,
    again: boolean,
  ) => Promise<readonly Verdict[]>;
  /**
   * Of events that may be in flight at a time, not below `maxEventBytes`; what the first request weighs besides its
   * events is not in it.
   */
  readonly maxFlyingBytes: number;
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
   * Adds an event, which is the outbox's from then on; where there is no room one gives way and is counted as
   * `queue_full`. Sends nothing itself.
   */
  push(event: NewEvent): void;
  /**
   * Sends at `flushAt` events, after `flushIntervalMs` or `idleMs`, later while backing off. `hurry`: without
   * waiting for company, though not during a back-off.
   */
  wake(hurry?: boolean): void;
  /** Hurries; resolves when all that was pushed before is done with, or after `timeoutMs`. */
  flush(timeoutMs: number): Promise<void>;
  /**
   * Sends as much as there is room for, on this stack and whatever is in flight: the page may be gone in a
   * moment. `force` overrides a back-off, unless the far end asked for the wait.
   */
  drain(force: boolean): void;
  /** Drops and counts what is queued (see `Ledger.dropped`); what is in flight is not sent again. */
  discard(reason: string, quiet: boolean): void;
  /** Takes out what matches, uncounted; not to be used of what is in flight. */
  remove(matches: (event: QueuedEvent) => unknown): readonly QueuedEvent[];
  /** Never sends again, ignores what is still to come back, and gives out all that was not done with. */
  stop(): readonly QueuedEvent[];
  /** What has no final answer yet, oldest first; not to be kept. */
  pending(): readonly QueuedEvent[];
  sizes(): { readonly queued: number; readonly inFlight: number };
}

export function createOutbox({
  ledger,
  later,
  ticks,
  random,
  post,
  maySend,
  onDone,
  flushAt = 10,
  flushIntervalMs = 10_000,
  idleMs = 2_000,
  maxAttempts = 10,
  maxBatch = 50,
  maxQueue = 1_000,
  maxFlyingBytes,
  overflow,
}: OutboxDeps): Outbox {
  let events: QueuedEvent[] = [];
  /** How many of them are in flight. */
  let flying = 0;
  /** In how many requests. */
  let flights = 0;
  /** Each answers whether it still has to wait. */
  let waiting: (() => boolean)[] = [];
  let cancel: (() => void) | undefined;
  /** When the timer is to ring. */
  let timerAt = Infinity;
  /** When the first and the last came of what is queued. */
  let firstAt = 0;
  let lastAt = 0;
  /** Nothing is sent before, except by `drain`; nothing at all before the far end has asked for it. */
  let notBefore = 0;
  let askedFor = 0;
  /** What is queued need not wait for company: it is a retry, the rest of a split batch, or was asked for. */
  let pressing = false;
  let failures = 0;
  /** Most events of the next batch; 0: stopped. */
  let cap = maxBatch;

  function remove(matches: (event: QueuedEvent) => unknown): readonly QueuedEvent[] {
    const gone = events.filter(matches);
    events = events.filter((event) => !matches(event));
    waiting = waiting.filter((waits) => waits());
    return gone;
  }

  function wake(hurry = pressing): void {
    pressing = hurry;
    if (events.length && !flying) arm(dueAt());
  }

  function dueAt(): number {
    const atOnce = pressing || events.length >= flushAt;
    return Math.max(notBefore, atOnce ? 0 : Math.min(firstAt + flushIntervalMs, lastAt + idleMs));
  }

  function arm(at: number): void {
    if (at >= timerAt) return;
    cancel?.();
    timerAt = at;
    // Even at once means after the caller's stack: `track` does no I/O.
    cancel = later(onTimer, at - ticks());
  }

  function onTimer(): void {
    timerAt = Infinity;
    // Events that came later may have put it off: cheaper than to set the timer anew for each of them.
    if (flying || ticks() < dueAt()) wake();
    else if (maySend()) send(false);
    else if (events.length) arm(ticks() + flushIntervalMs);
  }

  function send(exit: boolean): boolean {
    // Besides its events each request that is under way weighs some 200 bytes.
    let left = maxFlyingBytes - 200 * flights;
    for (const event of events) if (event.isFlying) left -= event.bytes;
    const batch = events
      .filter(isQueued)
      .slice(0, cap)
      .filter(({ bytes }) => {
        left -= bytes;
        return left >= 0;
      });
    if (!batch.length) return false;
    for (const event of batch) event.isFlying = true;
    flying += batch.length;
    flights += 1;
    ledger.counts.sent += batch.length;
    post(batch, exit, failures > 0).then((verdicts) => cap && land(batch, verdicts));
    // What is left had to wait for this batch as long as for company.
    pressing = true;
    return true;
  }

  /** Counts what has its final answer; the rest is queued again. */
  function land(batch: readonly QueuedEvent[], verdicts: readonly Verdict[]): void {
    /** Negative: nothing has to come again later. */
    let asked = -1;
    flying -= batch.length;
    flights -= 1;
    // After a batch went through, or the one event that stopped it is out, the limit is looked for from below.
    cap = Math.min(maxBatch, cap * 2);
    const done = batch.filter((event, index) => {
      const { place, stored, reason, cost, waitMs } = verdicts[index] as Verdict;
      event.chances -= cost;
      event.isFlying = false;
      // Not `<= 0`: with any number of attempts this is not a number in the end.
      const isDone = !(event.chances > 0);
      if (!cost) cap = batch.length >> 1;
      else if (cost === 1) asked = Math.max(asked, waitMs, 0);
      if (stored) ledger.counts[stored] += 1;
      else ledger.report(reason, 1, false, !isDone, place);
      pressing ||= !isDone;
      return isDone;
    });
    if (asked < 0) failures = 0;
    else {
      failures += 1;
      // Of several that were drained one may ask for less than another.
      askedFor = Math.max(askedFor, ticks() + asked);
      // "Full jitter": spread evenly from 0 to a ceiling that begins at 500 ms, doubles with every failure in a row
      // and ends at 30 s, so that clients which failed together do not come back together (AWS Architecture Blog,
      // "Exponential Backoff And Jitter", 2015).
      notBefore = Math.max(askedFor, ticks() + random() * Math.min(30_000, 250 * 2 ** failures));
    }
    onDone(remove((event) => done.includes(event)));
    wake();
  }

  return {
    push(event) {
      lastAt = ticks();
      if (events.length === flying) {
        firstAt = lastAt;
        pressing = false;
      }
      event.chances = maxAttempts;
      events.push(event as QueuedEvent);
      if (events.length <= maxQueue) return;
      ledger.report('queue_full');
      // What is in flight cannot give way: it may be stored already.
      const victim = overflow === 'drop-newest' ? event : events.find(isQueued);
      onDone(remove((other) => other === victim));
    },
    wake,
    flush(timeoutMs) {
      wake(true);
      const mine = [...events];
      return new Promise((resolve) => {
        const forget = later(resolve, timeoutMs);
        waiting.push(() => {
          const open = new Set(events);
          if (mine.some((event) => open.has(event))) return true;
          forget();
          resolve();
          return false;
        });
        remove(() => false);
      });
    },
    drain(force) {
      if (!maySend() || ticks() < (force ? askedFor : notBefore)) return;
      while (send(true));
    },
    remove,
    discard(reason, quiet) {
      for (const event of events) event.chances = 0;
      const gone = remove(isQueued);
      ledger.report(reason, gone.length, quiet);
      onDone(gone);
    },
    stop() {
      cap = 0;
      flying = 0;
      cancel?.();
      return remove(() => true);
    },
    pending: () => events,
    sizes: () => ({ queued: events.length - flying, inFlight: flying }),
  };
}

export const isQueued = (event: QueuedEvent) => !event.isFlying;
