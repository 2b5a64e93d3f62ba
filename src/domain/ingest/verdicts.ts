import { type TrackResult, trackReasons } from '../../contract/index.js';
import type { AppendVerdict } from '../ports/index.js';
import type { CheckedEvent, OtherWord } from './checked-event.js';
import type { Refusal } from './refusal.js';

/** What is said of one event: everything of a `TrackResult` but the id. */
export interface Verdict extends Omit<TrackResult, 'clientEventId'> {
  readonly cutProperties: number;
  readonly otherWords: readonly OtherWord[];
}

/** Where an overloaded client should come back. */
const overloadedRetryMs = 1_000;

/** What is said of an event that went no further. `retryAfterMs`: when its author's allowance has room again. */
export function refusedVerdict({ refused, field, rule }: Refusal, retryAfterMs: number): Verdict {
  return {
    status: trackReasons[refused].status,
    reason: refused,
    retryAfterMs: refused === 'RATE_LIMITED' ? retryAfterMs : null,
    field,
    rule,
    cutProperties: 0,
    otherWords: [],
  };
}

/** What is said of an event that was given to the store. The list of the store's verdicts is closed: none is taken for another. */
export function storedVerdict(
  { cutProperties, firstCut, otherWords }: CheckedEvent,
  verdict: AppendVerdict,
): Verdict {
  const nothing = { cutProperties: 0, otherWords: [] };
  const clean = { reason: null, retryAfterMs: null, field: null, rule: null, ...nothing };
  switch (verdict) {
    case 'ACCEPTED':
      return {
        ...{ status: 'ACCEPTED', ...clean, cutProperties, otherWords },
        ...(firstCut !== null && { field: firstCut, rule: 'unknown' }),
      };
    case 'DUPLICATE':
      return { status: 'DUPLICATE', ...clean };
    case 'OVERLOADED':
      return { status: 'DROPPED', ...clean, reason: 'OVERLOADED', retryAfterMs: overloadedRetryMs };
    case 'UNSTORABLE':
      return { status: 'REJECTED', ...clean, reason: 'INVALID_TEXT', field: '', rule: 'unstorable' };
    case 'TOO_OLD':
      // The same words as where the steps find it: a purge was faster than this event.
      return {
        ...{ status: trackReasons.TOO_OLD.status, ...clean },
        ...{ reason: 'TOO_OLD', field: '/occurredAt', rule: 'retention' },
      };
    case 'UNAVAILABLE':
      throw new Error('an event of an unavailable store has no verdict');
  }
}
