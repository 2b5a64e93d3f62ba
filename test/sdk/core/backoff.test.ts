import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clampWaitMs,
  fullJitterMs,
  maxRetryAfterMs,
  readRetryAfterMs,
} from '../../../src/sdk/core/backoff.js';

const now = Date.parse('2026-03-01T12:00:00Z');

describe('fullJitterMs', () => {
  it('doubles its ceiling per failure and stops at the cap', () => {
    const ceilings = [1, 2, 3, 4, 8, 1_000].map((failures) => fullJitterMs(failures, () => 1));
    expect(ceilings).toEqual([500, 1_000, 2_000, 4_000, 30_000, 30_000]);
  });

  it('is a whole number from 0 to the cap for any failures and randomness', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (failures, chance) => {
          const wait = fullJitterMs(failures, () => chance);
          expect(Number.isInteger(wait)).toBe(true);
          expect(wait).toBeGreaterThanOrEqual(0);
          expect(wait).toBeLessThanOrEqual(30_000);
        },
      ),
    );
  });
});

describe('readRetryAfterMs', () => {
  it.each([
    ['0', 0],
    ['7', 7_000],
    [' 7 ', 7_000],
    ['Sun, 01 Mar 2026 12:00:30 GMT', 30_000],
    ['Sun, 01 Mar 2026 11:00:00 GMT', 0],
    ['999999999', maxRetryAfterMs],
    ['Sun, 01 Mar 2037 12:00:30 GMT', maxRetryAfterMs],
    ['1.5', null],
    ['-3', null],
    ['soon', null],
    ['2026-03-01T12:00:30Z', null],
    ['Sun, 99 Mar 2026 12:00:30 GMT', null],
    ['', null],
    [null, null],
  ])('reads %j as %j', (value, expected) => {
    expect(readRetryAfterMs(value, now)).toBe(expected);
  });
});

it('clampWaitMs gives numbers that a timer can be given, or null', () => {
  expect(
    [1.2, -5, 1e300, Number.NaN, Number.POSITIVE_INFINITY, '5', null, undefined].map(clampWaitMs),
  ).toEqual([2, 0, maxRetryAfterMs, null, null, null, null, null]);
});
