import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createTracker, type Tracker } from '../../src/node-client/index.js';
import { type Behaviour, createFakeSignals } from './fake-signals.js';

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-03-01T12:00:00Z') });
});
afterEach(() => {
  vi.useRealTimers();
});

const verdict = fc.constantFrom(
  { status: 'ACCEPTED', reason: null, retryAfterMs: null } as const,
  { status: 'DUPLICATE', reason: null, retryAfterMs: null } as const,
  { status: 'DROPPED', reason: 'RATE_LIMITED', retryAfterMs: 1_500 } as const,
  { status: 'DROPPED', reason: 'OVERLOADED', retryAfterMs: null } as const,
  { status: 'DROPPED', reason: 'BOT', retryAfterMs: null } as const,
  { status: 'REJECTED', reason: 'PII_VALUE', retryAfterMs: null } as const,
);

const behaviour: fc.Arbitrary<Behaviour> = fc.oneof(
  fc.constant<Behaviour>({ kind: 'store' }),
  fc.constant<Behaviour>({ kind: 'store-and-lose-the-answer' }),
  fc.constant<Behaviour>({ kind: 'network-error' }),
  fc.constant<Behaviour>({ kind: 'throw-at-once' }),
  fc.constant<Behaviour>({ kind: 'hang' }),
  fc
    .constantFrom('', '<html>', 'null', '[]', '{"results":[null]}', '{"results":"x"}')
    .map((text): Behaviour => ({ kind: 'garbage', text })),
  fc
    .record({
      status: fc.constantFrom(301, 400, 401, 404, 408, 413, 413, 425, 429, 500, 503),
      retryAfter: fc.constantFrom('0', '3', 'Sun, 01 Mar 2026 12:00:20 GMT', '999999999999', 'soon'),
    })
    .map((fault): Behaviour => ({ kind: 'status', ...fault })),
  fc
    .array(verdict, { minLength: 1, maxLength: 5 })
    .map((verdicts): Behaviour => ({ kind: 'mixed', verdicts })),
);

type Step =
  | { readonly kind: 'track'; readonly count: number; readonly hostile: boolean }
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'flush' };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc
    .record({ count: fc.integer({ min: 1, max: 40 }), hostile: fc.boolean() })
    .map((choice): Step => ({ kind: 'track', ...choice })),
  fc.integer({ min: 0, max: 4_000 }).map((ms): Step => ({ kind: 'pass', ms })),
  fc.constant<Step>({ kind: 'flush' }),
);

function expectConservation(tracker: Tracker, tracked: number): void {
  const stats = tracker.stats();
  const dropped = Object.values(stats.dropped).reduce((sum, count) => sum + count, 0);
  expect(stats.tracked).toBe(tracked);
  expect(stats.accepted + stats.duplicates + dropped + stats.queued + stats.inFlight).toBe(tracked);
}

it('tracked = accepted + duplicates + dropped + queued + inFlight, whatever the far end does', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(behaviour, { maxLength: 25 }),
      fc.array(step, { minLength: 1, maxLength: 25 }),
      fc.record({
        flushAt: fc.integer({ min: 1, max: 60 }),
        maxQueue: fc.integer({ min: 1, max: 120 }),
        maxAttempts: fc.integer({ min: 1, max: 4 }),
        overflow: fc.constantFrom('drop-oldest', 'drop-newest'),
      }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      fc.integer({ min: 0, max: 20_000 }),
      async (plan, steps, options, jitter, closeMs) => {
        const signals = createFakeSignals(plan);
        const tracker = createTracker({
          endpoint: 'https://signals.example.org',
          token: 't',
          appName: 'web',
          timeoutMs: 2_000,
          fetch: signals.fetch,
          random: () => jitter,
          ...options,
        });
        let tracked = 0;
        const flushes: Promise<void>[] = [];
        for (const next of steps) {
          if (next.kind === 'flush') flushes.push(tracker.flush());
          for (let count = 0; next.kind === 'track' && count < next.count; count += 1) {
            tracker.track('page_viewed', next.hostile ? ({ occurredAt: {} } as never) : {});
            tracked += 1;
            expectConservation(tracker, tracked);
          }
          const passes = next.kind === 'pass' ? next.ms : 0;
          for (let ms = 0; ms <= passes; ms += 500) {
            await vi.advanceTimersByTimeAsync(Math.min(500, passes - ms));
            expectConservation(tracker, tracked);
            expect(tracker.stats().queued + tracker.stats().inFlight).toBeLessThanOrEqual(options.maxQueue);
          }
        }
        const closed = tracker.close({ timeoutMs: closeMs });
        await vi.advanceTimersByTimeAsync(closeMs);
        await Promise.all([closed, ...flushes]);
        expectConservation(tracker, tracked);
        const stats = tracker.stats();
        expect(stats).toMatchObject({ queued: 0, inFlight: 0 });
        expect(stats.accepted).toBeLessThanOrEqual(signals.stored.size);
        expect(signals.mostOpen()).toBeLessThanOrEqual(1);
        expect(vi.getTimerCount()).toBe(0);
      },
    ),
    { numRuns: 300 },
  );
});

it('loses nothing at all when the faults pass and the queue is large enough', async () => {
  const passing = behaviour.filter(
    (fault) =>
      fault.kind !== 'mixed' &&
      fault.kind !== 'garbage' &&
      (fault.kind !== 'status' || fault.status === 413 || fault.status === 429 || fault.status >= 500),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(passing, { maxLength: 6 }),
      fc.integer({ min: 100, max: 500 }),
      async (plan, count) => {
        const signals = createFakeSignals(plan);
        const tracker = createTracker({
          endpoint: 'https://signals.example.org',
          token: 't',
          appName: 'web',
          maxAttempts: 10,
          fetch: signals.fetch,
        });
        for (let index = 0; index < count; index += 1) tracker.track('page_viewed');
        const flushed = tracker.flush();
        await vi.advanceTimersByTimeAsync(8 * 3_600_000);
        await flushed;
        const { accepted, duplicates } = tracker.stats();
        expect(accepted + duplicates).toBe(count);
        expect(signals.stored.size).toBe(count);
      },
    ),
    { numRuns: 100 },
  );
});
