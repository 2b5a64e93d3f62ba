import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createTextHash,
  RevertDetector,
  type RevertDetectorOptions,
} from '../../../src/sdk/capture/index.js';
import { ManualClock } from './manual-clock.js';

function setUp(options: RevertDetectorOptions = {}) {
  const clock = new ManualClock();
  const detector = new RevertDetector({ now: () => clock.now(), ...options });
  return { clock, detector };
}

describe('RevertDetector', () => {
  it('finds the state that an edit came back to, and how long ago it was left', () => {
    const { clock, detector } = setUp();
    detector.reset(1);
    clock.pass(60_000);
    expect(detector.onEdit(2)).toBeNull();
    clock.pass(400.7);
    expect(detector.onEdit(3)).toBeNull();
    clock.pass(100);
    expect(detector.onEdit(1)).toBe(500);
    expect(detector.onEdit(3)).toBe(0);
  });

  it('takes the latest of several equal states', () => {
    const { clock, detector } = setUp();
    for (const hash of [1, 2, 1, 2]) {
      detector.onEdit(hash);
      clock.pass(1_000);
    }
    expect(detector.onEdit(1)).toBe(1_000);
  });

  it('remembers for 30 seconds', () => {
    const { clock, detector } = setUp();
    detector.reset(1);
    detector.onEdit(2);
    clock.pass(30_000);
    expect(detector.onEdit(1)).toBe(30_000);
    clock.pass(30_000.5);
    expect(detector.onEdit(2)).toBeNull();
  });

  it('remembers 64 states', () => {
    const { detector } = setUp();
    for (let hash = 0; hash <= 64; hash += 1) detector.onEdit(hash);
    expect(detector.onEdit(0)).toBe(0);
    const { detector: other } = setUp();
    for (let hash = 0; hash <= 65; hash += 1) other.onEdit(hash);
    expect(other.onEdit(0)).toBeNull();
  });

  it('takes an edit that changes nothing for no revert, and no state', () => {
    const { detector } = setUp({ maxSnapshots: 1 });
    detector.reset(1);
    expect(detector.onEdit(1)).toBeNull();
    detector.onEdit(2);
    detector.onEdit(2);
    expect(detector.onEdit(1)).toBe(0);
  });

  it('forgets everything when another text is edited', () => {
    const { detector } = setUp();
    detector.reset(1);
    detector.onEdit(2);
    detector.reset(null);
    expect(detector.onEdit(1)).toBeNull();
    expect(detector.onEdit(2)).toBeNull();
    expect(detector.onEdit(1)).toBe(0);
  });

  it('finds a revert with an age of 0 or more when the clock steps back', () => {
    const { clock, detector } = setUp();
    detector.reset(1);
    detector.onEdit(2);
    clock.stepBack(10_000);
    expect(detector.onEdit(1)).toBe(0);
  });

  it('finds what a search through the full texts finds', () => {
    const edit = fc.record({
      text: fc.constantFrom('', 'a', 'b', 'ab', 'ba', 'a\n'),
      ms: fc.nat({ max: 20_000 }),
    });
    fc.assert(
      fc.property(
        fc.array(edit, { maxLength: 60 }),
        fc.integer({ min: 1, max: 8 }),
        fc.constantFrom(undefined, 10_000),
        (edits, maxSnapshots, windowMs) => {
          const { clock, detector } = setUp({ maxSnapshots, windowMs });
          const hash = createTextHash();
          const past: { readonly text: string; readonly leftAt: number }[] = [];
          let current = '';
          detector.reset(hash(current));
          for (const { text, ms } of edits) {
            clock.pass(ms);
            const earlier = past.slice(-maxSnapshots).findLast((state) => state.text === text);
            const age = earlier === undefined ? null : clock.now() - earlier.leftAt;
            const expected = text === current || age === null || age > (windowMs ?? 30_000) ? null : age;
            expect(detector.onEdit(hash(text))).toBe(expected);
            if (text !== current) past.push({ text: current, leftAt: clock.now() });
            current = text;
          }
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
