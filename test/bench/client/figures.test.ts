import { describe, expect, it } from 'vitest';
import type { ClientResult } from '../parts/client.js';
import { spread } from '../stats.js';
import { burst, callCost, lostEvents, micros, type RawRound } from './figures.js';
import { clientSection } from './section.js';

/** A burst whose first call takes 90 µs and the others 10. */
const single = Array.from({ length: burst }, (_, index) => (index === 0 ? 0.09 : 0.01));
const round = (scale: number): RawRound => ({
  single: single.map((value) => value * scale),
  groups: [0.01 * scale, 0.012 * scale, 0.9 * scale],
});

describe('the cost of a call', () => {
  const cost = callCost('plain', [round(1), round(2)], [round(0.5), round(0.5)]);

  it('has the percentiles of all calls of all rounds, in µs', () => {
    expect(cost).toMatchObject({ calls: 2 * burst, p50: 20, p95: 20, p99: 180, max: 180 });
    expect(cost.p99OfRounds).toEqual({ median: 135, min: 90, max: 180 });
  });

  it('tells the first calls of the bursts from the others', () => {
    expect(cost).toMatchObject({ first: 135, p99Warm: 20 });
  });

  it('is compared with the baseline of the same round by the medians of the means', () => {
    expect(cost.mean10).toEqual({ median: 18, min: 12, max: 24 });
    expect(cost.toBaseline).toEqual({ median: 3, min: 2, max: 4 });
  });

  it('knows of no first calls where only some calls of a burst were timed', () => {
    const some = callCost('tenth', [{ single, groups: [] }], [round(1)]);
    expect(some).toMatchObject({ first: Number.NaN, p99Warm: 90, p99: 90 });
  });
});

it('rounds away what binary fractions add to a reading of the clock', () => {
  expect(micros([0.30000000000000004 - 0.1, 0.015000000001])).toEqual([200, 15]);
});

describe('events that were tracked and not stored', () => {
  const counts = (tracked: number, accepted: number): RawRound => ({
    ...round(1),
    counts: { tracked, accepted },
  });

  it('are none where the sums agree, or nothing is sent', () => {
    expect(lostEvents('usual', [counts(40, 40), counts(2, 2)])).toEqual([]);
    expect(lostEvents('denied', [round(1)])).toEqual([]);
  });

  it.each([39, 41])('are said when %d of 40 were stored', (accepted) => {
    expect(lostEvents('usual', [counts(40, accepted)])).toEqual([
      `client, usual: 40 events tracked, ${accepted} stored`,
    ]);
  });
});

describe('the section of the report', () => {
  const result = (scale: number): ClientResult => ({
    chromium: '156.0',
    stepMicros: 5,
    cases: ['plain', 'usual', 'full'].map((name) => callCost(name, [round(scale)], [round(1)])),
    lost: [],
    burstEvents: 5_000,
    bursts: ['default queue', 'room for all'].map((what) => ({
      what,
      callsMs: spread([30]),
      blockedMs: spread([31]),
      longestMs: spread([1]),
      p50: spread([5]),
      p99: spread([15, 90 * scale, 900]),
    })),
    cold: { pages: 2, first: spread([300]), rest: spread([20]) },
    pieces: [],
  });

  it('says that the goal is missed, by calls that follow each other', () => {
    expect(clientSection(result(1)).match(/\*\*not met\*\* \(90 µs\)/g)).toHaveLength(2);
  });

  it('says that it is met up to the goal itself', () => {
    expect(clientSection(result(20 / 90)).match(/: met \(20 µs\)/g)).toHaveLength(2);
    expect(clientSection(result(21 / 90))).not.toContain(': met');
  });

  it('says what it is after a pause, next to what the machine allows', () => {
    expect(clientSection(result(2))).toContain('in µs: 180 (event type alone), 180 (usual');
  });

  it('names the step of the clock', () => {
    expect(clientSection(result(1))).toContain('5 µs.');
  });
});
