import type { Backoff } from './backoff.js';
import type { BatchPolicy } from './batch-policy.js';
import type { QueuedEvent } from './event.js';
import type { FlushPolicy } from './flush-policy.js';
import type { Ledger } from './ledger.js';
import type { Queue } from './queue.js';
import type { Verdict } from './verdict.js';

/** What whoever sends a batch may want to know of its circumstances. */
export interface SendContext {
  /** There may be no later, everything is to happen on this stack. */
  readonly isExit: boolean;
  /** The last request failed. */
  readonly isRetry: boolean;
}

/** Sends one batch; never rejects. One verdict for each event, in their order. */
export type SendBatch = (batch: readonly QueuedEvent[], context: SendContext) => Promise<readonly Verdict[]>;

export interface SenderDeps {
  readonly queue: Queue;
  readonly batchPolicy: BatchPolicy;
  readonly flushPolicy: FlushPolicy;
  readonly backoff: Backoff;
  readonly ledger: Ledger;
  readonly sendBatch: SendBatch;
  /** Hears of events that have their final answer. */
  readonly onDone: (events: readonly QueuedEvent[]) => void;
  /** A request is over, and the queue in order again. */
  readonly onSettled: () => void;
}

/** Sends batches and does what their answers say. */
export interface Sender {
  /** Sends the next batch on this stack; false where nothing is queued or no room is left. */
  send(isExit: boolean): boolean;
  /** Sends nothing more, and ignores what is still to come back. */
  stop(): void;
}

export function createSender(deps: SenderDeps): Sender {
  const { queue, batchPolicy, flushPolicy, backoff, ledger, sendBatch, onDone, onSettled } = deps;
  let isStopped = false;

  /** Counts the verdict; whether it is the last one on this event. */
  function apply(event: QueuedEvent, { outcome, stored, reason, place }: Verdict): boolean {
    if (outcome === 'retry') event.attemptsLeft -= 1;
    const isDone = outcome === 'final' || event.attemptsLeft <= 0;
    if (stored) ledger.counts[stored] += 1;
    else ledger.report(reason, { willRetry: !isDone, place });
    return isDone;
  }

  function settle(batch: readonly QueuedEvent[], verdicts: readonly Verdict[]): void {
    queue.markQueued(batch);
    const done = new Set(batch.filter((event, index) => apply(event, verdicts[index] as Verdict)));
    if (done.size < batch.length) flushPolicy.expedite();
    adaptBatches(batchPolicy, verdicts);
    adaptBackoff(backoff, verdicts);
    onDone(queue.remove((event) => done.has(event)));
    onSettled();
  }

  function send(isExit: boolean): boolean {
    const batch = isStopped ? [] : batchPolicy.nextBatch(queue);
    if (batch.length === 0) return false;
    queue.markInFlight(batch);
    ledger.counts.sent += batch.length;
    sendBatch(batch, { isExit, isRetry: backoff.isFailing() }).then((verdicts) => {
      if (!isStopped) settle(batch, verdicts);
    });
    // What is left had to wait for this batch as long as for company.
    flushPolicy.expedite();
    return true;
  }

  return {
    send,
    stop() {
      isStopped = true;
    },
  };
}

function adaptBatches(batchPolicy: BatchPolicy, verdicts: readonly Verdict[]): void {
  if (verdicts.some(({ outcome }) => outcome === 'split')) batchPolicy.split(verdicts.length);
  else batchPolicy.grow();
}

function adaptBackoff(backoff: Backoff, verdicts: readonly Verdict[]): void {
  const retries = verdicts.filter(({ outcome }) => outcome === 'retry');
  if (retries.length === 0) backoff.succeeded();
  else backoff.failed(Math.max(...retries.map(({ waitMs }) => waitMs)));
}
