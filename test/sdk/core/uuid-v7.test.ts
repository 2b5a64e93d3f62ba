import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createUuidV7 } from '../../../src/sdk/core/uuid-v7.js';

it('puts time, version, counter and variant where RFC 9562 has them', () => {
  const next = createUuidV7(
    () => 0x017f22e279b0,
    (bytes) => bytes.fill(0xff),
  );
  expect(next()).toBe('017f22e2-79b0-77ff-bfff-ffffffffffff');
});

it('grows strictly, also within a millisecond, past its counter, and when the clock steps back', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 1, maxLength: 50 }), (jumps) => {
      let nowMs = 1_772_366_400_000;
      const next = createUuidV7(() => nowMs);
      let last = '';
      for (const jump of jumps) {
        nowMs += jump;
        for (let count = 0; count < 200; count += 1) {
          const id = next();
          expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
          expect(id > last).toBe(true);
          last = id;
        }
      }
    }),
    { numRuns: 20 },
  );
});

it('survives more ids in a millisecond than the counter holds', () => {
  const next = createUuidV7(() => 1_772_366_400_000);
  const ids = Array.from({ length: 10_000 }, next);
  expect(new Set(ids).size).toBe(10_000);
  expect(ids).toEqual([...ids].sort());
});
