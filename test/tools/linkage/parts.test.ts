import { describe, expect, it } from 'vitest';
import { defaults, readOptions } from '../../../tools/linkage/options.js';
import { limitOf } from '../../../tools/linkage/score.js';
import { saltDays } from '../../../tools/linkage/simulate/days.js';
import { createTimeline } from '../../../tools/linkage/simulate/timeline.js';

describe('the limit of what chance explains', () => {
  it('is expected + 3σ where there are many guesses', () => {
    const chances = Array.from({ length: 400 }, () => 0.1);
    expect(limitOf(chances)).toBeGreaterThanOrEqual(40 + 3 * 6);
    expect(limitOf(chances)).toBeLessThanOrEqual(40 + 3.5 * 6);
  });

  it('leaves one lucky guess out of account, and no more than there are guesses', () => {
    expect(limitOf([0.01])).toBe(1);
    expect(limitOf([])).toBe(1);
    expect(limitOf([0.001, 0.001, 0.001])).toBe(1);
    expect(limitOf([1, 1, 1])).toBe(3);
  });
});

describe('salt days', () => {
  it('are as long as the zone makes them', () => {
    const hours = (zone: string) =>
      saltDays(zone, '2026-10-24', 3).map(({ start, end }) => (end - start) / 3_600_000);
    expect(hours('UTC')).toEqual([24, 24, 24]);
    expect(hours('Europe/Berlin')).toEqual([24, 25, 24]);
    expect(new Date(saltDays('Europe/Berlin', '2026-10-26', 1)[0]?.start ?? 0).toISOString()).toBe(
      '2026-10-25T23:00:00.000Z',
    );
  });
});

describe('the timeline', () => {
  it('plays in order, holds for real work, and forgets what was cancelled', async () => {
    const timeline = createTimeline(1_000);
    const seen: string[] = [];
    timeline.at(3_000, () => seen.push(`third ${timeline.now()}`));
    timeline.at(2_000, () => {
      seen.push('first');
      const work = new Promise<void>((resolve) => {
        setTimeout(() => {
          seen.push(`second ${timeline.now()}`);
          resolve();
        }, 20);
      });
      timeline.holdFor(work);
    });
    timeline.at(2_500, () => seen.push('never'))();
    timeline.at(9_000, () => seen.push('later'));
    await timeline.play(5_000);
    expect(seen).toEqual(['first', 'second 2000', 'third 3000']);
    expect(timeline.now()).toBe(5_000);
  });
});

describe('the command line', () => {
  it('has defaults, and takes what it should', () => {
    expect(readOptions([])).toMatchObject({ ...defaults, beside: true, json: false, dump: null });
    const given = [
      '--seed',
      '7',
      '--users',
      '12',
      '--days',
      '2',
      '--zone',
      'Asia/Kolkata',
      '--json',
      '--no-beside',
    ];
    expect(readOptions(given)).toMatchObject({
      seed: 7,
      users: 12,
      days: 2,
      zones: ['Asia/Kolkata'],
      json: true,
      beside: false,
    });
  });

  it.each([
    ['--users', '11'],
    ['--users', '1e2'],
    ['--days', '1'],
    ['--zone', 'Mars/Olympus'],
    ['--zone', ''],
    ['--seed', '-1'],
    ['--sed', '1'],
  ])('refuses %s %s', (...argv) => {
    expect(readOptions(argv)).toBeNull();
  });
});
