import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dimensionKey } from '../../../src/domain/dimension-key.js';
import type { EventDimensions } from '../../../src/domain/event.js';
import {
  createDimensionCache,
  touchLifetimeMs,
  unusedDaysKept,
} from '../../../src/store/sql/dimension-cache.js';
import { dimensionId } from '../../../src/store/sql/dimension-id.js';
import { pageViewed } from '../../support/events.js';

const word = fc.option(
  fc.string({ maxLength: 4, unit: fc.constantFrom('"', ',', '\\', 'n', 'u', 'l', '[', ']') }),
);
const combination: fc.Arbitrary<EventDimensions> = fc.record({
  appName: word.map(String),
  eventType: word.map(String),
  eventVersion: fc.nat(3),
  appVersion: word,
  source: word,
  route: word,
  entityType: word,
  deviceType: word,
  browserFamily: word,
  osFamily: word,
});

describe('the id of a combination', () => {
  it('is the same for ever: rows of other days and replicas refer to it', () => {
    expect(dimensionId(dimensionKey(pageViewed))).toBe(1142784435049350054n);
  });

  it('fits a bigint column, and is never negative', () =>
    fc.assert(
      fc.property(combination, (one) => {
        const id = dimensionId(dimensionKey(one));
        expect(id).toBeGreaterThanOrEqual(0n);
        expect(id).toBeLessThan(2n ** 63n);
      }),
    ));

  it('differs where any word differs, and null is not the word "null"', () =>
    fc.assert(
      fc.property(combination, combination, (one, other) => {
        const equal = Object.keys(one).every(
          (name) => one[name as keyof EventDimensions] === other[name as keyof EventDimensions],
        );
        expect(dimensionKey(one) === dimensionKey(other)).toBe(equal);
      }),
    ));

  it('does not depend on the order in which the words were written', () => {
    const reversed = Object.fromEntries(Object.entries(pageViewed).reverse()) as unknown as EventDimensions;
    expect(dimensionKey(reversed)).toBe(dimensionKey(pageViewed));
  });
});

describe('what a process remembers of combinations', () => {
  const now = Date.UTC(2026, 10, 21, 12);

  it('does not count as marked before a statement was committed', () => {
    const cache = createDimensionCache(10);
    expect(cache.isFresh(cache.get('a'), now)).toBe(false);
  });

  it.each([
    { after: 0, fresh: true },
    { after: touchLifetimeMs - 1, fresh: true },
    { after: touchLifetimeMs, fresh: false },
    { after: -touchLifetimeMs, fresh: false },
  ])('counts as marked $after ms later: $fresh', ({ after, fresh }) => {
    const cache = createDimensionCache(10);
    cache.get('a').touchedAt = now;
    expect(cache.isFresh(cache.get('a'), now + after)).toBe(fresh);
  });

  it('ends long before an unused row may be deleted', () => {
    const keptMs = unusedDaysKept * 86_400_000;
    expect(touchLifetimeMs * 4).toBeLessThan(keptMs);
  });

  it('is bounded, and forgets what was used least lately', () => {
    const cache = createDimensionCache(2);
    for (const key of ['a', 'b']) cache.get(key).touchedAt = now;
    cache.get('a');
    cache.get('c');
    expect(cache.size()).toBe(2);
    expect(cache.isFresh(cache.get('a'), now)).toBe(true);
    expect(cache.isFresh(cache.get('b'), now)).toBe(false);
  });
});
