import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { median, percentile, ratio, ratioQuartiles, spread } from './stats.js';

const numbers = fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 1 });

describe('percentile', () => {
  it.each([
    [[7], 50, 7],
    [[7], 99, 7],
    [[1, 2, 3, 4], 50, 2],
    [[1, 2, 3, 4, 5], 50, 3],
    [[5, 1, 4, 2, 3], 80, 4],
    [[5, 1, 4, 2, 3], 81, 5],
    [Array.from({ length: 100 }, (_, index) => index + 1), 99, 99],
    [Array.from({ length: 1_000 }, (_, index) => index + 1), 99, 990],
    [[3, 1, 2], 0, 1],
    [[3, 1, 2], 100, 3],
  ])('of %j at %d is %d', (values, percent, expected) => {
    expect(percentile(values, percent)).toBe(expected);
  });

  it('of nothing is not a number', () => {
    expect(percentile([], 50)).toBeNaN();
  });

  it('is one of the values, and the least that enough of them do not exceed', () => {
    fc.assert(
      fc.property(numbers, fc.integer({ min: 1, max: 100 }), (values, percent) => {
        const found = percentile(values, percent);
        const share = (limit: (value: number) => boolean): number =>
          (values.filter(limit).length / values.length) * 100;
        expect(values).toContain(found);
        expect(share((value) => value <= found)).toBeGreaterThanOrEqual(percent - 1e-9);
        expect(share((value) => value < found)).toBeLessThan(percent);
      }),
    );
  });

  it('leaves the values in their order', () => {
    const values = [3, 1, 2];
    percentile(values, 50);
    expect(values).toEqual([3, 1, 2]);
  });
});

describe('median', () => {
  it.each([
    [[1], 1],
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
    [[10, 9, 100], 10],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  it('of nothing is not a number', () => {
    expect(median([])).toBeNaN();
  });

  it('has as many values below it as above it', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const middle = median(values);
        const below = values.filter((value) => value < middle).length;
        const above = values.filter((value) => value > middle).length;
        expect(Math.max(below, above)).toBeLessThanOrEqual(values.length / 2);
      }),
    );
  });
});

describe('spread', () => {
  it('holds the middle, the least and the greatest', () => {
    expect(spread([12, 10, 11])).toEqual({ median: 11, min: 10, max: 12 });
  });
});

describe('ratio', () => {
  it('compares repetition with repetition, so that a slow one is slow for both', () => {
    expect(ratio([100, 10, 80], [50, 5, 40])).toEqual({ median: 2, min: 2, max: 2 });
  });

  it('tells how far the repetitions lay apart', () => {
    expect(ratio([10, 30, 20], [10, 10, 10])).toEqual({ median: 2, min: 1, max: 3 });
  });

  it('leaves out a repetition that only one of them has', () => {
    expect(ratio([10, 20, 999], [10, 10])).toEqual({ median: 1.5, min: 1, max: 2 });
  });

  it('is not a number where nothing was measured', () => {
    expect(ratio([], [1]).median).toBeNaN();
  });
});

describe('ratioQuartiles', () => {
  it('holds the middle of the ratios of pairs, and half of them between its quartiles', () => {
    const ours = [1, 2, 3, 4, 5, 6, 7, 800];
    const theirs = ours.map(() => 2);
    expect(ratioQuartiles(ours, theirs)).toEqual({ median: 2.25, lower: 1, upper: 3 });
  });

  it('is not a number where nothing was measured', () => {
    expect(ratioQuartiles([1], []).lower).toBeNaN();
  });
});
