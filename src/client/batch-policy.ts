import type { QueuedEvent } from './event.js';
import type { OutboxOptions } from './outbox-options.js';
import type { Queue } from './queue.js';

export interface BatchPolicyOptions extends Pick<OutboxOptions, 'maxBatch'> {
  /**
   * Bytes of events that may be in flight at a time, not below `maxEventBytes`; what the first request weighs besides
   * its events is not in it.
   */
  readonly maxBytesInFlight: number;
}

/** How much is sent in one request. */
export interface BatchPolicy {
  /** The events that the next request is to carry; none where nothing is queued or no room is left. */
  nextBatch(queue: Queue): readonly QueuedEvent[];
  /** The last batch went through, or one event in it got its final refusal: the limit is looked for from below. */
  grow(): void;
  /** A batch of this size was refused as a whole, though a part of it may be taken. */
  split(size: number): void;
}

/** What each further request that is under way weighs besides its events. */
const requestOverheadBytes = 200;

export function createBatchPolicy({ maxBatch = 50, maxBytesInFlight }: BatchPolicyOptions): BatchPolicy {
  let batchLimit = maxBatch;

  function roomIn(queue: Queue): number {
    const inFlight = queue.all().filter((event) => event.inFlight);
    const bytes = inFlight.reduce((sum, event) => sum + event.bytes, 0);
    return maxBytesInFlight - bytes - requestOverheadBytes * queue.requestsInFlight();
  }

  return {
    nextBatch(queue) {
      const batch: QueuedEvent[] = [];
      let room = roomIn(queue);
      for (const event of queue.queued().slice(0, batchLimit)) {
        room -= event.bytes;
        // A smaller event that came later does not overtake this one.
        if (room < 0) break;
        batch.push(event);
      }
      return batch;
    },
    grow() {
      batchLimit = Math.min(maxBatch, batchLimit * 2);
    },
    split(size) {
      batchLimit = Math.max(1, Math.floor(size / 2));
    },
  };
}
