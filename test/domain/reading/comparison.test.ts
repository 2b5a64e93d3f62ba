import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type StatsInterval, statsIntervals } from '../../../src/contract/index.js';
import { bucketsOf } from '../../../src/domain/reading/buckets.js';
import { createCivilTime } from '../../../src/domain/reading/civil-time.js';
import { compareBuckets } from '../../../src/domain/reading/comparison.js';
import type { StatsInput } from '../../../src/domain/reading/question.js';
import { answerOf, between, planOf } from './asking.js';
import { instants, zones } from './zones.js';

/** What each bucket is compared with, as `start/end`. */
async function compared(input: StatsInput, now?: string): Promise<(string | null)[]> {
  const { previous } = await planOf(input, now === undefined ? {} : { now });
  return (previous ?? []).map((span) => span && `${short(span.start)}/${short(span.end)}`);
}
const short = (instant: Date) => instant.toISOString().replace(/:00\.000Z$/, 'Z');

describe('the previous period', () => {
  const compare = 'PREVIOUS_PERIOD';

  test('lies as many days before, and is cut at the same time of day', async () => {
    const input: StatsInput = { last: 'P2D', compare };
    expect(await compared(input)).toEqual([
      '2026-11-25T00:00Z/2026-11-26T00:00Z',
      '2026-11-26T00:00Z/2026-11-26T12:00Z',
    ]);
    expect((await answerOf(input)).freshness).toEqual({
      asOf: new Date('2026-11-28T12:00Z'),
      comparableUntil: new Date('2026-11-26T12:00Z'),
    });
  });

  test('of whole days only is just before those that are left, and is not cut', async () => {
    const input: StatsInput = { last: 'P3D', compare, completeOnly: true };
    expect(await compared(input)).toEqual([
      '2026-11-24T00:00Z/2026-11-25T00:00Z',
      '2026-11-25T00:00Z/2026-11-26T00:00Z',
    ]);
    expect((await answerOf(input)).freshness.comparableUntil).toBeNull();
  });

  test('keeps days whole over a change of clocks, and the elapsed time of the wall', async () => {
    const zone = 'Europe/Berlin';
    const range = between('2026-10-24T22:00Z', '2026-10-26T23:00Z');
    expect(await compared({ ...range, zone, compare }, '2026-10-26T11:00:00Z')).toEqual([
      '2026-10-22T22:00Z/2026-10-23T22:00Z',
      '2026-10-23T22:00Z/2026-10-24T10:00Z',
    ]);
  });

  test('of hours lies as many hours of the clock before', async () => {
    expect(await compared({ last: 'PT2H', interval: 'HOUR', compare }, '2026-11-28T12:30:00Z')).toEqual([
      '2026-11-28T09:00Z/2026-11-28T10:00Z',
      '2026-11-28T10:00Z/2026-11-28T10:30Z',
    ]);
  });

  test('of a range within a day lies just before', async () => {
    expect(await compared({ ...between('2026-11-02T10:00Z', '2026-11-02T12:00Z'), compare })).toEqual([
      '2026-11-02T08:00Z/2026-11-02T10:00Z',
    ]);
  });

  test('of a range to come is nothing yet', async () => {
    const input: StatsInput = { ...between('2026-12-07', '2026-12-09'), compare };
    expect(await compared(input)).toEqual([null, null]);
    const { total, freshness } = await answerOf(input);
    expect([total.previous, total.change]).toEqual([null, null]);
    expect(freshness.comparableUntil).toEqual(new Date('2026-12-05'));
  });

  test('compares an hour with the hour of the same name, and what has none with nothing', async () => {
    const hours = (zone: string, start: string, end: string) =>
      compared({ ...between(start, end), zone, interval: 'HOUR', compare });
    const repeated = await hours('Europe/Berlin', '2026-10-24T22:00Z', '2026-10-25T23:00Z');
    expect(repeated.slice(1, 5)).toEqual([
      '2026-10-23T23:00Z/2026-10-24T00:00Z',
      '2026-10-24T00:00Z/2026-10-24T01:00Z',
      null,
      '2026-10-24T01:00Z/2026-10-24T02:00Z',
    ]);
    const skipped = await hours('Europe/Berlin', '2026-03-28T23:00Z', '2026-03-29T22:00Z');
    expect(skipped.slice(1, 3)).toEqual([
      '2026-03-28T00:00Z/2026-03-28T01:00Z',
      '2026-03-28T02:00Z/2026-03-28T03:00Z',
    ]);
  });
});

