import type { Result, TrackEventInput } from '../../contract/index.js';
import type { Author, Origin } from '../event.js';
import { toInstant } from './steps/times.js';
import type { TrackCall } from './track-batch.js';

/** What GraphQL and REST hand over: who calls, from where and when, and the batch as it was sent. */
export interface TrackRequest {
  readonly author: Author;
  readonly origin: Origin;
  readonly receivedAt: Date;
  readonly events: readonly TrackEventInput[];
  /** Of the batch; not checked yet. */
  readonly sentAt: unknown;
  /** Whether `clientEventId` may be left out (REST). */
  readonly deriveIds: boolean;
}

/** Why a whole batch is refused before any event of it is looked at. The message holds no value of the request. */
export interface BatchRefusal {
  readonly code: 'BATCH_TOO_LARGE' | 'BAD_USER_INPUT';
  readonly message: string;
}

/**
 * The one way into the pipeline: what is wrong with a batch as a whole is found here, whichever way it came. Of the
 * author no more is passed on than the pipeline has to know.
 */
export function toTrackCall(request: TrackRequest, maxBatch: number): Result<TrackCall, BatchRefusal> {
  const { author, origin, receivedAt, events, deriveIds } = request;
  if (events.length > maxBatch) return refuse('BATCH_TOO_LARGE', `A batch holds at most ${maxBatch} events.`);
  const sentAt = request.sentAt == null ? null : toInstant(request.sentAt);
  if (request.sentAt != null && !sentAt) {
    return refuse('BAD_USER_INPUT', 'sentAt is not an ISO 8601 instant.');
  }
  const { subject, email, isService, mayBackfill } = author;
  return {
    ok: true,
    value: {
      author: { subject, email, isService, mayBackfill },
      origin,
      events,
      sentAt,
      deriveIds,
      receivedAt,
    },
  };
}

function refuse(code: BatchRefusal['code'], message: string) {
  return { ok: false, error: { code, message } } as const;
}
