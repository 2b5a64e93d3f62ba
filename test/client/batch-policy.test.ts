import { expect, it } from 'vitest';
import { createBatchPolicy } from '../../src/client/batch-policy.js';
import type { QueuedEvent } from '../../src/client/event.js';
import { createQueue } from '../../src/client/queue.js';

/** A queue of events that weigh so much. */
function queueOf(...weights: readonly number[]) {
  const queue = createQueue(() => {});
  const events = weights.map(
    (bytes, index): QueuedEvent => ({ id: `e${index}`, json: '', bytes, attemptsLeft: 1, inFlight: false }),
  );
  for (const event of events) queue.add(event);
  return { queue, events };
}

const tenSmall = Array<number>(10).fill(1);

it('halves its limit with every split, down to one event, and doubles it again up to maxBatch', () => {
  const policy = createBatchPolicy({ maxBatch: 8, maxBytesInFlight: 1_000 });
  const { queue } = queueOf(...tenSmall);
  const sizes: number[] = [];
  const note = () => sizes.push(policy.nextBatch(queue).length);
  note();
  for (let size = 8; size >= 1; size = Math.floor(size / 2)) {
    policy.split(size);
    note();
  }
  for (let times = 0; times < 4; times += 1) {
    policy.grow();
    note();
  }
  expect(sizes).toEqual([8, 4, 2, 1, 1, 2, 4, 8, 8]);
});

it('takes the oldest events that fit, in their order', () => {
  const policy = createBatchPolicy({ maxBytesInFlight: 100 });
  const { queue, events } = queueOf(40, 60, 1);
  expect(policy.nextBatch(queue)).toEqual(events.slice(0, 2));
  const { queue: other, events: [first] = [] } = queueOf(40, 61, 1);
  expect(policy.nextBatch(other)).toEqual([first]);
});

it('counts what is in flight, and 200 bytes for each request of it', () => {
  const policy = createBatchPolicy({ maxBatch: 1, maxBytesInFlight: 300 });
  const { queue, events } = queueOf(50, 50, 50);
  const [first, second, third] = events;
  queue.markInFlight(events.slice(0, 1));
  // 300 - 50 - 200 is exactly enough.
  expect(policy.nextBatch(queue)).toEqual([second]);
  queue.markInFlight(events.slice(1, 2));
  expect(policy.nextBatch(queue)).toEqual([]);
  queue.markQueued(events.slice(0, 1));
  queue.remove((event) => event === first);
  expect(policy.nextBatch(queue)).toEqual([third]);
});
