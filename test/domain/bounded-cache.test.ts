import { expect, it } from 'vitest';
import { createBoundedCache } from '../../src/domain/bounded-cache.js';

it('forgets what was used longest ago', () => {
  const cache = createBoundedCache<string, number>(2);
  cache.set('a', 1);
  cache.set('b', 2);
  expect(cache.get('a')).toBe(1);
  cache.set('c', 3);
  expect([cache.get('a'), cache.get('b'), cache.get('c'), cache.size()]).toEqual([1, undefined, 3, 2]);
});

it('makes a value once for as long as it is remembered', () => {
  const cache = createBoundedCache<string, string | null>(2);
  const made: string[] = [];
  const make = (key: string): string | null => {
    made.push(key);
    return key === 'none' ? null : key.toUpperCase();
  };
  expect(['a', 'none', 'a', 'none'].map((key) => cache.getOrMake(key, make))).toEqual(['A', null, 'A', null]);
  expect(['b', 'none', 'a'].map((key) => cache.getOrMake(key, make))).toEqual(['B', null, 'A']);
  expect(made).toEqual(['a', 'none', 'b', 'a']);
});

it('counts the weight of its entries', () => {
  const cache = createBoundedCache<string, string>(10);
  cache.set('a', 'light', 2);
  cache.set('b', 'heavy', 7);
  cache.set('a', 'heavier', 4);
  expect([cache.get('b'), cache.get('a'), cache.size()]).toEqual([undefined, 'heavier', 1]);
});

it('keeps nothing that is heavier than all of it, and loses nothing for it', () => {
  const cache = createBoundedCache<string, string>(10);
  cache.set('a', 'light', 2);
  cache.set('b', 'too heavy', 11);
  expect([cache.get('a'), cache.get('b'), cache.size()]).toEqual(['light', undefined, 1]);
});
