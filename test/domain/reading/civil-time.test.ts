import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, createDayOf, startOfDay } from '../../../src/domain/day.js';
import { addMonths, dayLabel, dayMs, weekLabel } from '../../../src/domain/reading/civil-date.js';
import { createCivilTime, createCivilTimes } from '../../../src/domain/reading/civil-time.js';
import { instants, zones } from './zones.js';

const day = (text: string) => Date.parse(`${text}T00:00:00Z`) / dayMs;

describe('a civil day', () => {
  test.each([
    ['2026-03-31', -1, '2026-02-28'],
    ['2024-03-31', -1, '2024-02-29'],
    ['2024-02-29', -12, '2023-02-28'],
    ['2026-01-31', 1, '2026-02-28'],
    ['2026-05-15', -17, '2024-12-15'],
    ['0010-01-01', -12, '0009-01-01'],
  ])('%s and %i months is %s', (from, months, to) => {
    expect(dayLabel(addMonths(day(from), months))).toBe(to);
  });

  test.each([
    ['2026-01-01', '2026-W01'],
    ['2027-01-01', '2026-W53'],
    ['2024-12-30', '2025-W01'],
    ['2026-10-25', '2026-W43'],
    ['1969-12-29', '1970-W01'],
  ])('%s lies in the ISO week %s', (date, week) => {
    expect(weekLabel(day(date))).toBe(week);
  });
});

describe('a civil time', () => {
  test('the day of an instant is the one that Intl names', () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), instants, (zone, instant) => {
        expect(dayLabel(createCivilTime(zone).dayOf(instant.getTime()))).toBe(createDayOf(zone)(instant));
      }),
    );
  });

  test('a day begins when the days of the salt begin', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        instants,
        fc.integer({ min: 0, max: 3 }),
        (zone, instant, later) => {
          const dayOf = createDayOf(zone);
          const name = addDays(dayOf(instant), later);
          expect(new Date(createCivilTime(zone).startOfDay(day(name)))).toEqual(startOfDay(name, dayOf));
        },
      ),
    );
  });

  test.each([
    ['skipped', 'Europe/Berlin', '2026-03-29T02:30:00Z', '2026-03-29T01:00:00Z'],
    ['shown twice', 'Europe/Berlin', '2026-10-25T02:30:00Z', '2026-10-25T00:30:00Z'],
    ['a midnight that is skipped', 'America/Sao_Paulo', '2018-11-04T00:00:00Z', '2018-11-04T03:00:00Z'],
    ['a day that is skipped', 'Pacific/Apia', '2011-12-30T12:00:00Z', '2011-12-30T10:00:00Z'],
  ])('a wall time that is %s (%s) is its first instant', (_name, zone, wall, instant) => {
    const civil = createCivilTime(zone);
    expect(new Date(civil.instantOf(Date.parse(wall))).toISOString()).toBe(instant.replace('Z', '.000Z'));
  });

  test('an instant is back where it was unless the clock shows its wall time twice', () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), instants, (zone, instant) => {
        const civil = createCivilTime(zone);
        const back = civil.instantOf(civil.wallOf(instant.getTime()));
        expect(back).toBeLessThanOrEqual(instant.getTime());
        expect(civil.wallOf(back)).toBeGreaterThanOrEqual(civil.wallOf(instant.getTime()));
      }),
    );
  });

  test.each([
    ['Africa/Monrovia', '1970-06-01T00:44:30Z', '1970-06-01T00:00-00:44:30'],
    ['Europe/Amsterdam', '0500-06-01T12:00:00Z', null],
    ['Asia/Manila', '1844-12-31T12:00:00Z', null],
  ])('%s had odd offsets, and instants of then have an hour', (zone, text, label) => {
    const civil = createCivilTime(zone);
    const instant = Date.parse(text);
    expect(civil.startOfHour(instant)).toBeLessThanOrEqual(instant);
    expect(civil.endOfHour(instant)).toBeGreaterThan(instant);
    if (label) expect(civil.labelOf(instant)).toBe(label);
  });
});

describe('a name of a zone', () => {
  test.each(['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5', 'europe/berlin'])(
    '%s is one',
    (name) => {
      expect(createCivilTimes()(name)).not.toBeNull();
    },
  );

  test.each([
    '',
    ' ',
    'Mars/Olympus',
    '+02:00',
    '-0530',
    'UTC\0',
    'Europe/Berlin ',
    '\ud800',
    '__proto__',
    'x'.repeat(10_000),
    'Europe/'.repeat(1_500),
  ])('%j is none', (name) => {
    expect(createCivilTimes()(name)).toBeNull();
  });
});
