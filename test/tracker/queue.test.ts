import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createBatchQueue } from '../../src/tracker/queue.js';

const entry = (serial: number, bytes = 1) => ({ serial, bytes });
const serials = (entries: readonly { serial: number }[]) => entries.map(({ serial }) => serial);

it('takes from the front within both limits', () => {
  const queue = createBatchQueue<ReturnType<typeof entry>>({ maxQueue: 10, overflow: 'drop-oldest' });
  for (const bytes of [4, 4, 4, 1]) queue.push(entry(bytes, bytes));
  expect(queue.take(10, 8)).toHaveLength(2);
  queue.land([]);
  expect(queue.take(1, 8)).toHaveLength(1);
});

it('takes one entry that is larger than the limit by itself, so that it does not block the rest', () => {
  const queue = createBatchQueue<ReturnType<typeof entry>>({ maxQueue: 10, overflow: 'drop-oldest' });
  queue.push(entry(1, 100));
  queue.push(entry(2, 1));
  expect(serials(queue.take(10, 8))).toEqual([1]);
});

it('keeps order, loses nothing and stays within its bound under any use', () => {
  const action = fc.oneof(
    fc.constant({ kind: 'push' } as const),
    fc.record({ kind: fc.constant('take' as const), most: fc.integer({ min: 1, max: 9 }) }),
    fc.record({ kind: fc.constant('land' as const), every: fc.integer({ min: 1, max: 4 }) }),
  );
  fc.assert(
    fc.property(
      fc.array(action, { maxLength: 300 }),
      fc.integer({ min: 1, max: 20 }),
      fc.constantFrom('drop-oldest' as const, 'drop-newest' as const),
      (actions, maxQueue, overflow) => {
        const queue = createBatchQueue<ReturnType<typeof entry>>({ maxQueue, overflow });
        const gone: number[] = [];
        let pushed = 0;
        let flight: readonly ReturnType<typeof entry>[] = [];
        for (const next of actions) {
          if (next.kind === 'push') {
            const victim = queue.push(entry(pushed));
            pushed += 1;
            if (victim !== null) gone.push(victim.serial);
          } else if (next.kind === 'take' && flight.length === 0) {
            flight = queue.take(next.most, 1_000);
          } else if (next.kind === 'land') {
            gone.push(...serials(flight.filter((_, index) => index % next.every === 0)));
            queue.land(flight.filter((_, index) => index % next.every !== 0));
            flight = [];
          }
          expect(queue.queued() + queue.inFlight()).toBeLessThanOrEqual(maxQueue);
        }
        const left = serials(queue.clear());
        expect(left).toEqual([...left].sort((a, b) => a - b));
        expect([...gone, ...left].sort((a, b) => a - b)).toEqual(
          Array.from({ length: pushed }, (_, index) => index),
        );
        expect(queue.queued() + queue.inFlight()).toBe(0);
      },
    ),
  );
});

it('gives room back after tens of thousands of entries', () => {
  const queue = createBatchQueue<ReturnType<typeof entry>>({ maxQueue: 5_000, overflow: 'drop-oldest' });
  for (let serial = 0; serial < 50_000; serial += 1) queue.push(entry(serial));
  expect(queue.oldest()?.serial).toBe(45_000);
  expect(serials(queue.take(2, 10))).toEqual([45_000, 45_001]);
  queue.land([entry(45_001)]);
  expect(queue.oldest()?.serial).toBe(45_001);
  expect(queue.queued()).toBe(4_999);
});