describe('the previous year', () => {
  const compare = 'PREVIOUS_YEAR';

  test('has the same dates', async () => {
    expect(await compared({ ...between('2026-03-01', '2026-03-02'), compare })).toEqual([
      '2025-03-01T00:00Z/2025-03-02T00:00Z',
    ]);
  });

  test('has 28 February for the 29th', async () => {
    expect(await compared({ ...between('2024-02-29', '2024-03-01'), compare })).toEqual([
      '2023-02-28T00:00Z/2023-03-01T00:00Z',
    ]);
  });

  test('gives 28 February to one day only', async () => {
    expect(await compared({ ...between('2024-02-28', '2024-03-02'), compare })).toEqual([
      '2023-02-28T00:00Z/2023-03-01T00:00Z',
      null,
      '2023-03-01T00:00Z/2023-03-02T00:00Z',
    ]);
  });

  test('has no 29 February for the 28th', async () => {
    expect(await compared({ ...between('2025-02-28', '2025-03-02'), compare })).toEqual([
      '2024-02-28T00:00Z/2024-02-29T00:00Z',
      '2024-03-01T00:00Z/2024-03-02T00:00Z',
    ]);
  });

  test('keeps the hour of the wall', async () => {
    const range = between('2026-03-28T09:00Z', '2026-03-28T10:00Z');
    // In 2025 the clocks of New York had been changed on the 9th, and those of Berlin not before the 30th.
    expect(await compared({ ...range, zone: 'America/New_York', interval: 'HOUR', compare })).toEqual([
      '2025-03-28T09:00Z/2025-03-28T10:00Z',
    ]);
    const later = between('2026-03-29T09:00Z', '2026-03-29T10:00Z');
    expect(await compared({ ...later, zone: 'Europe/Berlin', interval: 'HOUR', compare })).toEqual([
      '2025-03-29T10:00Z/2025-03-29T11:00Z',
    ]);
  });
});

test('no two spans lie over one another, and none ends after the comparison does', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.constantFrom(...(Object.keys(statsIntervals) as StatsInterval[])),
      fc.constantFrom('PREVIOUS_PERIOD' as const, 'PREVIOUS_YEAR' as const),
      instants,
      fc.integer({ min: 1, max: 60 * 86_400_000 }),
      fc.integer({ min: -10 * 86_400_000, max: 70 * 86_400_000 }),
      fc.boolean(),
      (zone, interval, compare, start, length, elapsed, ofHours) => {
        const civil = createCivilTime(zone);
        const range = { start, end: new Date(start.getTime() + length) };
        const now = new Date(start.getTime() + elapsed);
        const buckets = bucketsOf(range, interval, civil);
        const { spans, until } = compareBuckets(buckets, { compare, civil, now, ofHours });
        expect(spans).toHaveLength(buckets.length);
        expect(until === null).toBe(now >= range.end);
        let free = new Date(-8.64e15);
        for (const span of spans) {
          if (!span) continue;
          expect(span.start >= free && span.start < span.end).toBe(true);
          expect(until === null || span.end <= until).toBe(true);
          free = span.end;
        }
      },
    ),
  );
});

describe('the days of a plan', () => {
  test('are all that a bucket or its comparison touches, each once', async () => {
    const { days } = await planOf({
      ...between('2026-10-24T22:00Z', '2026-10-25T23:00Z'),
      zone: 'Europe/Berlin',
      compare: 'PREVIOUS_YEAR',
    });
    expect(days.map(({ day }) => day)).toEqual(['2025-10-24', '2025-10-25', '2026-10-24', '2026-10-25']);
  });

  test('have the boundaries of their zone', async () => {
    const { days } = await planOf(between('2026-10-25T10:00Z', '2026-10-25T11:00Z'), {
      saltZone: 'Europe/Berlin',
    });
    expect(days).toEqual([
      { day: '2026-10-25', start: new Date('2026-10-24T22:00Z'), end: new Date('2026-10-25T23:00Z') },
    ]);
  });
});
