import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLedger, type TrackerProblem } from '../../src/client/ledger.js';
import { createOutbox, type OutboxDeps } from '../../src/client/outbox.js';
import type { Verdict } from '../../src/client/verdict.js';
import { createFakePlatform } from '../sdk/fake-page.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** What the far end said: of one event, or of all of a batch. */
type Said = Verdict | readonly Verdict[];

const accepted: Verdict = { stored: 'accepted', reason: 'bad_answer', outcome: 'final', waitMs: 0 };
const busy: Verdict = { reason: 'OVERLOADED', outcome: 'retry', waitMs: 0 };
const split: Verdict = { reason: 'http_413', outcome: 'split', waitMs: 0 };
const refused: Verdict = { reason: 'http_413', outcome: 'final', waitMs: 0 };
const retry: Verdict = { reason: 'network', outcome: 'retry', waitMs: 0 };
const retryIn = (waitMs: number): Verdict => ({ ...retry, waitMs });

interface Flight {
  readonly ids: readonly string[];
  readonly isExit: boolean;
  readonly isRetry: boolean;
  /** Brings the answer; without one every event is accepted. */
  land(said?: Said): Promise<void>;
}

/** An outbox whose flights land when the test says so. */
function setUp(options: Partial<OutboxDeps> = {}) {
  const flights: Flight[] = [];
  const done: string[] = [];
  const problems: TrackerProblem[] = [];
  const ledger = createLedger((problem) => problems.push({ ...problem }));
  const outbox = createOutbox({
    ...createFakePlatform({}, { fetch: () => Promise.reject(new TypeError('not used')) }),
    idleMs: Infinity,
    ledger,
    maxBytesInFlight: 60_000,
    maySend: () => true,
    onDone: (events) => done.push(...events.map(({ id }) => id)),
    sendBatch: (batch, { isExit, isRetry }) =>
      new Promise((resolve) => {
        flights.push({
          ids: batch.map(({ id }) => id),
          isExit,
          isRetry,
          async land(said = accepted) {
            resolve(Array.isArray(said) ? said : batch.map(() => said));
            await vi.advanceTimersByTimeAsync(0);
          },
        });
      }),
    ...options,
  });
  let pushed = 0;
  return {
    outbox,
    flights,
    done,
    ledger,
    problems,
    push(count: number) {
      for (let index = 0; index < count; index += 1) {
        pushed += 1;
        outbox.push({ id: `e${pushed}`, json: '{}', bytes: 2 });
      }
    },
    last(): Flight {
      const flight = flights.at(-1);
      if (flight === undefined) throw new Error('Nothing was sent.');
      return flight;
    },
    queued: () => outbox.pending().filter(({ inFlight }) => !inFlight),
    inFlight: () => outbox.pending().filter(({ inFlight }) => inFlight),
    sizes: () => flights.map(({ ids }) => ids.length),
  };
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const ids = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `e${from + index}`);

