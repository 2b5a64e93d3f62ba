import { fullJitterMs } from './backoff.js';
import type { Ledger } from './ledger.js';
import type { Timer, Timers } from './timers.js';
import type { ItemVerdict, Outcome } from './verdict.js';

/** Which event gives way when the queue is full. */
export type Overflow = 'drop-oldest' | 'drop-newest';

/** One event that has no final answer yet. */
export interface QueuedEvent {
  /** Grows by one per event. */
  readonly serial: number;
  /** Its `clientEventId`. */
  readonly id: string;
  readonly json: string;
  /** Of UTF-8, with the comma that follows it. */
  readonly bytes: number;
  /** How often it was sent without a final answer. */
  attempts: number;
  state: 'queued' | 'flying' | 'done';
  /** Set by `discard` on what is in flight: it is not to come back. */
  discarded?: readonly [reason: string, count: number, quiet: boolean];
}

export interface OutboxOptions {
  /** Queued events that are sent without waiting for more. */
  readonly flushAt: number;
  /** Longest wait for company. */
  readonly flushIntervalMs: number;
  /** How often one event is sent before it is given up. */
  readonly maxAttempts: number;
  /** Most events of a batch. */
  readonly maxBatch: number;
  /** Most events held, those in flight included: what bounds the memory. */
  readonly maxQueue: number;
  readonly overflow: Overflow;
}

export interface OutboxDeps extends OutboxOptions {
  readonly ledger: Ledger;
  readonly timers: Timers;
  /** Milliseconds that never step back. */
  readonly ticks: () => number;
  readonly random: () => number;
  /**
   * Sends one batch; never rejects. `exit`: there may be no later, everything is to happen on this stack.
   * `again`: the last try failed.
   */
  readonly post: (batch: readonly QueuedEvent[], exit: boolean, again: boolean) => Promise<Outcome>;
  /** Bytes that the events of a batch sent now may have; not below `maxEventBytes` while nothing is in flight. */
  readonly room: () => number;
  /** Whether anything may be sent at all; asked before each batch, and again every `flushIntervalMs`. */
  readonly maySend: () => boolean;
  /** Hears of events that are done with: stored, refused, dropped. */
  readonly onDone?: (events: readonly QueuedEvent[]) => void;
}

/**
 * A bounded first-in, first-out queue that empties itself, one request at a time (but see `drain`). Every event
 * pushed is at any time in exactly one place: queued, in flight, or counted in the ledger.
 */
export interface Outbox {
  /** Adds an event; where there is no room one gives way and is counted as `queue_full`. Sends nothing itself. */
  push(id: string, json: string, bytes: number): void;
  /** Sends at `flushAt` events or after `flushIntervalMs`, later while backing off. */
  wake(): void;
  /** Sends without waiting for company, though not during a back-off. */
  hurry(): void;
  /** Hurries; resolves when all that was pushed before is done with, or after `timeoutMs`. */
  flush(timeoutMs?: number): Promise<void>;
  /**
   * Sends as much as there is room for, on this stack and whatever is in flight: the page may be gone in a
   * moment. `force` overrides a back-off, unless the far end asked for the wait.
   */
  drain(force: boolean): void;
  /** Ends a wait that the far end did not ask for, after up to `spreadMs`: the network seems to be back. */
  resume(spreadMs: number): void;
  /** Drops and counts what is queued, and what comes back from being in flight; see `Ledger.dropped`. */
  discard(reason: string, quiet: boolean): void;
  /** Takes out of the queue what matches, uncounted; flights go on. */
  remove(matches: (event: QueuedEvent) => boolean): readonly QueuedEvent[];
  /** Never sends again, ignores what is still to come back, and gives out all that was not done with. */
  stop(): readonly QueuedEvent[];
  /** What has no final answer yet, oldest first; not to be kept. */
  events(): readonly QueuedEvent[];
}

/** After so many failures in a row a few events go ahead, to see whether the far end is back. */
const failuresUntilProbe = 3;
const probeEvents = 10;

