import { fullJitterMs } from './backoff.js';
import { judge } from './judge.js';
import type { Ledger } from './ledger.js';
import type { BatchQueue } from './queue.js';
import type { QueuedEvent } from './queued-event.js';
import type { Timer, Timers } from './timers.js';
import type { Outcome } from './verdict.js';

/** After so many failures in a row a few events go ahead, to see whether the far end is back. */
const failuresUntilProbe = 3;
const probeEvents = 10;

/** How a batch is sent. `exit`: there may be no later, everything is to happen on this stack. */
export interface SendMode {
  readonly exit: boolean;
  /** Not the first try of these events. */
  readonly again: boolean;
}

export interface SenderDeps {
  readonly queue: BatchQueue<QueuedEvent>;
  readonly ledger: Ledger;
  readonly timers: Timers;
  /** Sends one batch; never rejects. */
  readonly post: (batch: readonly QueuedEvent[], mode: SendMode) => Promise<Outcome>;
  readonly random: () => number;
  /** Bytes that the events of a batch sent now may have; not below `maxEventBytes` while nothing is in flight. */
  readonly room: () => number;
  /** Whether anything may be sent at all; asked before each batch, and again every `flushIntervalMs`. */
  readonly maySend: () => boolean;
  readonly flushAt: number;
  readonly flushIntervalMs: number;
  readonly maxAttempts: number;
  /** Most events of a batch. */
  readonly maxBatch: number;
  /** Called whenever a request has come to its end. */
  readonly onLanded: (batch: readonly QueuedEvent[], again: readonly QueuedEvent[]) => void;
}

/** Empties the queue, one request at a time. */
export interface Sender {
  /** Something was queued: sends at `flushAt` events or after `flushIntervalMs`, later while backing off. */
  wake(): void;
  /** Sends without waiting for company; a back-off still holds. */
  hurry(): void;
  /**
   * Sends as much as there is room for, on this stack and whatever is in flight: the page may be gone in a
   * moment. `force` overrides a back-off, unless the server asked for the wait.
   */
  drain(force: boolean): void;
  /** Ends a wait that the server did not ask for, after up to `spreadMs`: the network seems to be back. */
  resume(spreadMs: number): void;
  /** Drops and counts what is queued, and what comes back from being in flight; see `Ledger.dropped`. */
  discard(reason: string, quiet: boolean): void;
  /** Never sends again and ignores what is still to come back. */
  stop(): void;
}

export function createSender(deps: SenderDeps): Sender {
  const { queue, timers, ledger } = deps;
  /** The armed timer, and whether it is the short one. */
  let armed: { readonly timer: Timer; readonly soon: boolean } | null = null;
  /** Set while backing off, and whether the server asked for it. */
  let hold: { readonly timer: Timer; readonly asked: boolean } | null = null;
  /** What is queued need not wait for company: it is a retry, the rest of a split batch, or was asked for. */
  let pressing = false;
  let failuresInRow = 0;
  /** Most events of the next batch. */
  let cap = deps.maxBatch;
  let stopped = false;
  /** Replaced when what is in flight must not come back. */
  let era = { reason: '', quiet: false };

  const isDue = () => pressing || queue.queued() >= deps.flushAt;

  function wake(): void {
    if (queue.queued() === 0) pressing = false;
    if (stopped || hold !== null || queue.inFlight() > 0 || queue.queued() === 0) return;
    const soon = isDue() && deps.maySend();
    if (armed !== null && (armed.soon || !soon)) return;
    armed?.timer.cancel();
    // Even at once means after the caller's stack: `track` does no I/O.
    armed = { soon, timer: timers.start(onTimer, soon ? 0 : deps.flushIntervalMs) };
  }

  function onTimer(): void {
    armed = null;
    if (queue.inFlight() === 0 && deps.maySend()) send(false);
    wake();
  }

  function send(exit: boolean): boolean {
    const most = failuresInRow < failuresUntilProbe ? cap : Math.min(cap, probeEvents);
    const batch = queue.take(exit ? cap : most, deps.room());
    if (batch.length === 0) return false;
    const sentIn = era;
    ledger.sent(batch.length);
    deps.post(batch, { exit, again: failuresInRow > 0 }).then((outcome) => {
      if (!stopped) land(batch, outcome, sentIn);
    });
    return true;
  }

  function land(batch: readonly QueuedEvent[], outcome: Outcome, sentIn: typeof era): void {
    const verdict = judge(batch, outcome, { ...deps, cap }, ledger);
    const again = sentIn === era ? verdict.again : [];
    ledger.dropped(sentIn.reason, verdict.again.length - again.length, sentIn.quiet);
    queue.land(batch, again);
    cap = verdict.cap;
    if (again.length > 0) pressing = true;
    failuresInRow = verdict.backOffMs === null ? 0 : failuresInRow + 1;
    if (verdict.backOffMs !== null) backOff(verdict.backOffMs);
    deps.onLanded(batch, again);
    wake();
  }

  function backOff(atLeastMs: number): void {
    hold?.timer.cancel();
    const waitMs = Math.max(atLeastMs, fullJitterMs(failuresInRow, deps.random));
    hold = { asked: atLeastMs > 0, timer: timers.start(release, waitMs) };
  }

  function release(): void {
    hold = null;
    if (isDue()) onTimer();
    else wake();
  }

  return {
    wake,
    hurry() {
      pressing = true;
      wake();
    },
    drain(force) {
      const waits = hold !== null && (hold.asked || !force);
      if (waits || stopped || !deps.maySend()) return;
      while (send(true));
    },
    resume(spreadMs) {
      if (hold?.asked) return;
      hold?.timer.cancel();
      hold =
        queue.queued() > 0 ? { asked: false, timer: timers.start(release, deps.random() * spreadMs) } : null;
    },
    discard(reason, quiet) {
      Object.assign(era, { reason, quiet });
      era = { reason: '', quiet: false };
      ledger.dropped(reason, queue.remove(() => true).length, quiet);
    },
    stop() {
      stopped = true;
      armed?.timer.cancel();
      hold?.timer.cancel();
    },
  };
}
