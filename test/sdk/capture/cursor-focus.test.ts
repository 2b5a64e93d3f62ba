import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type CursorFocus, CursorFocusTracker } from '../../../src/sdk/capture/index.js';
import { ManualClock } from './manual-clock.js';

const line = (lineNumber: number) => ({ lineStart: lineNumber, lineEnd: lineNumber });

function setUp(minDwellMs?: number) {
  const clock = new ManualClock();
  const seen: CursorFocus[] = [];
  const tracker = new CursorFocusTracker({
    onFocus: (focus) => seen.push(focus),
    minDwellMs,
    now: () => clock.now(),
  });
  return { clock, seen, tracker };
}

it('tells of a region when it is left after 200 ms, in whole milliseconds', () => {
  const { clock, seen, tracker } = setUp();
  tracker.move(line(1));
  clock.pass(251.9);
  tracker.move(line(2));
  expect(seen).toEqual([{ lineStart: 1, lineEnd: 1, durationMs: 251 }]);
  clock.pass(199.9);
  tracker.move(line(3));
  clock.pass(200);
  tracker.move(line(4));
  expect(seen.slice(1)).toEqual([{ lineStart: 3, lineEnd: 3, durationMs: 200 }]);
});

it('takes moves within a region for one visit; file and function make another region', () => {
  const { clock, seen, tracker } = setUp();
  for (const region of [
    { ...line(1), file: 'a.ts', function: 'one' },
    { ...line(1), file: 'a.ts', function: 'one' },
    { ...line(1), file: 'a.ts', function: 'two' },
    { ...line(1), file: 'b.ts', function: 'two' },
    { lineStart: 1, lineEnd: 2, file: 'b.ts', function: 'two' },
    { lineStart: 2, lineEnd: 2, file: 'b.ts', function: 'two' },
  ]) {
    tracker.move(region);
    clock.pass(300);
  }
  tracker.flush();
  expect(seen.map(({ durationMs }) => durationMs)).toEqual([600, 300, 300, 300, 300]);
  expect(seen[0]).toEqual({ ...line(1), file: 'a.ts', function: 'one', durationMs: 600 });
});

it('tells of the last visit on flush, once, and counts afresh afterwards', () => {
  const { clock, seen, tracker } = setUp();
  tracker.flush();
  tracker.move(line(1));
  clock.pass(500);
  tracker.flush();
  clock.pass(5_000);
  tracker.flush();
  tracker.move(line(1));
  clock.pass(250);
  tracker.flush();
  expect(seen.map(({ durationMs }) => durationMs)).toEqual([500, 250]);
});

it('is in the next region already when a report throws', () => {
  const clock = new ManualClock();
  let reports = 0;
  const tracker = new CursorFocusTracker({
    now: () => clock.now(),
    onFocus() {
      reports += 1;
      throw new Error('no');
    },
  });
  tracker.move(line(1));
  clock.pass(300);
  expect(() => tracker.move(line(2))).toThrow('no');
  clock.pass(100);
  tracker.flush();
  expect(reports).toBe(1);
});

it('works on the platform’s clock when it is given none', () => {
  const seen: CursorFocus[] = [];
  const tracker = new CursorFocusTracker({ onFocus: (focus) => seen.push(focus), minDwellMs: 0 });
  tracker.move(line(1));
  tracker.flush();
  expect(seen).toHaveLength(1);
  expect(Number.isInteger(seen[0]?.durationMs)).toBe(true);
});

const step = fc.oneof(
  fc.record({ kind: fc.constant('move' as const), lineNumber: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ kind: fc.constant('pass' as const), ms: fc.double({ min: 0, max: 1_000, noNaN: true }) }),
  fc.record({ kind: fc.constant('stepBack' as const), ms: fc.double({ min: 0, max: 5_000, noNaN: true }) }),
  fc.record({ kind: fc.constant('flush' as const) }),
);

it('never counts a moment twice or a negative one, whatever the clock does', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.constantFrom(0, 200), (steps, minDwellMs) => {
      const { clock, seen, tracker } = setUp(minDwellMs);
      let passed = 0;
      for (const next of steps) {
        if (next.kind === 'move') tracker.move(line(next.lineNumber));
        else if (next.kind === 'flush') tracker.flush();
        else if (next.kind === 'stepBack') clock.stepBack(next.ms);
        else {
          clock.pass(next.ms);
          passed += next.ms;
        }
      }
      tracker.flush();
      for (const { durationMs } of seen) {
        expect(Number.isSafeInteger(durationMs) && durationMs >= minDwellMs).toBe(true);
      }
      const sum = seen.reduce((total, { durationMs }) => total + durationMs, 0);
      expect(sum).toBeLessThanOrEqual(passed + 1e-6);
    }),
    { numRuns: 1_000 },
  );
});

it('loses nothing but short visits and fractions while the clock goes forward', () => {
  const visit = fc.record({ lineNumber: fc.integer(), ms: fc.integer({ min: 0, max: 2_000 }) });
  fc.assert(
    fc.property(fc.array(visit), (visits) => {
      const { clock, seen, tracker } = setUp(0);
      for (const { lineNumber, ms } of visits) {
        tracker.move(line(lineNumber));
        clock.pass(ms);
      }
      tracker.flush();
      const sum = seen.reduce((total, { durationMs }) => total + durationMs, 0);
      expect(sum).toBe(visits.reduce((total, { ms }) => total + ms, 0));
    }),
  );
});
