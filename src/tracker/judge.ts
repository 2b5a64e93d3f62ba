import { limits } from '../contract/index.js';
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

/**
 * Counts every event of a batch that has a final answer, and says what becomes of the others. An event that
 * was sent `maxAttempts` times without one is dropped with the reason of its last failure.
 */
export function judge(
  batch: readonly QueuedEvent[],
  outcome: Outcome,
  rules: { readonly maxAttempts: number; readonly cap: number },
  ledger: Ledger,
): Judgement {
  switch (outcome.kind) {
    case 'too-large':
      return halve(batch, outcome.reason, ledger);
    case 'refused':
      ledger.dropped(outcome.reason, batch.length);
      return { again: [], backOffMs: null, cap: rules.cap };
    case 'retry':
      return {
        again: retry(batch, () => outcome.reason, rules.maxAttempts, ledger),
        backOffMs: outcome.retryAfterMs ?? 0,
        cap: rules.cap,
      };
    case 'answered':
      return judgeItems(batch, outcome, rules, ledger);
  }
}

/** Halving is no attempt: a big batch must not use up the chances of its events. */
function halve(batch: readonly QueuedEvent[], reason: string, ledger: Ledger): Judgement {
  if (batch.length > 1) return { again: batch, backOffMs: null, cap: Math.floor(batch.length / 2) };
  ledger.dropped(reason, batch.length);
  return { again: [], backOffMs: null, cap: limits.maxBatch };
}

function judgeItems(
  batch: readonly QueuedEvent[],
  outcome: Extract<Outcome, { kind: 'answered' }>,
  rules: { readonly maxAttempts: number; readonly cap: number },
  ledger: Ledger,
): Judgement {
  const open = new Map<QueuedEvent, ItemVerdict>();
  batch.forEach((event, index) => {
    const item = outcome.items[index];
    if (item?.retryable) open.set(event, item);
    else count(item, ledger);
  });
  const reasonOf = (event: QueuedEvent) => open.get(event)?.reason ?? 'bad_answer';
  const waits = [...open.values()].map((item) => item.retryAfterMs ?? 0);
  return {
    again: retry([...open.keys()], reasonOf, rules.maxAttempts, ledger),
    backOffMs: open.size === 0 ? null : Math.max(outcome.retryAfterMs ?? 0, ...waits),
    // A batch went through: look for the limit from below again.
    cap: Math.min(limits.maxBatch, rules.cap * 2),
  };
}

function count(item: ItemVerdict | undefined, ledger: Ledger): void {
  if (item?.status === 'ACCEPTED') ledger.accepted();
  else if (item?.status === 'DUPLICATE') ledger.duplicate();
  else ledger.dropped(item?.reason ?? 'bad_answer');
}

function retry(
  events: readonly QueuedEvent[],
  reasonOf: (event: QueuedEvent) => string,
  maxAttempts: number,
  ledger: Ledger,
): readonly QueuedEvent[] {
  const again: QueuedEvent[] = [];
  for (const event of events) {
    const attempts = event.attempts + 1;
    if (attempts >= maxAttempts) {
      ledger.dropped(reasonOf(event));
    } else {
      ledger.retrying(reasonOf(event), 1);
      again.push({ ...event, attempts });
    }
  }
  return again;
}
