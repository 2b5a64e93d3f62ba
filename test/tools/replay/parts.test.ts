import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createGrouper } from '../../../tools/replay/grouper.js';
import { inParallel } from '../../../tools/replay/in-parallel.js';
import { createProgress, describeDuration, describeProgress } from '../../../tools/replay/progress.js';

it('the grouper loses nothing, mixes nothing and keeps both its bounds', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 200 }),
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 50 }),
      (keys, maxBatch, maxHeld) => {
        const grouper = createGrouper<{ key: string; index: number }>({ maxBatch, maxHeld });
        const out: (readonly { key: string; index: number }[])[] = [];
        keys.forEach((key, index) => {
          out.push(...grouper.add(key, { key, index }));
          expect(index + 1 - out.flat().length).toBeLessThan(maxHeld);
        });
        out.push(...grouper.drain());
        expect(
          out
            .flat()
            .map(({ index }) => index)
            .sort((a, b) => a - b),
        ).toEqual(keys.map((_, index) => index));
        for (const batch of out) {
          expect(batch.length).toBeLessThanOrEqual(maxBatch);
          expect(new Set(batch.map(({ key }) => key)).size).toBe(1);
        }
      },
    ),
  );
});

async function* numbers(upTo: number) {
  for (let number = 0; number < upTo; number += 1) yield number;
}

it('inParallel does everything once, no more than its width at a time', async () => {
  const done: number[] = [];
  let open = 0;
  let most = 0;
  await inParallel(numbers(50), 4, async (number) => {
    open += 1;
    most = Math.max(most, open);
    await new Promise((resolve) => setImmediate(resolve));
    open -= 1;
    done.push(number);
    return true;
  });
  expect(done.sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, index) => index));
  expect(most).toBe(4);
});

it('inParallel stops pulling when told so, and passes on what the source throws', async () => {
  const done: number[] = [];
  await inParallel(numbers(50), 1, async (number) => {
    done.push(number);
    return number < 3;
  });
  expect(done).toEqual([0, 1, 2, 3]);
  const broken = (async function* () {
    yield 1;
    throw new Error('unreadable');
  })();
  await expect(inParallel(broken, 3, async () => true)).rejects.toThrow('unreadable');
});

it.each([
  [0, 10_000, 0, '0 % · 0 of 10,000 lines · 0 lines/s · time left not known yet'],
  [3_400, 10_000, 4_000, '34 % · 3,400 of 10,000 lines · 850 lines/s · about 8 s left'],
  [10_000, 10_000, 4_000, '100 % · 10,000 of 10,000 lines · 2,500 lines/s · about 0 s left'],
  [0, 0, 0, '100 % · 0 of 0 lines · 0 lines/s · time left not known yet'],
])('describes %i of %i after %i ms', (done, total, elapsedMs, text) => {
  expect(describeProgress(done, total, elapsedMs)).toBe(text);
});

it('describes durations', () => {
  expect([0, 0.2, 59, 60, 185, 3_599, 7_440].map(describeDuration)).toEqual([
    '0 s',
    '1 s',
    '59 s',
    '1 min 00 s',
    '3 min 05 s',
    '59 min 59 s',
    '2 h 04 min',
  ]);
});

it.each([
  [true, '\r\u001b[K1 % · 1 of 100 lines · 5 lines/s · about 20 s left\r\u001b[K'],
  [false, ''],
])('progress on a terminal (%s) rewrites one line; elsewhere it waits ten seconds', (isTTY, expected) => {
  let at = 0;
  let out = '';
  const output = { isTTY, write: (text: string) => (out += text) };
  const progress = createProgress(output, 100, () => new Date(at));
  for (const [ms, done] of [
    [100, 0],
    [200, 1],
    [300, 2],
  ] as const) {
    at = ms;
    progress.update(done);
  }
  progress.end();
  expect(out).toBe(expected);
  at = 10_000;
  progress.update(50);
  expect(out.endsWith(isTTY ? 'left' : '50 % · 50 of 100 lines · 5 lines/s · about 10 s left\n')).toBe(true);
});
