import { expect, it } from 'vitest';
import { mapInSlices } from '../../../src/domain/ingest/in-slices.js';

it('maps every item in its order, and pauses once for each slice of work', async () => {
  let now = 0;
  let pauses = 0;
  const slices = {
    workMs: 10,
    elapsedMs: () => now,
    pause: async () => {
      pauses++;
    },
  };
  const mapped = await mapInSlices(
    [1, 2, 3, 4, 5, 6],
    (item, index) => {
      now += 5;
      return [item, index];
    },
    slices,
  );
  expect(mapped).toEqual([1, 2, 3, 4, 5, 6].map((item, index) => [item, index]));
  expect(pauses).toBe(2);
});

it('lets timers run in between', async () => {
  let ran = 0;
  const timer = setInterval(() => ran++, 1);
  const busy = (): void => {
    for (const end = performance.now() + 6; performance.now() < end; );
  };
  await mapInSlices(Array.from({ length: 20 }), busy);
  clearInterval(timer);
  expect(ran).toBeGreaterThan(3);
});