export function createOutbox(deps: OutboxDeps): Outbox {
  const { ledger, timers, ticks } = deps;
  let events: QueuedEvent[] = [];
  /** How many of them are in flight. */
  let flying = 0;
  /** Requests in flight. */
  let flights = 0;
  let serial = 0;
  let waiting: { readonly upTo: number; readonly resolve: () => void }[] = [];
  let timer: Timer | undefined;
  /** When the timer is to ring; 0: none is armed. */
  let timerAt = 0;
  /** Nothing is sent before; whether the far end asked for that. */
  let notBefore = 0;
  let asked = false;
  /** What is queued need not wait for company: it is a retry, the rest of a split batch, or was asked for. */
  let pressing = false;
  let failures = 0;
  /** Most events of the next batch. */
  let cap = deps.maxBatch;
  let stopped = false;

  const queued = () => events.filter(isQueued);

  /** Takes these out: they are counted, or somebody else's. */
  function settle(gone: readonly QueuedEvent[]): void {
    for (const event of gone) event.state = 'done';
    if (gone.length > 0) events = events.filter((event) => event.state !== 'done');
    // `resolve` answers nothing, so who is resolved is out.
    waiting = waiting.filter(({ upTo, resolve }) => (events[0]?.serial ?? upTo + 1) <= upTo || resolve());
  }

  function done(gone: readonly QueuedEvent[]): void {
    settle(gone);
    if (gone.length > 0) deps.onDone?.(gone);
  }

  function wake(): void {
    const length = events.length - flying;
    if (!length) pressing = false;
    else if (!flights) arm(pressing || length >= deps.flushAt ? 0 : deps.flushIntervalMs);
  }

  function arm(waitMs: number): void {
    const now = ticks();
    const at = Math.max(now + waitMs, notBefore);
    if (stopped || (timerAt && at >= timerAt)) return;
    timer?.cancel();
    timerAt = at;
    // Even at once means after the caller's stack: `track` does no I/O.
    timer = timers.start(onTimer, at - now);
  }

  function onTimer(): void {
    timerAt = 0;
    if (flights || ticks() < notBefore) wake();
    else if (deps.maySend()) send(false);
    else if (events.length > 0) arm(deps.flushIntervalMs);
  }

  function send(exit: boolean): boolean {
    let room = deps.room();
    const batch = queued()
      .slice(0, exit || failures < failuresUntilProbe ? cap : Math.min(cap, probeEvents))
      .filter(({ bytes }) => {
        room -= bytes;
        return room >= 0;
      });
    if (batch.length === 0) return false;
    for (const event of batch) event.state = 'flying';
    flying += batch.length;
    flights += 1;
    ledger.counts.sent += batch.length;
    deps.post(batch, exit, failures > 0).then((outcome) => {
      flights -= 1;
      flying -= batch.length;
      if (stopped) return;
      done(judge(batch, outcome));
      wake();
    });
    // What is left had to wait for this batch as long as for company.
    pressing = events.length > flying;
    return true;
  }

  /** Counts and gives out what has its final answer; the rest is queued again. */
  function judge(
    batch: readonly QueuedEvent[],
    { kind, items, reason, retryAfterMs }: Outcome,
  ): QueuedEvent[] {
    // Halving is no attempt: a big batch must not use up the chances of its events.
    const split = kind === 'split' && batch.length > 1;
    // After a batch went through, or the one event that stopped it is out, the limit is looked for from below.
    if (split) cap = batch.length >> 1;
    else if (kind !== 'retry') cap = Math.min(deps.maxBatch, cap * 2);
    let waitMs = -1;
    const finished = batch.filter((event, index) => {
      const item: Partial<ItemVerdict> = items?.[index] ?? { reason, retryable: kind === 'retry' };
      if (item.retryable) {
        waitMs = Math.max(waitMs, retryAfterMs ?? 0, item.retryAfterMs ?? 0);
        event.attempts += 1;
      }
      const isOpen = split || (item.retryable && event.attempts < deps.maxAttempts);
      if (!isOpen) count(item);
      else if (event.discarded) ledger.dropped(...event.discarded);
      else {
        if (!split) ledger.retrying(item.reason ?? '');
        event.state = 'queued';
        pressing = true;
      }
      return event.state === 'flying';
    });
    failures = waitMs < 0 ? 0 : failures + 1;
    if (failures) {
      notBefore = ticks() + Math.max(waitMs, fullJitterMs(failures, deps.random));
      asked = waitMs > 0;
    }
    return finished;
  }

  function count({ reason, status }: Partial<ItemVerdict>): void {
    if (reason) ledger.dropped(reason);
    else ledger.counts[status === 'ACCEPTED' ? 'accepted' : 'duplicates'] += 1;
  }

  function hurry(): void {
    pressing = true;
    wake();
  }

  return {
    push(id, json, bytes) {
      serial += 1;
      events.push({ serial, id, json, bytes: bytes + 1, attempts: 0, state: 'queued' });
      if (events.length <= deps.maxQueue) return;
      ledger.dropped('queue_full');
      // What is in flight cannot give way: it may be stored already.
      const victim = deps.overflow === 'drop-newest' ? -1 : events.findIndex(isQueued);
      const victims = events.splice(victim, 1);
      settle([]);
      deps.onDone?.(victims);
    },
    wake,
    hurry,
    flush(timeoutMs) {
      hurry();
      return new Promise((resolve) => {
        const deadline = timeoutMs === undefined ? undefined : timers.start(resolve, timeoutMs);
        waiting.push({
          upTo: serial,
          resolve() {
            deadline?.cancel();
            resolve();
          },
        });
        settle([]);
      });
    },
    drain(force) {
      if (stopped || !deps.maySend() || (ticks() < notBefore && (asked || !force))) return;
      while (send(true));
    },
    resume(spreadMs) {
      if (asked && ticks() < notBefore) return;
      notBefore = ticks() + deps.random() * spreadMs;
      hurry();
    },
    discard(reason, quiet) {
      const gone = queued();
      for (const event of events) event.discarded = [reason, 1, quiet];
      ledger.dropped(reason, gone.length, quiet);
      done(gone);
    },
    remove(matches) {
      const gone = queued().filter(matches);
      settle(gone);
      return gone;
    },
    stop() {
      stopped = true;
      timer?.cancel();
      const left = events;
      settle(left);
      return left;
    },
    events: () => events,
  };
}

export const isQueued = (event: QueuedEvent) => event.state === 'queued';
