import type { Ledger } from './ledger.js';
import type { QueuedEvent } from './queued-event.js';
import type { ItemVerdict, Outcome } from './verdict.js';

/** What is to be done after a request. */
export interface Judgement {
  /** Events to send again, in order. Everything else of the batch is counted and done with. */
  readonly again: readonly QueuedEvent[];
  /** Null: carry on. Otherwise wait at least this long, and longer after more failures in a row. */
  readonly backOffMs: number | null;
  /** Most events of the next batch. */
  readonly cap: number;
}

export interface Rules {
  /** How often one event is sent before it is given up. */
  readonly maxAttempts: number;
  /** Most events of a batch at any time. */
  readonly maxBatch: number;
  /** Most events of a batch at the moment. */
  readonly cap: number;
}

/**
 * Counts every event of a batch that has a final answer, and says what becomes of the others. An event that
 * was sent `maxAttempts` times without one is dropped with the reason of its last failure.
 */
export function judge(
  batch: readonly QueuedEvent[],
  outcome: Outcome,
  rules: Rules,
  ledger: Ledger,
): Judgement {
  const carryOn = { again: [], backOffMs: null, cap: rules.cap };
  if (outcome.kind === 'answered') return judgeItems(batch, outcome, rules, ledger);
  if (outcome.kind === 'retry') {
    const again = retry(batch, () => outcome.reason, rules.maxAttempts, ledger);
    return { ...carryOn, again, backOffMs: outcome.retryAfterMs ?? 0 };
  }
  // Halving is no attempt: a big batch must not use up the chances of its events.
  if (outcome.kind === 'split' && batch.length > 1) {
    return { ...carryOn, again: batch, cap: batch.length >> 1 };
  }
  ledger.dropped(outcome.reason, batch.length);
  return outcome.kind === 'split' ? { ...carryOn, cap: rules.maxBatch } : carryOn;
}

function judgeItems(
  batch: readonly QueuedEvent[],
  outcome: Extract<Outcome, { kind: 'answered' }>,
  rules: Rules,
  ledger: Ledger,
): Judgement {
  const open = new Map<QueuedEvent, ItemVerdict>();
  let waitMs = outcome.retryAfterMs ?? 0;
  batch.forEach((event, index) => {
    const item = outcome.items[index];
    if (item?.retryable) {
      open.set(event, item);
      waitMs = Math.max(waitMs, item.retryAfterMs ?? 0);
    } else if (item?.status === 'ACCEPTED') ledger.accepted();
    else if (item?.status === 'DUPLICATE') ledger.duplicate();
    else ledger.dropped(item?.reason ?? 'bad_answer');
  });
  const reasonOf = (event: QueuedEvent) => open.get(event)?.reason ?? 'bad_answer';
  return {
    again: retry([...open.keys()], reasonOf, rules.maxAttempts, ledger),
    backOffMs: open.size === 0 ? null : waitMs,
    // A batch went through: look for the limit from below again.
    cap: Math.min(rules.maxBatch, rules.cap * 2),
  };
}

function retry(
  events: readonly QueuedEvent[],
  reasonOf: (event: QueuedEvent) => string,
  maxAttempts: number,
  ledger: Ledger,
): readonly QueuedEvent[] {
  return events.flatMap((event) => {
    const attempts = event.attempts + 1;
    if (attempts < maxAttempts) {
      ledger.retrying(reasonOf(event));
      return [{ ...event, attempts }];
    }
    ledger.dropped(reasonOf(event));
    return [];
  });
}