describe('the size of a batch', () => {
  it('is halved while the far end refuses it and doubled with every one that goes through', async () => {
    const { outbox, push, last, sizes, ledger, inFlight } = setUp({ maxBatch: 50 });
    push(200);
    outbox.schedule();
    await pass(0);
    await last().land(split);
    await last().land(split);
    for (let landed = 0; inFlight().length > 0 && landed < 20; landed += 1) await last().land();
    expect(sizes()).toEqual([50, 25, 12, 24, 48, 50, 50, 16]);
    expect(ledger.counts).toMatchObject({ accepted: 200, dropped: {} });
  });

  it('grows again after the one event that brought the refusal is out', async () => {
    const { outbox, push, last, sizes, ledger } = setUp({ maxBatch: 4 });
    push(8);
    outbox.scheduleNow();
    await pass(0);
    await last().land(split);
    await last().land(split);
    await last().land(refused);
    await last().land();
    await last().land();
    await last().land();
    expect(sizes()).toEqual([4, 2, 1, 2, 4, 1]);
    expect(ledger.counts).toMatchObject({ accepted: 7, dropped: { http_413: 1 } });
  });

  it('is done with what has its final answer, also with any number of attempts', async () => {
    const { outbox, push, last, sizes, ledger, done } = setUp({ maxAttempts: Infinity });
    push(4);
    outbox.scheduleNow();
    await pass(0);
    await last().land([accepted, refused, busy, busy]);
    expect(done).toEqual(['e1', 'e2']);
    await pass(1_000);
    await last().land();
    await pass(60_000);
    expect(sizes()).toEqual([4, 2]);
    expect(ledger.counts).toMatchObject({ accepted: 3, dropped: { http_413: 1 } });
  });

  it('tells the field and the rule of each verdict, of what is lost and of what comes again', async () => {
    const { outbox, push, last, problems } = setUp();
    push(4);
    outbox.scheduleNow();
    await pass(0);
    const invalid: Verdict = {
      ...refused,
      reason: 'INVALID_ROUTE',
      place: { field: '/route', rule: 'path' },
    };
    // An event that was stored without some of its properties is not lost.
    const cut: Verdict = { ...accepted, place: { field: '/properties/other', rule: 'unknown' } };
    await last().land([invalid, { ...busy, place: { field: '/appName', rule: 'app' } }, invalid, cut]);
    expect(problems).toEqual([
      { reason: 'INVALID_ROUTE', count: 2, willRetry: false, field: '/route', rule: 'path' },
      { reason: 'OVERLOADED', count: 1, willRetry: true, field: '/appName', rule: 'app' },
    ]);
  });

  it('is not an attempt when halved: each event keeps its attempts', async () => {
    const { outbox, push, last, ledger, inFlight } = setUp({ maxAttempts: 1 });
    push(16);
    outbox.scheduleNow();
    await pass(0);
    for (let halved = 0; halved < 4; halved += 1) await last().land(split);
    for (let landed = 0; inFlight().length > 0 && landed < 20; landed += 1) await last().land();
    expect(ledger.counts).toMatchObject({ accepted: 16, dropped: {} });
  });

  it('is bounded by the bytes that there is room for', async () => {
    const { outbox, flights } = setUp({ maxBytesInFlight: 1_000 });
    for (const [id, bytes] of [
      ['a', 400],
      ['b', 600],
      ['c', 1_000],
      ['d', 1],
    ] as const)
      outbox.push({ id, json: '{}', bytes });
    outbox.scheduleNow();
    await pass(0);
    // Exactly the room.
    expect(flights.map((flight) => flight.ids)).toEqual([['a', 'b']]);
    await flights[0]?.land();
    await pass(1);
    expect(flights[1]?.ids).toEqual(['c']);
  });

  it('is no reason for a small event to overtake a large one', async () => {
    const { outbox, flights } = setUp({ maxBytesInFlight: 1_000 });
    for (const [id, bytes] of [
      ['a', 400],
      ['b', 700],
      ['c', 1],
    ] as const)
      outbox.push({ id, json: '{}', bytes });
    outbox.scheduleNow();
    await pass(0);
    await flights[0]?.land();
    await pass(0);
    expect(flights.map((flight) => flight.ids)).toEqual([['a'], ['b', 'c']]);
  });
});

describe('the way out', () => {
  it.each([
    [1_617, 8],
    // 2 bytes each, and 200 for every request but the first.
    [1_618, 9],
  ])(
    'counts what every request weighs besides its events: %i bytes, %i requests',
    (maxBytesInFlight, most) => {
      const { outbox, push, flights, queued } = setUp({ maxBatch: 1, maxBytesInFlight });
      push(20);
      outbox.drain(true);
      expect(flights).toHaveLength(most);
      expect(queued()).toHaveLength(20 - most);
    },
  );

  it('counts also the requests of one way out before, while they are in flight', async () => {
    const { outbox, push, flights } = setUp({ maxBytesInFlight: 1_618 });
    for (let hidden = 0; hidden < 20; hidden += 1) {
      push(1);
      outbox.drain(true);
    }
    expect(flights).toHaveLength(9);
    await flights[0]?.land();
    outbox.drain(true);
    expect(flights).toHaveLength(10);
  });
});

