import { limits } from '../contract/index.js';
import { fullJitterMs } from './backoff.js';
import { judge } from './judge.js';
import type { Ledger } from './ledger.js';
import type { BatchQueue } from './queue.js';
import type { QueuedEvent } from './queued-event.js';
import type { Timer, Timers } from './timers.js';
import type { Exchange } from './transport.js';
import { readBatchAnswer } from './verdict.js';

/** Most bytes of one request body: half of what the server takes (`limits.maxBodyBytes`). */
export const maxBatchBytes = limits.maxBodyBytes / 2;

export interface SenderDeps {
  readonly queue: BatchQueue<QueuedEvent>;
  readonly ledger: Ledger;
  readonly timers: Timers;
  /** Posts one body; never rejects. */
  readonly post: (body: string) => Promise<Exchange>;
  readonly clock: { now(): Date };
  readonly random: () => number;
  readonly flushAt: number;
  readonly flushIntervalMs: number;
  readonly maxAttempts: number;
  /** Called whenever a request has come to its end. */
  readonly onLanded: () => void;
}

/** Empties the queue, one request at a time. */
export interface Sender {
  /** Something was queued: sends at `flushAt` events or after `flushIntervalMs`, later while backing off. */
  wake(): void;
  /** Sends without waiting for company; a back-off still holds. */
  hurry(): void;
  /** Never sends again and ignores what is still to come back. */
  stop(): void;
}

interface State {
  /** The armed timer, and whether it is the short one. */
  armed: { readonly timer: Timer; readonly soon: boolean } | null;
  /** Set while backing off. */
  hold: Timer | null;
  /** What is queued need not wait for company: it is a retry, the rest of a halved batch, or was asked for. */
  pressing: boolean;
  failuresInRow: number;
  /** Most events of the next batch. */
  cap: number;
  stopped: boolean;
}

const opening = '","events":[';
const closing = ']}';

export function createSender(deps: SenderDeps): Sender {
  const { queue, timers } = deps;
  const state: State = {
    armed: null,
    hold: null,
    pressing: false,
    failuresInRow: 0,
    cap: limits.maxBatch,
    stopped: false,
  };

  function wake(): void {
    if (state.stopped || state.hold !== null || queue.inFlight() > 0) return;
    if (queue.queued() === 0) state.pressing = false;
    if (queue.queued() === 0) return;
    const soon = isDue();
    if (state.armed !== null && (state.armed.soon || !soon)) return;
    state.armed?.timer.cancel();
    // Even at once means after the caller's stack: `track` does no I/O.
    state.armed = { soon, timer: timers.start(send, soon ? 0 : deps.flushIntervalMs) };
  }

  function isDue(): boolean {
    return state.pressing || queue.queued() >= deps.flushAt;
  }

  function send(): void {
    state.armed = null;
    const head = `{"sentAt":"${deps.clock.now().toISOString()}${opening}`;
    const batch = queue.take(state.cap, maxBatchBytes - head.length - closing.length);
    if (batch.length === 0) return;
    deps.ledger.sent(batch.length);
    deps.post(head + batch.map((event) => event.json).join(',') + closing).then((exchange) => {
      if (!state.stopped) land(batch, exchange);
    });
  }

  function land(batch: readonly QueuedEvent[], exchange: Exchange): void {
    const verdict = judge(
      batch,
      readBatchAnswer(exchange, batch.length),
      { ...deps, cap: state.cap },
      deps.ledger,
    );
    queue.land(verdict.again);
    state.cap = verdict.cap;
    if (verdict.again.length > 0) state.pressing = true;
    state.failuresInRow = verdict.backOffMs === null ? 0 : state.failuresInRow + 1;
    if (verdict.backOffMs !== null) backOff(verdict.backOffMs);
    deps.onLanded();
    wake();
  }

  function backOff(atLeastMs: number): void {
    const waitMs = Math.max(atLeastMs, fullJitterMs(state.failuresInRow, deps.random));
    state.hold = timers.start(() => {
      state.hold = null;
      if (isDue()) send();
      else wake();
    }, waitMs);
  }

  return {
    wake,
    hurry() {
      state.pressing = true;
      wake();
    },
    stop() {
      state.stopped = true;
      state.armed?.timer.cancel();
      state.hold?.cancel();
    },
  };
}
