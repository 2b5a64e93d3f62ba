import { expect, it } from 'vitest';
import type { QueuedEvent } from '../../src/client/event.js';
import { createWaiters } from '../../src/client/waiters.js';

const event = (id: string): QueuedEvent => ({ id, json: '{}', bytes: 2, attemptsLeft: 1, inFlight: false });
const [a, b] = [event('a'), event('b')];

/** Timers that ring when the test says so. */
function setUp() {
  const timers = new Set<() => void>();
  const waiters = createWaiters((run) => {
    timers.add(run);
    return () => timers.delete(run);
  });
  const resolved: string[] = [];
  const wait = (name: string, events: readonly QueuedEvent[]) =>
    waiters.wait(events, 1_000).then(() => resolved.push(name));
  return { waiters, timers, resolved, wait };
}

it('resolves when the last event is gone, each by itself, and leaves no timer', async () => {
  const { waiters, timers, resolved, wait } = setUp();
  const waits = [wait('a', [a]), wait('both', [a, b])];
  waiters.check([a, b]);
  waiters.check([b]);
  await waits[0];
  expect(resolved).toEqual(['a']);
  expect(timers.size).toBe(1);
  waiters.check([]);
  await Promise.all(waits);
  expect(resolved).toEqual(['a', 'both']);
  expect(timers.size).toBe(0);
});

it('goes by the event and not by its id: the same id can be queued twice', async () => {
  const { waiters, resolved, wait } = setUp();
  const waited = wait('the first', [a]);
  waiters.check([event('a')]);
  await waited;
  expect(resolved).toEqual(['the first']);
});

it('resolves at its deadline, and is forgotten then', async () => {
  const { waiters, timers, resolved, wait } = setUp();
  const waited = wait('late', [a]);
  for (const ring of timers) ring();
  await waited;
  expect(resolved).toEqual(['late']);
  waiters.check([]);
  expect(resolved).toEqual(['late']);
});

it('resolves at once for no events, without a timer', async () => {
  const { timers, wait } = setUp();
  await wait('nothing', []);
  expect(timers.size).toBe(0);
});
