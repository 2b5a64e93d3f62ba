import { expect, it } from 'vitest';
import { createDigestCache } from '../../../../src/domain/privacy/identity/digest-cache.js';

it('remembers by the text, and forgets what was used longest ago', () => {
  const cache = createDigestCache<number>({ capacity: 2 });
  cache.set('a', 1);
  cache.set('b', 2);
  expect(cache.get('a')).toBe(1);
  cache.set('c', 3);
  expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([1, undefined, 3]);
  cache.set('a', 4);
  expect(cache.get('a')).toBe(4);
});

it('keeps nothing where there is no room', () => {
  const cache = createDigestCache<boolean>({ capacity: 0 });
  cache.set('a', true);
  expect(cache.get('a')).toBeUndefined();
});

it('counts the weight of its entries, also of one that is replaced', () => {
  const cache = createDigestCache<string>({ capacity: 10 });
  cache.set('a', 'light', 2);
  cache.set('b', 'light', 3);
  cache.set('a', 'heavy', 7);
  expect([cache.get('b'), cache.get('a')]).toEqual(['light', 'heavy']);
  cache.set('c', 'one more', 1);
  expect([cache.get('b'), cache.get('a'), cache.get('c')]).toEqual([undefined, 'heavy', 'one more']);
  cache.set('d', 'too heavy', 11);
  expect(['a', 'c', 'd'].map((text) => cache.get(text))).toEqual(['heavy', 'one more', undefined]);
  cache.set('e', 'fits again', 10);
  expect(cache.get('e')).toBe('fits again');
});
