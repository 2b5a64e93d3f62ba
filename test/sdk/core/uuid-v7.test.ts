import fc from 'fast-check';
import { expect, it } from 'vitest';
import { uuidV7 } from '../../../src/sdk/core/uuid-v7.js';

it('puts time, version and variant where RFC 9562 has them', () => {
  expect(uuidV7(0x017f22e279b0, (words) => words.fill(0xffffffff))).toBe(
    '017f22e2-79b0-7fff-bfff-ffffffffffff',
  );
  expect(uuidV7(0x017f22e279b0, (words) => words.fill(0))).toBe('017f22e2-79b0-7000-8000-000000000000');
});

it('is in the order of its milliseconds', () => {
  fc.assert(
    fc.property(fc.nat(2 ** 31), fc.integer({ min: 1, max: 2 ** 31 }), (start, step) => {
      expect(uuidV7(start) < uuidV7(start + step)).toBe(true);
    }),
  );
});

it('is another one every time', () => {
  const ids = Array.from({ length: 10_000 }, () => uuidV7(1_772_366_400_000));
  expect(new Set(ids).size).toBe(10_000);
  for (const id of ids) {
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
});
