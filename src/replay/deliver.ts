import { fullJitterMs } from '../sdk/core/backoff.js';
import type { Exchange } from '../sdk/core/transport.js';
import type { ItemVerdict, Outcome } from '../sdk/core/verdict.js';
import type { Channel } from './channels.js';
import type { Caller, ReplayEvent } from './replay-event.js';

/** What became of one event in the end. `FAILED`: never answered for good. */
export interface Fate {
  readonly event: ReplayEvent;
  readonly status: ItemVerdict['status'] | 'FAILED';
  readonly reason: string | null;
}

export interface DeliverDeps {
  readonly channel: Channel;
  /** Posts one body on behalf of a caller; never rejects. */
  readonly post: (body: string, caller: Caller) => Promise<Exchange>;
  readonly sleep: (ms: number) => Promise<void>;
  readonly random: () => number;
  /** Requests per event before it is given up. */
  readonly maxAttempts: number;
  /** Told of every request that has to be repeated. */
  readonly onRetry: (reason: string) => void;
}

/**
 * Sends events of one caller until each has a final answer or `maxAttempts` are used up: waits with full
 * jitter, no sooner than the server asks for; repeats only what could not be taken; halves what is too large.
 * Answers one fate per event, in no particular order. Never rejects.
 */
export async function deliver(deps: DeliverDeps, events: readonly ReplayEvent[]): Promise<readonly Fate[]> {
  const fates: Fate[] = [];
  let open = events;
  for (let attempt = 1; open.length > 0; attempt += 1) {
    const outcome = await send(deps, open);
    if (outcome.kind === 'split' && open.length > 1) return [...fates, ...(await deliverHalves(deps, open))];
    const { done, again, waitMs } = sort(open, outcome, attempt >= deps.maxAttempts);
    fates.push(...done);
    open = again;
    if (open.length === 0) break;
    deps.onRetry(outcome.kind === 'retry' && outcome.reason ? outcome.reason : 'later');
    await deps.sleep(Math.max(waitMs, fullJitterMs(attempt, deps.random)));
  }
  return fates;
}

async function send(deps: DeliverDeps, events: readonly ReplayEvent[]): Promise<Outcome> {
  const caller = events[0]?.caller ?? { address: '', userAgent: null };
  // No `sentAt`: the times are not those of this machine's clock and are not to be corrected by it.
  const body = deps.channel.body({ events: events.map((event) => event.input) });
  return deps.channel.read(await deps.post(body, caller), events.length);
}

async function deliverHalves(deps: DeliverDeps, events: readonly ReplayEvent[]): Promise<readonly Fate[]> {
  const middle = Math.ceil(events.length / 2);
  const first = await deliver(deps, events.slice(0, middle));
  return [...first, ...(await deliver(deps, events.slice(middle)))];
}

interface Sorted {
  readonly done: readonly Fate[];
  readonly again: readonly ReplayEvent[];
  readonly waitMs: number;
}

function sort(events: readonly ReplayEvent[], outcome: Outcome, isLast: boolean): Sorted {
  const { reason } = outcome;
  const failed = events.map((event): Fate => ({ event, status: 'FAILED', reason }));
  if (outcome.kind === 'retry') {
    return isLast
      ? { done: failed, again: [], waitMs: 0 }
      : { done: [], again: events, waitMs: outcome.retryAfterMs ?? 0 };
  }
  if (outcome.kind !== 'answered') return { done: failed, again: [], waitMs: 0 };
  const done: Fate[] = [];
  const again: ReplayEvent[] = [];
  let waitMs = outcome.retryAfterMs ?? 0;
  events.forEach((event, index) => {
    const item = outcome.items?.[index];
    if (item?.retryable && !isLast) {
      again.push(event);
      waitMs = Math.max(waitMs, item.retryAfterMs ?? 0);
    } else {
      done.push({ event, status: item?.status ?? 'FAILED', reason: item?.reason ?? null });
    }
  });
  return { done, again, waitMs };
}
