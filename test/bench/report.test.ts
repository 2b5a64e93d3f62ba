import { describe, expect, it } from 'vitest';
import type { IdsResult } from './parts/ids.js';
import { secondsLeft } from './progress.js';
import { failures, machineFacts, type Results, report } from './report.js';
import { cell, number, table } from './table.js';

const row = { p50: [1], p99: [2], clientCpu: [0.1], serverMicros: [50] };

const results: Results = {
  facts: machineFacts(new Date('2026-11-21T12:00:00Z'), { version: '15.18', durable: true }, false),
  load: {
    rows: [
      { ...row, target: '`trackEvent`, PostgreSQL', connections: 16, eventsPerSecond: [4_000, 5_000, 6_000] },
      { ...row, target: 'stock Yoga, no database', connections: 16, eventsPerSecond: [1_000, 1_000, 1_000] },
    ],
    checks: [{ what: 'PostgreSQL', acknowledged: 15_000, stored: 15_000 }],
    memory: [{ engine: 'PostgreSQL', residentBytes: 2 ** 28 }],
    refusals: [],
  },
  steps: [{ name: '`putRoute`', micros: [2, 3, 4] }],
};

describe('a table', () => {
  it('is Markdown with numbers on the right', () => {
    expect(table(['', 'a'], [['x', '1']])).toBe('|  | a |\n| --- | ---: |\n| x | 1 |\n');
  });

  it('shows how far repetitions lay apart, where there were several', () => {
    expect(cell({ median: 5_012, min: 4_000, max: 6_000 })).toBe('5,010 (4,000–6,000)');
    expect(cell({ median: 5_012, min: 5_012, max: 5_012 })).toBe('5,010');
  });

  it('shows a dash for what was not measured', () => {
    expect(number(Number.NaN)).toBe('–');
  });
});

describe('the report', () => {
  it('names the database and its durability, and the number of cores', () => {
    const text = report(results);
    expect(text).toContain('PostgreSQL 15.18 with fsync and synchronous_commit on');
    expect(text).toMatch(/^2026-11-21, \d+ cores \(/);
  });

  it('says so when commits did not wait for the disk', () => {
    const facts = { ...results.facts, durable: false };
    expect(report({ ...results, facts })).toContain('**without durability');
  });

  it('compares ours with stock Yoga', () => {
    expect(report(results)).toContain('| `trackEvent`, PostgreSQL ÷ stock Yoga, no database | 5 (4–6) |');
  });

  it('leaves out what was not measured', () => {
    expect(report(results)).not.toContain('Bytes of a stored event');
    expect(report({ facts: results.facts })).not.toContain('###');
  });
});

describe('failures', () => {
  it('are none when every acknowledged event is a row', () => {
    expect(failures(results)).toEqual([]);
  });

  it.each([14_999, 15_001])('tell of %d rows for 15,000 acknowledged events', (stored) => {
    const load = {
      rows: [],
      refusals: [],
      memory: [],
      checks: [{ what: 'PGlite', acknowledged: 15_000, stored }],
    };
    expect(failures({ facts: results.facts, load })).toEqual([
      `load, PGlite: 15000 events acknowledged, ${stored} stored`,
    ]);
  });

  it('tell of refused events', () => {
    const load = { rows: [], checks: [], memory: [], refusals: ['somebody: 3 refused'] };
    expect(failures({ facts: results.facts, load })).toEqual(['somebody: 3 refused']);
  });
});

describe('the order of ids', () => {
  const store = {
    rows: 1_000_000,
    acknowledged: 6_000,
    stored: 6_000,
    keyBytesBefore: 44,
    keyBytesAfter: 45,
  };
  const ids: IdsResult = {
    rows: 1_000_000,
    sharedBuffers: '128MB',
    stores: [
      { ...store, what: 'A: ids of today' },
      { ...store, what: 'B: in order', keyBytesBefore: 31 },
    ],
    series: [
      {
        batch: 500,
        rowsPerRound: 3_000,
        stores: [
          { what: 'A: ids of today', rowsPerSecond: [8_000, 9_000], walBytesPerRow: [4_000, 6_000] },
          { what: 'B: in order', rowsPerSecond: [10_000, 10_000], walBytesPerRow: [700, 800] },
        ],
        ratios: [{ what: 'A: ids of today', to: 'B: in order', median: 0.85, lower: 0.8, upper: 0.9 }],
      },
    ],
  };

  it('has a row for each store, and a line for the ratio', () => {
    const text = report({ facts: results.facts, ids });
    expect(text).toContain('### Appends to 1,000,000 rows');
    expect(text).toContain('| A: ids of today | 8,500 (8,000–9,000) | 5,000 | 44 | 45 |');
    expect(text).toContain('| B: in order | 10,000 | 750 | 31 | 45 |');
    expect(text).toContain(
      '(A: ids of today) ÷ (B: in order), rows/s, pair by pair: 0.85 in batches of 500 (quartiles 0.8–0.9).',
    );
  });

  it('is not reported where there is no PostgreSQL', () => {
    expect(report({ facts: results.facts, ids: null })).not.toContain('###');
  });

  it('fails when a row was acknowledged and is not there', () => {
    const lossy = { ...ids, stores: [{ ...store, what: 'A', stored: 5_999 }] };
    expect(failures({ facts: results.facts, ids: lossy })).toEqual([
      'ids, A: 6000 events acknowledged, 5999 stored',
    ]);
  });
});

it('a browser that is not here is no failure, and has no section', () => {
  const without = { facts: results.facts, client: null };
  expect(failures(without)).toEqual([]);
  expect(report(without)).not.toContain('###');
});

describe('the time left', () => {
  it.each([
    ['at the start is what was announced', 100, 0, 0, 100],
    ['shrinks with what was announced and done', 100, 40, 40, 60],
    ['is stretched when the work takes longer than announced', 100, 50, 100, 100],
    ['is never negative', 100, 110, 90, 0],
  ])('%s', (_what, total, announced, spent, left) => {
    expect(secondsLeft(total, announced, spent)).toBe(left);
  });
});