describe('order', () => {
  it('is that of pushing again after flights have landed out of order', async () => {
    const { outbox, push, flights, last, queued } = setUp({ maxBatch: 2 });
    push(6);
    outbox.drain(true);
    expect(flights.map((flight) => flight.ids)).toEqual([ids(1, 2), ids(3, 4), ids(5, 6)]);
    push(1);
    await flights[2]?.land(retry);
    await flights[0]?.land(retry);
    await flights[1]?.land();
    expect(queued().map(({ id }) => id)).toEqual(['e1', 'e2', 'e5', 'e6', 'e7']);
    await pass(1_000);
    expect(last().ids).toEqual(['e1', 'e2']);
  });

  it('keeps one request in flight, except when drained', async () => {
    const { outbox, push, flights } = setUp({ flushAt: 2 });
    push(2);
    outbox.schedule();
    await pass(0);
    push(2);
    outbox.schedule();
    outbox.scheduleNow();
    await pass(60_000);
    expect(flights).toHaveLength(1);
    outbox.drain(true);
    expect(flights).toHaveLength(2);
  });

  it('keeps to one request in flight when a timer rings that was set before a drain', async () => {
    const { outbox, push, flights } = setUp({ flushAt: 2 });
    push(1);
    outbox.schedule();
    outbox.drain(true);
    push(2);
    outbox.schedule();
    await pass(60_000);
    expect(flights.map((flight) => flight.ids)).toEqual([['e1']]);
  });

  it('waits for all that was drained before it sends again', async () => {
    const { outbox, push, flights } = setUp({ maxBatch: 2, flushAt: 2 });
    push(4);
    outbox.drain(true);
    push(2);
    await flights[0]?.land();
    expect(outbox.sizes()).toEqual({ queued: 2, inFlight: 2 });
    await pass(60_000);
    expect(flights).toHaveLength(2);
    await flights[1]?.land();
    expect(flights[2]?.ids).toEqual(['e5', 'e6']);
  });

  it('puts back only what is to come again', async () => {
    const { outbox, push, last, done, queued } = setUp();
    push(3);
    outbox.scheduleNow();
    await pass(0);
    await last().land([accepted, busy, accepted]);
    expect(queued().map(({ id, attemptsLeft }) => [id, attemptsLeft])).toEqual([['e2', 9]]);
    expect(done).toEqual(['e1', 'e3']);
  });
});

