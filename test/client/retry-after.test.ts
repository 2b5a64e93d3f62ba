import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clampWaitMs, readRetryAfterMs } from '../../src/client/retry-after.js';

const now = Date.parse('2026-03-01T12:00:00Z');
const hour = 3_600_000;

describe('readRetryAfterMs', () => {
  it.each([
    ['7', 7_000],
    [' 7 ', 7_000],
    ['Sun, 01 Mar 2026 12:00:30 GMT', 30_000],
    ['999999999', hour],
    ['Sun, 01 Mar 2037 12:00:30 GMT', hour],
    // Forms that no RFC has, and that can mean but one thing.
    ['1.5', 1_500],
    ['2026-03-01T12:00:30Z', 30_000],
  ])('reads %j as %i', (value, expected) => {
    expect(readRetryAfterMs(value, now)).toBe(expected);
  });

  it.each([
    '0',
    '-3',
    'Sun, 01 Mar 2026 12:00:00 GMT',
    'Sun, 01 Mar 2026 11:00:00 GMT',
    'Sun, 99 Mar 2026 12:00:30 GMT',
    'soon',
    '',
    null,
  ])('reads no wait from %j', (value) => {
    expect(readRetryAfterMs(value, now)).toBe(0);
  });

  it('is a number and at most an hour, whatever a header says', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.double().map(String)), (value) => {
        expect(readRetryAfterMs(value, now)).toBeLessThanOrEqual(hour);
      }),
    );
  });
});

it('clampWaitMs gives a number that a timer can be given, 0 for what is none', () => {
  const given = [1.2, -5, 1e300, Number.NaN, 'soon', null, undefined, {}, []];
  expect(given.map(clampWaitMs)).toEqual([1.2, 0, hour, 0, 0, 0, 0, 0, 0]);
  for (const odd of ['5', Infinity, true]) expect(clampWaitMs(odd)).toBeLessThanOrEqual(hour);
});
