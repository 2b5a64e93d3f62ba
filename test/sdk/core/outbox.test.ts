import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLedger } from '../../../src/sdk/core/ledger.js';
import { createOutbox, isQueued, type OutboxDeps } from '../../../src/sdk/core/outbox.js';
import type { ItemVerdict, Outcome } from '../../../src/sdk/core/verdict.js';
import { createFakePlatform } from '../fake-page.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const accepted: ItemVerdict = { status: 'ACCEPTED', reason: null, retryable: false, retryAfterMs: null };
const busy: ItemVerdict = { status: 'DROPPED', reason: 'OVERLOADED', retryable: true, retryAfterMs: null };
const answered = (...items: readonly ItemVerdict[]): Outcome => ({
  kind: 'answered',
  items,
  reason: null,
  retryAfterMs: null,
});
const split: Outcome = { kind: 'split', items: null, reason: 'http_413', retryAfterMs: null };
const retry: Outcome = { kind: 'retry', items: null, reason: 'network', retryAfterMs: null };
const retryIn = (retryAfterMs: number): Outcome => ({ ...retry, retryAfterMs });

interface Flight {
  readonly ids: readonly string[];
  readonly exit: boolean;
  readonly again: boolean;
  /** Brings the answer; without one every event is accepted. */
  land(outcome?: Outcome): Promise<void>;
}

