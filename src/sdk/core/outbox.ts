import { fullJitterMs } from './backoff.js';
import type { Ledger } from './ledger.js';
import type { Timer, Timers } from './timers.js';
import type { ItemVerdict, Outcome } from './verdict.js';

/** Which event gives way when the queue is full. */
export type Overflow = 'drop-oldest' | 'drop-newest';

/** One event that waits to be sent. */
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
  /** Whether somebody waits for a flush, whenever that may have changed. */
  readonly onWaiting?: (waiting: boolean) => void;
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
  /** What is queued, oldest first; not to be kept. */
  queued(): readonly QueuedEvent[];
  /** How many events are in flight. */
  inFlight(): number;
}

const never = Number.POSITIVE_INFINITY;

/** After so many failures in a row a few events go ahead, to see whether the far end is back. */
const failuresUntilProbe = 3;
const probeEvents = 10;

export function createOutbox(deps: OutboxDeps): Outbox {
  const { ledger, timers, ticks } = deps;
  let queue: QueuedEvent[] = [];
  const flights = new Set<readonly QueuedEvent[]>();
  let flying = 0;
  let serial = 0;
  let waiting: { readonly upTo: number; readonly resolve: () => void }[] = [];
  let timer: Timer | undefined;
  let timerAt = never;
  /** Nothing is sent before; whether the far end asked for that. */
  let notBefore = 0;
  let asked = false;
  /** What is queued need not wait for company: it is a retry, the rest of a split batch, or was asked for. */
  let pressing = false;
  let failures = 0;
  /** Most events of the next batch. */
  let cap = deps.maxBatch;
  let stopped = false;
  /** The last `discard`: what was sent before it does not come back. */
  let discarded = { reason: '', quiet: false };

  function done(events: readonly QueuedEvent[]): void {
    if (events.length > 0) deps.onDone?.(events);
    const oldest = Math.min(...[queue, ...flights].map(([first]) => first?.serial ?? never));
    // `resolve` answers nothing, so who is resolved is out.
    waiting = waiting.filter(({ upTo, resolve }) => upTo >= oldest || resolve());
    deps.onWaiting?.(waiting.length > 0);
  }

  function wake(): void {
    if (queue.length === 0) pressing = false;
    else if (flying === 0) arm(pressing || queue.length >= deps.flushAt ? 0 : deps.flushIntervalMs);
  }

  function hurry(): void {
    pressing = true;
    wake();
  }

  function arm(waitMs: number): void {
    const now = ticks();
    const at = Math.max(now + waitMs, notBefore);
    if (stopped || at >= timerAt) return;
    timer?.cancel();
    timerAt = at;
    // Even at once means after the caller's stack: `track` does no I/O.
    timer = timers.start(onTimer, at - now);
  }

  function onTimer(): void {
    timerAt = never;
    if (flying > 0 || queue.length === 0 || ticks() < notBefore) wake();
    else if (deps.maySend()) send(false);
    else arm(deps.flushIntervalMs);
  }

  function send(exit: boolean): boolean {
    const most = exit || failures < failuresUntilProbe ? cap : Math.min(cap, probeEvents);
    let room = deps.room();
    const end = queue.findIndex(({ bytes }, index) => {
      room -= bytes;
      return index >= most || room < 0;
    });
    const batch = queue.splice(0, end < 0 ? queue.length : end);
    if (batch.length === 0) return false;
    const before = discarded;
    flights.add(batch);
    flying += batch.length;
    ledger.counts.sent += batch.length;
    deps.post(batch, exit, failures > 0).then((outcome) => {
      if (!stopped) land(batch, outcome, before === discarded);
    });
    return true;
  }

  function land(batch: readonly QueuedEvent[], outcome: Outcome, comesBack: boolean): void {
    flights.delete(batch);
    flying -= batch.length;
    let again = judge(batch, outcome);
    if (!comesBack) {
      ledger.dropped(discarded.reason, again.length, discarded.quiet);
      again = [];
    }
    if (again.length > 0) {
      pressing = true;
      queue = [...again, ...queue].sort((a, b) => a.serial - b.serial);
    }
    done(batch.filter((event) => !again.includes(event)));
    wake();
  }

  /** Counts what has its final answer; gives out what is to be sent again. */
  function judge(batch: readonly QueuedEvent[], outcome: Outcome): readonly QueuedEvent[] {
    const { kind } = outcome;
    // Halving is no attempt: a big batch must not use up the chances of its events.
    if (kind === 'split' && batch.length > 1) {
      cap = batch.length >> 1;
      failures = 0;
      return batch;
    }
    let waitMs = -1;
    const again = batch.filter((event, index) => {
      const { reason, retryable, status, retryAfterMs }: Partial<ItemVerdict> =
        (kind === 'answered'
          ? outcome.items[index]
          : { reason: outcome.reason, retryable: kind === 'retry' }) ?? {};
      if (!reason) ledger.counts[status === 'ACCEPTED' ? 'accepted' : 'duplicates'] += 1;
      else if (retryable) {
        waitMs = Math.max(waitMs, outcome.retryAfterMs ?? 0, retryAfterMs ?? 0);
        event.attempts += 1;
        const comesAgain = event.attempts < deps.maxAttempts;
        ledger[comesAgain ? 'retrying' : 'dropped'](reason);
        return comesAgain;
      } else ledger.dropped(reason);
      return false;
    });
    // A batch went through, or the one event that stopped it is out: look for the limit from below again.
    if (kind !== 'retry') cap = Math.min(deps.maxBatch, cap * 2);
    failures = waitMs < 0 ? 0 : failures + 1;
    if (failures) hold(Math.max(waitMs, fullJitterMs(failures, deps.random)), waitMs > 0);
    return again;
  }

  function hold(waitMs: number, wasAsked: boolean): void {
    notBefore = ticks() + waitMs;
    asked = wasAsked;
  }

  return {
    push(id, json, bytes) {
      serial += 1;
      queue.push({ serial, id, json, bytes: bytes + 1, attempts: 0 });
      if (queue.length + flying <= deps.maxQueue) return;
      // What is in flight cannot give way: it may be stored already.
      const victims = queue.splice(deps.overflow === 'drop-newest' ? -1 : 0, 1);
      ledger.dropped('queue_full');
      done(victims);
    },
    wake,
    hurry,
    flush(timeoutMs) {
      if (queue.length + flying === 0) return Promise.resolve();
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
        deps.onWaiting?.(true);
      });
    },
    drain(force) {
      if (stopped || !deps.maySend() || (ticks() < notBefore && (asked || !force))) return;
      while (send(true));
    },
    resume(spreadMs) {
      if (asked && ticks() < notBefore) return;
      hold(deps.random() * spreadMs, false);
      wake();
    },
    discard(reason, quiet) {
      const gone = queue;
      queue = [];
      discarded = { reason, quiet };
      ledger.dropped(reason, gone.length, quiet);
      done(gone);
    },
    remove(matches) {
      const gone = queue.filter(matches);
      queue = queue.filter((event) => !gone.includes(event));
      done([]);
      return gone;
    },
    stop() {
      stopped = true;
      timer?.cancel();
      const left = [...[...flights].flat(), ...queue];
      queue = [];
      flights.clear();
      flying = 0;
      done([]);
      return left;
    },
    queued: () => queue,
    inFlight: () => flying,
  };
}
