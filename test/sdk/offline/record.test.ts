import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RecordKey, sift } from '../../../src/sdk/offline/record.js';

const limits = { maxBytes: 100, maxEvents: 4, maxAgeMs: 1_000 };
const now = 10_000;
const anybody = () => true;
const record = (ageMs: number, bytes = 1, owner = 'me'): RecordKey => [now - ageMs, `${ageMs}`, owner, bytes];

describe('sift', () => {
  it('keeps what is within every limit', () => {
    const keys = [record(999, 96), record(2), record(1), record(0)];
    expect(sift(keys, anybody, limits, now)).toEqual({ kept: keys, expired: [], full: [] });
  });

  it('takes an age of exactly the limit for too old, and lets the old make room for the young', () => {
    const [old, ...young] = [record(1_000, 50), record(3), record(2), record(1), record(0)];
    expect(sift([old, ...young], anybody, limits, now)).toEqual({ kept: young, expired: [old], full: [] });
  });

  it('takes a time further ahead than the age limit for too old', () => {
    const [near, far] = [record(-999), record(-1_000)];
    expect(sift([near, far], anybody, limits, now)).toEqual({ kept: [near], expired: [far], full: [] });
  });

  it('lets the oldest go until the rest fits', () => {
    const [first, second, third] = [record(3, 60), record(2, 60), record(1, 40)];
    expect(sift([first, second, third], anybody, limits, now)).toEqual({
      kept: [second, third],
      expired: [],
      full: [first],
    });
  });

  it('takes a time that is no number for too old', () => {
    const broken: RecordKey = [Number.NaN, 'a', 'me', 1];
    expect(sift([broken], anybody, limits, now).expired).toEqual([broken]);
  });

  const keys = fc
    .array(
      fc.record({
        age: fc.integer({ min: -2_000, max: 2_000 }),
        bytes: fc.integer({ min: 1, max: 60 }),
        owner: fc.constantFrom('me', 'gone', 'alive'),
      }),
      { maxLength: 12 },
    )
    .map((drafts) =>
      drafts
        .map(({ age, bytes, owner }, index): RecordKey => [now - age, `${index}`, owner, bytes])
        .sort((a, b) => a[0] - b[0]),
    );

  it('puts every record in one place, and none of a living page away', () => {
    fc.assert(
      fc.property(keys, (all) => {
        const { kept, expired, full } = sift(all, (owner) => owner !== 'alive', limits, now);
        expect([...kept, ...expired, ...full].sort()).toEqual([...all].sort());
        expect([...expired, ...full].filter(([, , owner]) => owner === 'alive')).toEqual([]);
      }),
    );
  });

  it('leaves no more than the limits once all may go, and nothing goes that had room', () => {
    fc.assert(
      fc.property(keys, (all) => {
        const { kept, full } = sift(all, anybody, limits, now);
        const size = (some: readonly RecordKey[]) => some.reduce((sum, [, , , bytes]) => sum + bytes, 0);
        expect(kept.length).toBeLessThanOrEqual(limits.maxEvents);
        expect(size(kept)).toBeLessThanOrEqual(limits.maxBytes);
        expect(kept.filter(([at]) => Math.abs(now - at) >= limits.maxAgeMs)).toEqual([]);
        expect(all.length <= limits.maxEvents && size(all) <= limits.maxBytes && full.length > 0).toBe(false);
      }),
    );
  });
});
