import { expect, it } from 'vitest';
import { createMemoryStore } from '../../../src/store/memory/memory-store.js';
import { foldSealed } from '../../../src/store/memory/sealed-day.js';
import { anonymousEvent } from '../../support/events.js';
import { forgetDays } from '../../support/forget.js';

const seen = (route: string, visitor: number) =>
  anonymousEvent({
    ...{ day: '2026-05-31', createdAt: new Date('2026-05-31T08:00:00.000Z') },
    userHash: String(visitor).padStart(32, '0'),
    dimensions: { route },
  });
const fold = (events: readonly ReturnType<typeof seen>[], minGroup: number) => {
  const { named, other } = foldSealed(
    events,
    ({ dimensions }) => dimensions.route ?? '',
    minGroup,
    (a, b) => (a < b ? -1 : 1),
  );
  return { named: named.map(([event]) => event?.dimensions.route), other: other?.length ?? null };
};

it('a value keeps its name where enough visitors have it', () => {
  expect(fold([seen('/a', 1), seen('/a', 2), seen('/b', 3), seen('/b', 4)], 2)).toEqual({
    named: ['/a', '/b'],
    other: 0,
  });
});
it('values of few visitors become one without a name', () => {
  expect(fold([seen('/a', 1), seen('/a', 2), seen('/b', 3), seen('/c', 4)], 2)).toEqual({
    named: ['/a'],
    other: 2,
  });
});
it('the smallest value with a name hides others that are too few by themselves', () => {
  const events = [seen('/a', 1), seen('/a', 2), seen('/b', 1), seen('/b', 2), seen('/b', 3), seen('/c', 4)];
  expect(fold(events, 2)).toEqual({ named: ['/b'], other: 3 });
});
it('where all values together are too few, none is told', () => {
  expect(fold([seen('/a', 1), seen('/b', 1)], 2)).toEqual({ named: [], other: null });
});
it('a minimum of one visitor folds nothing', () => {
  expect(fold([seen('/a', 1), anonymousEvent({ userHash: null, dimensions: { route: '/b' } })], 1)).toEqual({
    named: ['/b', '/a'],
    other: 0,
  });
});
it('statistics still know the rows of a forgotten day, and readers do not', async () => {
  const store = createMemoryStore();
  const events = [seen('/a', 1), seen('/b', 2)];
  await store.append(events);
  await forgetDays(store, ['2026-05-31']);
  expect(store.rows()).toEqual([]);
  expect(store.sealedDays()).toMatchObject([{ day: '2026-05-31', minGroup: 5, rows: events }]);
});
