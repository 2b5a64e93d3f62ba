import type { Exchange } from '../../src/client/transport.js';
import { readVerdicts, type Verdict } from '../../src/client/verdict.js';
import { type TrackReason, type TrackStatus, trackReasons } from '../../src/contract/index.js';
import type { Channel } from './channels.js';
import type { Caller, ReplayEvent } from './replay-event.js';

/** What became of one event in the end. `FAILED`: never answered for good. */
export interface Fate {
  readonly event: ReplayEvent;
  readonly status: TrackStatus | 'FAILED';
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
    const verdicts = await send(deps, open);
    if (verdicts[0]?.outcome === 'split') return [...fates, ...(await deliverHalves(deps, open))];
    const { done, again, waitMs, reason } = sort(open, verdicts, attempt >= deps.maxAttempts);
    fates.push(...done);
    open = again;
    if (open.length === 0) break;
    deps.onRetry(reason);
    // Full jitter, as in the outbox.
    await deps.sleep(Math.max(waitMs, Math.floor(deps.random() * Math.min(30_000, 250 * 2 ** attempt))));
  }
  return fates;
}

async function send(deps: DeliverDeps, events: readonly ReplayEvent[]): Promise<readonly Verdict[]> {
  const caller = events[0]?.caller ?? { address: '', userAgent: null };
  // No `sentAt`: the times are not those of this machine's clock and are not to be corrected by it.
  const body = deps.channel.body({ events: events.map((event) => event.input) });
  return readVerdicts(await deps.post(body, caller), events.length);
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
  /** Of those that are to come again. */
  readonly reason: string;
}

function sort(events: readonly ReplayEvent[], verdicts: readonly Verdict[], isLast: boolean): Sorted {
  const done: Fate[] = [];
  const again: ReplayEvent[] = [];
  let waitMs = 0;
  let reason = '';
  events.forEach((event, index) => {
    const verdict = verdicts[index] as Verdict;
    if (verdict.outcome === 'retry' && !isLast) {
      again.push(event);
      waitMs = Math.max(waitMs, verdict.waitMs);
      reason = verdict.reason;
    } else done.push(fateOf(event, verdict));
  });
  return { done, again, waitMs, reason };
}

function fateOf(event: ReplayEvent, { stored, reason }: Verdict): Fate {
  if (stored) return { event, status: stored === 'accepted' ? 'ACCEPTED' : 'DUPLICATE', reason: null };
  const isKnown = Object.hasOwn(trackReasons, reason);
  return { event, status: isKnown ? trackReasons[reason as TrackReason].status : 'FAILED', reason };
}