describe('waiting', () => {
  it('ends when no event has come for idleMs, and not before', async () => {
    const { outbox, push, flights } = setUp({ idleMs: 2_000 });
    for (const quiet of [1_999, 1_500, 500]) {
      push(1);
      outbox.schedule();
      await pass(quiet);
    }
    await pass(1_499);
    expect(flights).toHaveLength(0);
    await pass(1);
    expect(flights.map((flight) => flight.ids)).toEqual([ids(1, 3)]);
  });

  it('ends after flushIntervalMs however steadily events come', async () => {
    const { outbox, push, flights } = setUp({ flushAt: 100, idleMs: 2_000 });
    for (let second = 0; second < 10; second += 1) {
      expect(flights).toHaveLength(0);
      push(1);
      outbox.schedule();
      await pass(1_000);
    }
    expect(flights.map((flight) => flight.ids)).toEqual([ids(1, 10)]);
  });

  it('arms no timer for every event', async () => {
    let armed = 0;
    const { later } = createFakePlatform({}, { fetch: () => Promise.reject(new TypeError('not used')) });
    const { outbox, push } = setUp({
      idleMs: 2_000,
      flushAt: 1_000,
      later(run, ms) {
        armed += 1;
        return later(run, ms);
      },
    });
    for (let count = 0; count < 500; count += 1) {
      push(1);
      outbox.schedule();
    }
    expect(armed).toBe(1);
  });

  it('an event pushed while a flushed batch is in flight waits for company of its own', async () => {
    const { outbox, push, flights, last } = setUp();
    push(1);
    void outbox.flush(60_000);
    await pass(3_000);
    push(1);
    outbox.schedule();
    await pass(3_000);
    await last().land();
    await pass(6_999);
    expect(flights).toHaveLength(1);
    await pass(1);
    expect(flights).toHaveLength(2);
  });

  it('an event pushed after a hurry that found nothing waits for company', async () => {
    const { outbox, push, flights } = setUp();
    await outbox.flush(60_000);
    push(1);
    outbox.schedule();
    await pass(9_999);
    expect(flights).toHaveLength(0);
    await pass(1);
    expect(flights).toHaveLength(1);
  });

  it('lasts as long as the longest wait that was asked for within a batch', async () => {
    const { outbox, push, flights, last } = setUp();
    push(3);
    outbox.scheduleNow();
    await pass(0);
    await last().land([retryIn(1_000), retryIn(5_000), retryIn(2_000)]);
    await pass(4_999);
    expect(flights).toHaveLength(1);
    await pass(1);
    expect(flights).toHaveLength(2);
  });

  it('begins from the shortest again once a request went through', async () => {
    const { outbox, push, flights, last } = setUp();
    push(1);
    outbox.scheduleNow();
    await pass(0);
    await last().land(retry);
    // Half of 500 ms, then half of 1,000.
    await pass(250);
    await last().land(retry);
    await pass(500);
    await last().land();
    push(1);
    outbox.scheduleNow();
    await pass(0);
    expect(flights.map(({ isRetry }) => isRetry)).toEqual([false, true, true, false]);
    await last().land(retry);
    await pass(249);
    expect(flights).toHaveLength(4);
    await pass(1);
    expect(flights).toHaveLength(5);
  });

  it('drain overrides a back-off when forced, and never a wait that was asked for', async () => {
    const { outbox, push, flights, last } = setUp();
    push(1);
    outbox.scheduleNow();
    await pass(0);
    await last().land(retry);
    outbox.drain(false);
    expect(flights).toHaveLength(1);
    outbox.drain(true);
    expect(flights).toHaveLength(2);
    await last().land(retryIn(5_000));
    outbox.drain(true);
    outbox.scheduleNow();
    await pass(4_999);
    expect(flights).toHaveLength(2);
    await pass(1);
    expect(flights).toHaveLength(3);
  });

  it('is what was asked for, also when another that was drained comes back with less', async () => {
    const { outbox, push, flights } = setUp({ maxBatch: 1 });
    push(3);
    outbox.drain(true);
    await flights[0]?.land(retryIn(60_000));
    await flights[1]?.land(retry);
    await flights[2]?.land(retryIn(1_000));
    outbox.drain(true);
    outbox.scheduleNow();
    await pass(59_999);
    expect(flights).toHaveLength(3);
    await pass(1);
    expect(flights).toHaveLength(4);
  });

  it('is for company again after what was to come again was discarded', async () => {
    const { outbox, push, flights, last } = setUp();
    push(1);
    outbox.scheduleNow();
    await pass(0);
    await last().land(retry);
    outbox.discard('consent_denied', true);
    await pass(60_000);
    push(1);
    outbox.schedule();
    await pass(9_999);
    expect(flights).toHaveLength(1);
    await pass(1);
    expect(flights).toHaveLength(2);
  });

  it('asks again at every flushIntervalMs whether it may send', async () => {
    let may = false;
    const { outbox, push, flights } = setUp({ maySend: () => may });
    push(10);
    outbox.schedule();
    await pass(25_000);
    expect(flights).toHaveLength(0);
    may = true;
    await pass(5_000);
    expect(flights).toHaveLength(1);
  });

  it('sets no timer for nothing when asking whether it may send has emptied it', async () => {
    const { outbox, push } = setUp({
      maySend() {
        outbox.discard('consent_denied', true);
        return false;
      },
    });
    push(1);
    outbox.schedule();
    await pass(10_000);
    expect(outbox.sizes()).toEqual({ queued: 0, inFlight: 0 });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('tells whoever sends that the last request failed', async () => {
    const { outbox, push, flights, last } = setUp();
    push(1);
    outbox.scheduleNow();
    await pass(0);
    await last().land(retry);
    await pass(1_000);
    expect(flights.map(({ isRetry }) => isRetry)).toEqual([false, true]);
  });
});

describe('taking events out', () => {
  it('discard leaves no half of a batch to be sent again', async () => {
    const { outbox, push, last, flights, ledger } = setUp();
    push(4);
    outbox.scheduleNow();
    await pass(0);
    outbox.discard('user_changed', false);
    await last().land(split);
    await pass(60_000);
    expect(flights).toHaveLength(1);
    expect(ledger.counts.dropped).toEqual({ http_413: 4 });
  });

  it('discard drops what is queued, and what is in flight when it comes back, for the reason it comes back with', async () => {
    const { outbox, push, last, ledger, done, queued } = setUp();
    push(4);
    outbox.scheduleNow();
    await pass(0);
    push(2);
    outbox.discard('consent_denied', true);
    expect(ledger.counts.dropped).toEqual({ consent_denied: 2 });
    expect(done).toEqual(['e5', 'e6']);
    push(1);
    await last().land([accepted, busy, accepted, busy]);
    expect(ledger.counts).toMatchObject({ accepted: 2, dropped: { consent_denied: 2, OVERLOADED: 2 } });
    expect(queued().map(({ id }) => id)).toEqual(['e7']);
    expect(done).toEqual(['e5', 'e6', 'e1', 'e2', 'e3', 'e4']);
  });

  it('discard does not touch what is sent after it', async () => {
    const { outbox, push, last, queued } = setUp();
    outbox.discard('user_changed', false);
    push(1);
    outbox.scheduleNow();
    await pass(0);
    await last().land(retry);
    expect(queued()).toHaveLength(1);
  });

  it('removeQueued takes out what matches and is not in flight, uncounted', async () => {
    const { outbox, push, last, ledger, queued, inFlight } = setUp();
    push(2);
    outbox.scheduleNow();
    await pass(0);
    push(3);
    const gone = outbox.removeQueued((event) => /e[14]/.test(event.id));
    expect(gone.map(({ id }) => id)).toEqual(['e4']);
    expect(queued().map(({ id }) => id)).toEqual(['e3', 'e5']);
    expect(inFlight()).toHaveLength(2);
    await last().land();
    expect(ledger.counts).toMatchObject({ accepted: 2, dropped: {} });
  });

  it('stop gives out what was not done with, and never sends again', async () => {
    const { outbox, push, last, flights, ledger } = setUp();
    push(2);
    outbox.scheduleNow();
    await pass(0);
    push(2);
    outbox.schedule();
    expect(outbox.stop().map(({ id }) => id)).toEqual(ids(1, 4));
    await last().land();
    push(20);
    outbox.scheduleNow();
    outbox.drain(true);
    await pass(60_000);
    expect(flights).toHaveLength(1);
    expect(ledger.counts).toMatchObject({ accepted: 0, dropped: {} });
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('flush', () => {
  it('resolves when what was pushed before is done with, whatever is pushed later', async () => {
    const { outbox, push, last } = setUp();
    const resolved: string[] = [];
    push(2);
    void outbox.flush(60_000).then(() => resolved.push('first'));
    await pass(0);
    push(1);
    void outbox.flush(60_000).then(() => resolved.push('second'));
    await last().land([accepted, busy]);
    expect(resolved).toEqual([]);
    await pass(1_000);
    await last().land([accepted, busy]);
    expect(resolved).toEqual(['first']);
    await pass(1_000);
    await last().land();
    expect(resolved).toEqual(['first', 'second']);
  });

  it('resolves when its events were discarded, removed, stopped or pushed out', async () => {
    for (const take of [
      (outbox: ReturnType<typeof createOutbox>) => outbox.discard('user_changed', false),
      (outbox: ReturnType<typeof createOutbox>) => outbox.removeQueued(() => true),
      (outbox: ReturnType<typeof createOutbox>) => outbox.stop(),
      (outbox: ReturnType<typeof createOutbox>) => outbox.push({ id: 'another', json: '{}', bytes: 2 }),
    ]) {
      const { outbox, push } = setUp({ maxQueue: 1 });
      push(1);
      const flushed = outbox.flush(60_000);
      take(outbox);
      await flushed;
    }
  });

  it('resolves at its deadline and leaves no timer of its own when it was in time', async () => {
    const { outbox, push, last, inFlight } = setUp();
    push(1);
    const flushed = outbox.flush(500);
    await pass(500);
    await flushed;
    expect(inFlight()).toHaveLength(1);
    const again = outbox.flush(60_000);
    await last().land();
    await again;
    expect(vi.getTimerCount()).toBe(0);
  });

  it('takes no timer when there is nothing to wait for', async () => {
    const { outbox } = setUp();
    await outbox.flush(60_000);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a full queue', () => {
  it.each([
    ['drop-oldest', ids(3, 5)],
    ['drop-newest', ids(1, 3)],
  ] as const)('with %s keeps the right events', (overflow, kept) => {
    const { push, ledger, done, queued } = setUp({ maxQueue: 3, overflow });
    push(5);
    expect(queued().map(({ id }) => id)).toEqual(kept);
    expect(ledger.counts.dropped).toEqual({ queue_full: 2 });
    expect(done).toHaveLength(2);
  });

  it('never gives up what is in flight', async () => {
    const { outbox, push, last, ledger, done } = setUp({ maxQueue: 3, maxBatch: 2 });
    push(3);
    outbox.scheduleNow();
    await pass(0);
    push(2);
    expect(done).toEqual(['e3', 'e4']);
    expect(outbox.sizes()).toEqual({ queued: 1, inFlight: 2 });
    await last().land();
    expect(ledger.counts).toMatchObject({ accepted: 2, dropped: { queue_full: 2 } });
  });
});
