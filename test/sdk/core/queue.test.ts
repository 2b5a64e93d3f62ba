import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createBatchQueue } from '../../../src/sdk/core/queue.js';

const entry = (serial: number, bytes = 1) => ({ serial, bytes });
const serials = (entries: readonly { serial: number }[]) => entries.map(({ serial }) => serial);

it('takes from the front within both limits', () => {
  const queue = createBatchQueue<ReturnType<typeof entry>>({ maxQueue: 10, overflow: 'drop-oldest' });
  for (const bytes of [4, 4, 4, 1]) queue.push(entry(bytes, bytes));
  expect(queue.take(10, 8)).toHaveLength(2);
  expect(queue.take(1, 8)).toHaveLength(1);
  expect(queue.take(1, 0)).toHaveLength(0);
  expect(queue.queued()).toBe(1);
});

it('brings flights back into the order of their entries, in whatever order they land', () => {
  const queue = createBatchQueue<ReturnType<typeof entry>>({ maxQueue: 10, overflow: 'drop-oldest' });
  for (const serial of [1, 2, 3, 4, 5, 6]) queue.push(entry(serial));
  const first = queue.take(2, 100);
  const second = queue.take(2, 100);
  expect(queue.oldest()).toBe(1);
  queue.land(second, second);
  expect(queue.oldest()).toBe(1);
  queue.land(first, first.slice(1));
  expect(queue.oldest()).toBe(2);
  expect(serials(queue.take(10, 100))).toEqual([2, 3, 4, 5, 6]);
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
        const flights: (readonly ReturnType<typeof entry>[])[] = [];
        for (const next of actions) {
          if (next.kind === 'push') {
            const victim = queue.push(entry(pushed));
            pushed += 1;
            if (victim !== null) gone.push(victim.serial);
          } else if (next.kind === 'take') {
            flights.push(queue.take(next.most, 1_000));
          } else {
            const flight = flights.splice((next.every * 7) % Math.max(flights.length, 1), 1)[0] ?? [];
            gone.push(...serials(flight.filter((_, index) => index % next.every === 0)));
            queue.land(
              flight,
              flight.filter((_, index) => index % next.every !== 0),
            );
          }
          expect(queue.queued() + queue.inFlight()).toBeLessThanOrEqual(maxQueue);
        }
        for (const flight of flights) queue.land(flight, flight);
        const left = serials(queue.remove(() => true));
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
  expect(queue.oldest()).toBe(45_000);
  const batch = queue.take(2, 10);
  expect(serials(batch)).toEqual([45_000, 45_001]);
  queue.land(batch, [entry(45_001)]);
  expect(queue.oldest()).toBe(45_001);
  expect(queue.queued()).toBe(4_999);
});
