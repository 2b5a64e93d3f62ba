import { describe, expect, it } from 'vitest';
import type { AnswerRow, StatsAnswer } from '../../../src/domain/reading/answer.js';
import { machineFacts } from '../report.js';
import { differenceOf, propertyDifferenceOf } from './compare.js';
import { eventsOfLastHours } from './late-events.js';
import type { SizeResult } from './measure.js';
import { readOptions } from './options.js';
import { type ReadResults, readFailures, readReport } from './report.js';
import { benchNow, seedDays } from './seed.js';
import { share, slots, zipf } from './share.js';
import { combinations, routesOfType } from './world.js';

describe('the command line', () => {
  it('asks for two sizes with two numbers of visitors where it says nothing', () => {
    const options = readOptions([]);
    expect(options).toMatchObject({ help: false, json: false, engine: 'postgres', rounds: 7 });
    expect(options?.sizes).toEqual([
      { events: 1_000_000, days: 180, visitors: 400 },
      { events: 10_000_000, days: 180, visitors: 400 },
      { events: 1_000_000, days: 180, visitors: 4_000 },
      { events: 10_000_000, days: 180, visitors: 4_000 },
    ]);
  });

  it('asks PGlite for a million events', () => {
    const sizes = readOptions(['--engine', 'pglite', '--visitors', '400'])?.sizes;
    expect(sizes).toEqual([{ events: 1_000_000, days: 180, visitors: 400 }]);
  });

  it('puts sizes in order and drops what is said twice', () => {
    const sizes = readOptions(['--events', '600000,300000,600000', '--visitors', '50'])?.sizes;
    expect(sizes?.map(({ events }) => events)).toEqual([300_000, 600_000]);
  });

  it.each([
    ['an unknown engine', ['--engine', 'mysql']],
    ['fewer events a day than the questions need', ['--events', '287999']],
    ['a number that is none', ['--events', '1e6']],
    ['two numbers of days', ['--days', '40,50']],
    ['no rounds', ['--rounds', '0']],
    ['an unknown option', ['--quick']],
  ])('refuses %s', (_what, argv) => {
    expect(readOptions(argv)).toBeNull();
  });
});

describe('sharing by weights', () => {
  it('adds up to the whole, with the remainder where it is largest', () => {
    expect(share(10, [1, 1, 1])).toEqual([4, 3, 3]);
    expect(share(7, [5, 3])).toEqual([4, 3]);
  });

  it('lists every place as often as its weight says', () => {
    expect(slots(4, [3, 1])).toEqual([0, 0, 0, 1]);
    expect(slots(1_024, zipf(60))).toHaveLength(1_024);
  });
});

describe('the data', () => {
  it('has as many events as wanted, fewer at weekends, and ends with a weekday', () => {
    const days = seedDays({ events: 100_000, days: 31, visitors: 100 });
    expect(days).toHaveLength(31);
    expect(days.reduce((sum, { events }) => sum + events, 0)).toBe(100_000);
    const [friday, saturday] = days.slice(-7, -5);
    expect(saturday?.events).toBeLessThan((friday?.events ?? 0) / 2);
    expect(saturday?.visitors).toBe(70);
    expect((days.at(-1)?.startMs ?? 0) + 86_400_000 - 1).toBe(benchNow.getTime());
  });

  it('has no combination of words twice, and a few routes for each type of an app', () => {
    const all = combinations();
    expect(new Set(all.map((one) => JSON.stringify(one))).size).toBe(all.length);
    const ofFirst = all.filter(
      ({ appName, eventType }) => appName === 'web' && eventType === 'area0_happened_0',
    );
    expect(new Set(ofFirst.map(({ route }) => route)).size).toBe(routesOfType);
  });

  it('spreads late events over the hours before the end, each under its own day', () => {
    const events = eventsOfLastHours(60, 60);
    const ages = events.map(({ createdAt }) => (benchNow.getTime() - createdAt.getTime()) / 3_600_000);
    expect(Math.max(...ages)).toBeCloseTo(59, 3);
    expect(Math.min(...ages)).toBe(0);
    expect(new Set(events.map(({ day }) => day))).toEqual(
      new Set(['2026-11-24', '2026-11-25', '2026-11-26']),
    );
  });
});

const start = new Date('2026-11-26T00:00:00Z');

function row(row: Partial<AnswerRow>, events: number, visitors: number | null = null): AnswerRow {
  const point = { events, visitors, sessions: null, properties: new Map(), previous: null };
  return {
    kind: 'VALUE',
    key: [],
    events,
    sumOfDailyVisitors: null,
    sumOfDailySessions: null,
    properties: new Map(),
    previous: null,
    change: null,
    points: [point],
    ...row,
  };
}

