import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type StatsInterval, statsIntervals } from '../../../src/contract/index.js';
import { createDayOf } from '../../../src/domain/day.js';
import { bucketsOf } from '../../../src/domain/reading/buckets.js';
import { createCivilTime } from '../../../src/domain/reading/civil-time.js';
import { instants, zones } from './zones.js';

const intervals = Object.keys(statsIntervals) as StatsInterval[];

function bucketsIn(zone: string, interval: StatsInterval, start: string, end: string) {
  return bucketsOf({ start: new Date(start), end: new Date(end) }, interval, createCivilTime(zone));
}

describe('buckets', () => {
  const ranges = fc
    .tuple(instants, fc.integer({ min: 1, max: 100 * 86_400_000 }))
    .map(([start, length]) => ({ start, end: new Date(start.getTime() + length) }));

  test('every instant of a range lies in exactly one', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.constantFrom(...intervals),
        ranges,
        (zone, interval, range) => {
          const buckets = bucketsOf(range, interval, createCivilTime(zone));
          expect(buckets[0]?.span.start).toEqual(range.start);
          expect(buckets.at(-1)?.span.end).toEqual(range.end);
          for (const [index, { start, end, span }] of buckets.entries()) {
            expect(span.start < span.end && start <= span.start && span.end <= end).toBe(true);
            const after = buckets[index + 1];
            if (after) expect([after.start, after.span.start]).toEqual([end, span.end]);
          }
        },
      ),
    );
  });

  test('no two have one label', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.constantFrom(...intervals),
        ranges,
        (zone, interval, range) => {
          const labels = bucketsOf(range, interval, createCivilTime(zone)).map(({ label }) => label);
          expect(new Set(labels).size).toBe(labels.length);
        },
      ),
    );
  });

  test('the label is the civil date that Intl names at both ends', () => {
    const shown: Record<string, (day: string) => string> = {
      HOUR: (day) => day,
      DAY: (day) => day,
      MONTH: (day) => day.slice(0, 7),
    };
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.constantFrom('HOUR' as const, 'DAY' as const, 'MONTH' as const),
        ranges,
        (zone, interval, range) => {
          const dayOf = createDayOf(zone);
          for (const { label, start, end } of bucketsOf(range, interval, createCivilTime(zone))) {
            const nameAt = (instant: Date) => shown[interval]?.(dayOf(instant));
            const name = interval === 'HOUR' ? label.slice(0, 10) : label;
            expect([nameAt(start), nameAt(new Date(end.getTime() - 1))]).toEqual([name, name]);
          }
        },
      ),
    );
  });

  test('the label of an hour is the instant at which it begins', () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), ranges, (zone, range) => {
        for (const { label, start } of bucketsOf(range, 'HOUR', createCivilTime(zone)))
          expect(new Date(label)).toEqual(start);
      }),
      { numRuns: 20 },
    );
  });

  test.each([
    ['Europe/Berlin', '2026-03-28T23:00Z', '2026-03-29T22:00Z', 23],
    ['Europe/Berlin', '2026-10-24T22:00Z', '2026-10-25T23:00Z', 25],
    ['America/New_York', '2026-11-01T04:00Z', '2026-11-02T05:00Z', 25],
    ['Asia/Kolkata', '2026-06-30T18:30Z', '2026-07-01T18:30Z', 24],
    ['Africa/Casablanca', '2026-02-14T23:00Z', '2026-02-16T00:00Z', 25],
    ['Australia/Lord_Howe', '2026-04-04T13:00Z', '2026-04-05T13:30Z', 25],
    ['Australia/Lord_Howe', '2026-10-03T13:30Z', '2026-10-04T13:00Z', 24],
    ['America/Sao_Paulo', '2018-11-04T03:00Z', '2018-11-05T02:00Z', 23],
  ])('a day of %s from %s has its hours', (zone, start, end, hours) => {
    const buckets = bucketsIn(zone, 'HOUR', start, end);
    expect(buckets).toHaveLength(hours);
    expect(bucketsIn(zone, 'DAY', start, end).map((day) => [day.start, day.end])).toEqual([
      [new Date(start), new Date(end)],
    ]);
  });

  test('the hour that a change repeats is two buckets', () => {
    const labels = bucketsIn('Europe/Berlin', 'HOUR', '2026-10-25T00:00Z', '2026-10-25T02:00Z').map(
      ({ label }) => label,
    );
    expect(labels).toEqual(['2026-10-25T02:00+02:00', '2026-10-25T02:00+01:00']);
  });

  test('Lord Howe Island has one bucket of half an hour on the day of a change', () => {
    const labels = (start: string, end: string) =>
      bucketsIn('Australia/Lord_Howe', 'HOUR', start, end).map(({ label }) => label);
    expect(labels('2026-04-04T14:00Z', '2026-04-04T16:30Z')).toEqual([
      '2026-04-05T01:00+11:00',
      '2026-04-05T01:30+10:30',
      '2026-04-05T02:00+10:30',
    ]);
    expect(labels('2026-10-03T14:30Z', '2026-10-03T17:00Z')).toEqual([
      '2026-10-04T01:00+10:30',
      '2026-10-04T02:30+11:00',
      '2026-10-04T03:00+11:00',
    ]);
  });

  test('a day that a zone skipped has no bucket', () => {
    const labels = bucketsIn('Pacific/Apia', 'DAY', '2011-12-29T10:00Z', '2012-01-01T10:00Z').map(
      ({ label }) => label,
    );
    expect(labels).toEqual(['2011-12-29', '2011-12-31', '2012-01-01']);
  });

  test('an interval that the range cuts is told whole, and counted in part', () => {
    const [first, last] = bucketsIn('UTC', 'WEEK', '2026-01-01T12:00Z', '2026-01-06T00:00Z');
    expect(first).toEqual({
      label: '2026-W01',
      start: new Date('2025-12-29'),
      end: new Date('2026-01-05'),
      span: { start: new Date('2026-01-01T12:00Z'), end: new Date('2026-01-05') },
    });
    expect(last).toMatchObject({ label: '2026-W02', end: new Date('2026-01-12') });
  });

  test('with NONE the range is the interval', () => {
    const range = { start: new Date('2026-10-01T12:00Z'), end: new Date('2026-11-01T00:00Z') };
    expect(bucketsOf(range, 'NONE', createCivilTime('UTC'))).toEqual([
      { label: '2026-10-01/2026-10-31', ...range, span: range },
    ]);
  });

  test('an empty range has none', () => {
    for (const interval of intervals)
      expect(bucketsIn('UTC', interval, '2026-01-01', '2026-01-01')).toEqual([]);
  });
});
