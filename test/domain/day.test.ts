import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createDayOf } from '../../src/domain/day.js';

const at = (text: string) => new Date(text);

describe('createDayOf', () => {
  test.each([
    ['UTC', '2026-12-31T23:59:59.999Z', '2026-12-31'],
    ['UTC', '2027-01-01T00:00:00.000Z', '2027-01-01'],
    ['Pacific/Auckland', '2026-06-30T11:59:59.999Z', '2026-06-30'],
    ['Pacific/Auckland', '2026-06-30T12:00:00.000Z', '2026-07-01'],
    ['America/New_York', '2027-01-01T04:59:59.999Z', '2026-12-31'],
    ['Asia/Kathmandu', '2026-05-01T18:14:59.999Z', '2026-05-01'],
    ['Asia/Kathmandu', '2026-05-01T18:15:00.000Z', '2026-05-02'],
    ['Pacific/Kiritimati', '2026-02-28T10:00:00.000Z', '2026-03-01'],
    ['UTC', '2024-02-29T12:00:00.000Z', '2024-02-29'],
    ['UTC', '1969-12-31T23:59:59.999Z', '1969-12-31'],
  ])('in %s the instant %s falls on %s', (zone, instant, day) => {
    expect(createDayOf(zone)(at(instant))).toBe(day);
  });

  test.each([
    ['Europe/Berlin', '2026-03-29', 23],
    ['Europe/Berlin', '2026-10-25', 25],
    ['Europe/Berlin', '2026-06-01', 24],
    ['Pacific/Auckland', '2026-04-05', 25],
    ['Australia/Lord_Howe', '2026-04-05', 24.5],
    // Here the clocks change at midnight: the day begins at one.
    ['Africa/Cairo', '2026-04-24', 23],
  ])('in %s the day %s has %s hours', (zone, day, hours) => {
    const dayOf = createDayOf(zone);
    const minutes = Array.from(
      { length: 4 * 24 * 60 },
      (_, minute) => Date.parse(day) - 86_400_000 + minute * 60_000,
    );
    expect(minutes.filter((time) => dayOf(new Date(time)) === day)).toHaveLength(hours * 60);
  });

  test('what it remembers never changes an answer', () => {
    const zones = ['UTC', 'Pacific/Auckland', 'America/St_Johns', 'Asia/Kathmandu', 'Africa/Monrovia'];
    const instants = fc.date({ min: at('1950-01-01'), max: at('2100-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.array(instants, { minLength: 1, maxLength: 10 }),
        (zone, dates) => {
          const dayOf = createDayOf(zone);
          for (const date of dates) {
            for (const near of [date, new Date(date.getTime() + 1), new Date(date.getTime() + 600_000)]) {
              expect(dayOf(near)).toBe(createDayOf(zone)(near));
            }
          }
        },
      ),
    );
  });

  test('clocks that change at one minute past midnight go back into the day before', () => {
    const dayOf = createDayOf('America/St_Johns');
    const change = Date.parse('2010-11-07T02:31:00Z');
    const days = [-60_001, -60_000, -1, 0, 60_000].map((offset) => dayOf(new Date(change + offset)));
    expect(days).toEqual(['2010-11-06', '2010-11-07', '2010-11-07', '2010-11-06', '2010-11-06']);
  });

  test.each(['Mars/Olympus', '', 'not a zone'])('the zone %j is refused when it is made', (zone) => {
    expect(() => createDayOf(zone)).toThrow('not an IANA time zone');
  });

  test('a date that is none is refused', () => {
    expect(() => createDayOf('UTC')(new Date(Number.NaN))).toThrow(RangeError);
  });
});
