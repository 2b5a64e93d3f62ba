import { limits } from '../../src/contract/index.js';
import { parseCombinedLine } from '../../src/leak-scan/combined-log.js';
import { type DeliverDeps, deliver, type Fate } from './deliver.js';
import { createGrouper } from './grouper.js';
import { inParallel } from './in-parallel.js';
import { type ReplayEvent, shiftToYesterday, toReplayEvent } from './replay-event.js';
import type { Survey } from './survey.js';
import type { Tally } from './tally.js';

export interface ReplayLogDeps extends Omit<DeliverDeps, 'onRetry'> {
  readonly tally: Tally;
  /** The lines of the log, from the beginning. */
  readonly lines: AsyncIterable<string>;
  readonly survey: Survey;
  readonly now: Date;
  /** Requests in flight. */
  readonly concurrency: number;
  /** Called after every batch. */
  readonly onBatch: () => void;
}

/** Most events that wait for others of the same caller: about 20 MB. */
const maxHeld = 20_000;

/** Refusals that every further batch would meet too. */
const hopeless = new Set(['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'http_401', 'http_403', 'http_404']);

/**
 * Sends a whole log, one caller per request because address and user agent are headers of it. Answers null,
 * or the reason why it stopped early. Rejects only where the log cannot be read.
 */
export async function replayLog(deps: ReplayLogDeps): Promise<string | null> {
  let stopped: string | null = null;
  const delivery: DeliverDeps = { ...deps, onRetry: deps.tally.retry };
  await inParallel(batchesOf(deps), deps.concurrency, async (batch) => {
    const fates = await deliver(delivery, batch);
    for (const fate of fates) deps.tally.fate(fate);
    deps.onBatch();
    stopped ??= hopelessReason(fates);
    return stopped === null;
  });
  return stopped;
}

function hopelessReason(fates: readonly Fate[]): string | null {
  const fate = fates.find(
    ({ status, reason }) => status === 'FAILED' && reason !== null && hopeless.has(reason),
  );
  return fate?.reason ?? null;
}

async function* batchesOf(deps: ReplayLogDeps): AsyncGenerator<readonly ReplayEvent[]> {
  const { newest, ownHost } = deps.survey;
  const shiftMs = newest === null ? 0 : shiftToYesterday(newest, deps.now);
  const grouper = createGrouper<ReplayEvent>({ maxBatch: limits.maxBatch, maxHeld });
  let number = 0;
  for await (const text of deps.lines) {
    number += 1;
    const record = parseCombinedLine(text);
    if (record === null) {
      deps.tally.malformed();
      continue;
    }
    const event = toReplayEvent(record, { number, text }, { shiftMs, ownHost });
    deps.tally.event(event);
    yield* grouper.add(`${event.caller.address}\n${event.caller.userAgent ?? ''}`, event);
  }
  yield* grouper.drain();
}
