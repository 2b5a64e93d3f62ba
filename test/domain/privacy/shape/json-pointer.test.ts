import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Place, pathTo, pointerStep } from '../../../../src/domain/privacy/shape/json-pointer.js';
import { resolvePointer } from '../../../support/json-pointer.js';

test('a step escapes what means something to a pointer, and can be taken back', () => {
  expect(pointerStep('a/b~c')).toBe('/a~1b~0c');
  expect(pointerStep(3)).toBe('/3');
  fc.assert(
    fc.property(fc.string(), fc.string(), (outer, inner) => {
      const value = Object.fromEntries([[outer, Object.fromEntries([[inner, 1]])]]);
      expect(resolvePointer(value, pointerStep(outer) + pointerStep(inner))).toEqual({
        found: true,
        value: 1,
      });
    }),
  );
});

test('the path of a place goes from the outside in, and that of the whole value is empty', () => {
  const whole: Place = { parent: null, name: '' };
  expect(pathTo(whole)).toEqual([]);
  expect(pathTo({ parent: { parent: whole, name: 'a' }, name: 0 })).toEqual(['a', 0]);
});