/** An outbox whose flights land when the test says so. */
function setUp(options: Partial<OutboxDeps> = {}) {
  const flights: Flight[] = [];
  const done: string[] = [];
  const ledger = createLedger(undefined);
  const outbox = createOutbox({
    ...createFakePlatform({}, { fetch: () => Promise.reject(new TypeError('not used')) }),
    flushAt: 10,
    flushIntervalMs: 10_000,
    maxAttempts: 10,
    maxBatch: 50,
    maxQueue: 1_000,
    overflow: 'drop-oldest',
    ledger,
    room: () => 60_000,
    maySend: () => true,
    onDone: (events) => done.push(...events.map(({ id }) => id)),
    post: (batch, exit, again) =>
      new Promise((resolve) => {
        flights.push({
          ids: batch.map(({ id }) => id),
          exit,
          again,
          async land(outcome = answered(...batch.map(() => accepted))) {
            resolve(outcome);
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
    push(count: number) {
      for (let index = 0; index < count; index += 1) {
        pushed += 1;
        outbox.push(`e${pushed}`, '{}', 2);
      }
    },
    last(): Flight {
      const flight = flights.at(-1);
      if (flight === undefined) throw new Error('Nothing was sent.');
      return flight;
    },
    queued: () => outbox.events().filter(isQueued),
    inFlight: () => outbox.events().filter((event) => !isQueued(event)),
    sizes: () => flights.map(({ ids }) => ids.length),
  };
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const ids = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `e${from + index}`);

describe('the size of a batch', () => {
  it('is halved while the far end refuses it and doubled with every one that goes through', async () => {
    const { outbox, push, last, sizes, ledger, inFlight } = setUp({ maxBatch: 40 });
    push(200);
    outbox.wake();
    await pass(0);
    await last().land(split);
    await last().land(split);
    for (let landed = 0; inFlight().length > 0 && landed < 20; landed += 1) await last().land();
    expect(sizes()).toEqual([40, 20, 10, 20, 40, 40, 40, 40, 10]);
    expect(ledger.counts).toMatchObject({ accepted: 200, dropped: {} });
  });

  it('grows again after the one event that brought the refusal is out', async () => {
    const { outbox, push, last, sizes, ledger } = setUp({ maxBatch: 4 });
    push(8);
    outbox.hurry();
    await pass(0);
    await last().land(split);
    await last().land(split);
    await last().land(split);
    await last().land();
    await last().land();
    await last().land();
    expect(sizes()).toEqual([4, 2, 1, 2, 4, 1]);
    expect(ledger.counts).toMatchObject({ accepted: 7, dropped: { http_413: 1 } });
  });

  it('is not an attempt when halved: each event keeps its chances', async () => {
    const { outbox, push, last, ledger, inFlight } = setUp({ maxAttempts: 1 });
    push(16);
    outbox.hurry();
    await pass(0);
    for (let halved = 0; halved < 4; halved += 1) await last().land(split);
    for (let landed = 0; inFlight().length > 0 && landed < 20; landed += 1) await last().land();
    expect(ledger.counts).toMatchObject({ accepted: 16, dropped: {} });
  });

  it('is bounded by the bytes that there is room for', async () => {
    const { outbox, flights } = setUp({ room: () => 1_000 });
    for (const [id, bytes] of [
      ['a', 400],
      ['b', 598],
      ['c', 999],
      ['d', 1],
    ] as const)
      outbox.push(id, '{}', bytes);
    outbox.hurry();
    await pass(0);
    // Each with the comma that follows it: 401 + 599 is exactly the room.
    expect(flights.map((flight) => flight.ids)).toEqual([['a', 'b']]);
    await flights[0]?.land();
    await pass(1);
    expect(flights[1]?.ids).toEqual(['c']);
  });

  it('is at most 10 after 3 failures in a row, to see whether the far end is back', async () => {
    const { outbox, push, last, sizes } = setUp();
    push(60);
    outbox.hurry();
    await pass(0);
    for (let failure = 0; failure < 4; failure += 1) {
      await last().land(retry);
      await pass(30_000);
    }
    expect(sizes()).toEqual([50, 50, 50, 10, 10]);
    await last().land();
    await pass(1);
    expect(last().ids).toHaveLength(50);
  });

  it('is not a probe when the page is being left', async () => {
    const { outbox, push, last, sizes } = setUp();
    push(50);
    outbox.hurry();
    await pass(0);
    for (let failure = 0; failure < 3; failure += 1) {
      await last().land(retry);
      if (failure < 2) await pass(30_000);
    }
    outbox.drain(true);
    expect(sizes()).toEqual([50, 50, 50, 50]);
    expect(last().exit).toBe(true);
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
    outbox.wake();
    await pass(0);
    push(2);
    outbox.wake();
    outbox.hurry();
    await pass(60_000);
    expect(flights).toHaveLength(1);
    outbox.drain(true);
    expect(flights).toHaveLength(2);
  });

  it('puts back only what is to come again', async () => {
    const { outbox, push, last, done, queued } = setUp();
    push(3);
    outbox.hurry();
    await pass(0);
    await last().land(answered(accepted, busy, accepted));
    expect(queued().map(({ id, attempts }) => [id, attempts])).toEqual([['e2', 1]]);
    expect(done).toEqual(['e1', 'e3']);
  });
});

describe('waiting', () => {
  it('an event pushed while a flushed batch is in flight waits for company of its own', async () => {
    const { outbox, push, flights, last } = setUp();
    push(1);
    void outbox.flush();
    await pass(0);
    push(1);
    outbox.wake();
    await last().land();
    await pass(9_999);
    expect(flights).toHaveLength(1);
    await pass(1);
    expect(flights).toHaveLength(2);
  });

  it('drain overrides a back-off when forced, and never a wait that was asked for', async () => {
    const { outbox, push, flights, last } = setUp();
    push(1);
    outbox.hurry();
    await pass(0);
    await last().land(retry);
    outbox.drain(false);
    expect(flights).toHaveLength(1);
    outbox.drain(true);
    expect(flights).toHaveLength(2);
    await last().land(retryIn(5_000));
    outbox.drain(true);
    outbox.hurry();
    await pass(4_999);
    expect(flights).toHaveLength(2);
    await pass(1);
    expect(flights).toHaveLength(3);
  });

  it('resume ends a back-off within the spread, and never a wait that was asked for', async () => {
    const { outbox, push, flights, last } = setUp({ random: () => 0.999 });
    push(1);
    outbox.hurry();
    for (let failure = 0; failure < 8; failure += 1) {
      await pass(30_000);
      await last().land(retry);
    }
    await pass(100);
    outbox.resume(3_000);
    await pass(2_996);
    expect(flights).toHaveLength(8);
    await pass(1);
    expect(flights).toHaveLength(9);
    await last().land(retryIn(60_000));
    outbox.resume(3_000);
    await pass(59_999);
    expect(flights).toHaveLength(9);
    await pass(1);
    expect(flights).toHaveLength(10);
  });

  it('asks again at every flushIntervalMs whether it may send', async () => {
    let may = false;
    const { outbox, push, flights } = setUp({ maySend: () => may });
    push(10);
    outbox.wake();
    await pass(25_000);
    expect(flights).toHaveLength(0);
    may = true;
    await pass(5_000);
    expect(flights).toHaveLength(1);
  });

  it('tells post that the last try failed', async () => {
    const { outbox, push, flights, last } = setUp();
    push(1);
    outbox.hurry();
    await pass(0);
    await last().land(retry);
    await pass(1_000);
    expect(flights.map(({ again }) => again)).toEqual([false, true]);
  });
});

describe('taking events out', () => {
  it('discard drops what is queued at once and what is in flight when it comes back', async () => {
    const { outbox, push, last, ledger, done, queued } = setUp();
    push(4);
    outbox.hurry();
    await pass(0);
    push(2);
    outbox.discard('consent_denied', true);
    expect(ledger.counts.dropped).toEqual({ consent_denied: 2 });
    expect(done).toEqual(['e5', 'e6']);
    push(1);
    await last().land(answered(accepted, busy, accepted, busy));
    expect(ledger.counts).toMatchObject({ accepted: 2, dropped: { consent_denied: 4 } });
    expect(queued().map(({ id }) => id)).toEqual(['e7']);
    expect(done).toEqual(['e5', 'e6', 'e1', 'e2', 'e3', 'e4']);
  });

  it('discard does not touch what is sent after it', async () => {
    const { outbox, push, last, queued } = setUp();
    outbox.discard('user_changed', false);
    push(1);
    outbox.hurry();
    await pass(0);
    await last().land(retry);
    expect(queued()).toHaveLength(1);
  });

  it('remove takes what matches out of the queue, uncounted, and leaves flights alone', async () => {
    const { outbox, push, last, ledger, queued, inFlight } = setUp();
    push(2);
    outbox.hurry();
    await pass(0);
    push(3);
    const gone = outbox.remove(({ id }) => id === 'e1' || id === 'e4');
    expect(gone.map(({ id }) => id)).toEqual(['e4']);
    expect(queued().map(({ id }) => id)).toEqual(['e3', 'e5']);
    expect(inFlight()).toHaveLength(2);
    await last().land();
    expect(ledger.counts).toMatchObject({ accepted: 2, dropped: {} });
  });

  it('stop gives out what was not done with, and never sends again', async () => {
    const { outbox, push, last, flights, ledger } = setUp();
    push(2);
    outbox.hurry();
    await pass(0);
    push(2);
    outbox.wake();
    expect(outbox.stop().map(({ id }) => id)).toEqual(ids(1, 4));
    await last().land();
    push(20);
    outbox.hurry();
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
    void outbox.flush().then(() => resolved.push('first'));
    await pass(0);
    push(1);
    void outbox.flush().then(() => resolved.push('second'));
    await last().land(answered(accepted, busy));
    expect(resolved).toEqual([]);
    await pass(1_000);
    await last().land(answered(accepted, busy));
    expect(resolved).toEqual(['first']);
    await pass(1_000);
    await last().land();
    expect(resolved).toEqual(['first', 'second']);
  });

  it('resolves when its events were discarded, removed, stopped or pushed out', async () => {
    for (const take of [
      (outbox: ReturnType<typeof createOutbox>) => outbox.discard('user_changed', false),
      (outbox: ReturnType<typeof createOutbox>) => outbox.remove(() => true),
      (outbox: ReturnType<typeof createOutbox>) => outbox.stop(),
      (outbox: ReturnType<typeof createOutbox>) => outbox.push('another', '{}', 2),
    ]) {
      const { outbox, push } = setUp({ maxQueue: 1 });
      push(1);
      const flushed = outbox.flush();
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
});
