import fc from 'fast-check';
import { afterEach, expect, it, vi } from 'vitest';
import { uuidV7 } from '../../../src/sdk/core/uuid-v7.js';

const form = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

afterEach(() => {
  vi.unstubAllGlobals();
});

it('puts time, version and variant where RFC 9562 has them', () => {
  const random = () => '01234567-89ab-4cde-bf01-23456789abcd';
  expect(uuidV7(0x017f22e279b0, random)).toBe('017f22e2-79b0-7cde-bf01-23456789abcd');
});

it('has its randomness on an insecure page, too', () => {
  const { getRandomValues } = crypto;
  vi.stubGlobal('crypto', { getRandomValues: getRandomValues.bind(crypto) });
  const ids = Array.from({ length: 10_000 }, () => uuidV7(1_772_366_400_000));
  expect(new Set(ids).size).toBe(10_000);
  expect(ids.filter((id) => !form.test(id))).toEqual([]);
  for (const at of [15, 19, 20, 35]) expect(new Set(ids.map((id) => id[at])).size).toBe(at === 19 ? 4 : 16);
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
    expect(id).toMatch(form);
  }
});