function answer(total: AnswerRow, rows: readonly AnswerRow[] = []): StatsAnswer {
  const bucket = { label: '', start, end: start, complete: true, incompleteBecause: null };
  return {
    buckets: [bucket],
    total,
    rows,
    rowsAddUp: true,
    freshness: { asOf: start, comparableUntil: null },
    warnings: [],
  };
}

describe('comparing an answer with raw rows', () => {
  const line = (key: string | null, n: unknown, v: unknown) => ({ key, start: start.getTime(), n, v });

  it('finds no difference where all points are equal, whatever the driver makes of numbers', () => {
    expect(differenceOf(answer(row({}, 5, 2)), [line('', '5', '2')])).toBeNull();
    const rows = [row({ key: ['a'] }, 5, 2), row({ key: [null], kind: 'OTHER' }, 3, 1)];
    expect(differenceOf(answer(row({}, 8), rows), [line(null, 3, 1), line('a', 5, 2)])).toBeNull();
  });

  it.each([
    ['one visitor more', [line('', 5, 3)]],
    ['one event less', [line('', 4, 2)]],
    ['another key', [line('a', 5, 2)]],
    ['a point more', [line('', 5, 2), line('a', 1, 1)]],
  ])('finds %s in raw rows', (_what, lines) => {
    expect(differenceOf(answer(row({}, 5, 2)), lines)).not.toBeNull();
  });

  it('takes an answer without any event for no proof', () => {
    expect(differenceOf(answer(row({}, 0, 0)), [])).not.toBeNull();
  });

  it('allows a percentile to be off by one per cent, and a sum by nothing', () => {
    const stats = { count: 2, sum: 300, mean: 150, min: 100, max: 200, p50: 100, p95: 198.5 };
    const found = answer(row({ properties: new Map([['size', stats]]) }, 2));
    const differ = (sum: number, p95: number) =>
      propertyDifferenceOf(found, 'size', [{ count: 2, sum, p95 }]);
    expect(differ(300, 200)).toBeNull();
    expect(differ(301, 200)).not.toBeNull();
    expect(differ(300, 203)).not.toBeNull();
  });
});

function sizeResult(events: number, ms: number): SizeResult {
  return {
    size: { events, days: 180, visitors: 400 },
    seedSeconds: 60,
    countSeconds: 120,
    dayEvents: 66_000,
    dayTimes: [900, 950],
    questions: [
      {
        name: 'daily',
        goals: { closed: 3, today: 25 },
        times: { closed: [ms], today: [ms * 10], late: [ms * 20] },
        raw: [ms * 100],
      },
    ],
    appends: { alone: [1, 2], reading: [2, 5], answers: 7 },
    differences: [],
  };
}

const results: ReadResults = {
  facts: machineFacts(new Date('2026-11-28T12:00:00Z'), { version: '15.18', durable: true }, false),
  engine: 'postgres',
  rounds: 7,
  sizes: [sizeResult(1_000_000, 2), sizeResult(10_000_000, 6)],
};

describe('the report', () => {
  const text = readReport(results);

  it('puts every state beside plain SQL and its goals, with a cross where one is missed', () => {
    expect(text).toContain('| daily | 2; 2 | 20; 20 | 40; 40 | counted 3, today 25 | 200; 200 |');
    expect(text).toContain('| daily | 6; 6 ✗ | 60; 60 ✗ | 120; 120 | counted 3, today 25 | 600; 600 |');
  });

  it('says how the times grow from the fewest events to the most', () => {
    expect(text).toContain('to 10,000,000 events, times');
    expect(text).toContain('| daily | 3 | 3 | 3 | 3 |');
    expect(readReport({ ...results, sizes: results.sizes.slice(1) })).not.toContain('Growth');
  });

  it('says how much appending slows down while somebody reads', () => {
    expect(text).toContain('while 7 questions were answered, 2 and 5 ms; p99 × 2.5 (goal: 2).');
  });

  it('fails with every answer that is not that of the raw rows', () => {
    expect(readFailures(results)).toEqual([]);
    const wrong = { ...sizeResult(1_000_000, 2), differences: ['closed: daily: off'] };
    expect(readFailures({ ...results, sizes: [wrong] })).toEqual([
      '1,000,000 events on 180 days, 400 visitors a weekday: closed: daily: off',
    ]);
  });
});
