import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimalSum } from '../../../src/store/memory/decimal-sum.js';

const double = fc.double({ noNaN: true, noDefaultInfinity: true });

describe('the exact sum of doubles', () => {
  it('of one number is the number, in one form without an exponent', () => {
    fc.assert(
      fc.property(double, (value) => {
        const sum = decimalSum([value]);
        expect(sum).toMatch(/^(0|-?[1-9]\d*|-?(0|[1-9]\d*)\.\d*[1-9])$/);
        // `Number` reads the nearest double, which is the same again. A negative zero is a zero.
        expect(Number(sum)).toBe(value + 0);
      }),
    );
  });

  it('of hundredths is what whole numbers add up to', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1_000_000, max: 1_000_000 })), (hundredths) => {
        const sum = hundredths.reduce((a, b) => a + b, 0);
        expect(Number(decimalSum(hundredths.map((value) => value / 100)))).toBe(sum / 100);
      }),
    );
  });

  it('does not depend on the order, and cancels out', () => {
    fc.assert(
      fc.property(fc.array(double, { maxLength: 5 }), (values) => {
        expect(decimalSum([...values].reverse())).toBe(decimalSum(values));
        expect(decimalSum([...values, ...values.map((value) => -value)])).toBe('0');
      }),
    );
  });
});
