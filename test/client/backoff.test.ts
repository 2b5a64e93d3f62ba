import { expect, it } from 'vitest';
import { createBackoff } from '../../src/client/backoff.js';

function setUp(random = 0.5) {
  const clock = { now: 1_000 };
  const backoff = createBackoff({ monotonicNow: () => clock.now, random: () => random });
  return { backoff, clock };
}

it('asks for no wait as long as nothing failed', () => {
  const { backoff } = setUp();
  expect([backoff.retryAt(), backoff.serverRetryAt(), backoff.isFailing()]).toEqual([0, 0, false]);
});

it('spreads a wait below a ceiling that doubles from 500 ms to 30 s', () => {
  const { backoff, clock } = setUp(0.5);
  const waits = Array.from({ length: 9 }, () => {
    backoff.failed(0);
    return backoff.retryAt() - clock.now;
  });
  expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
});

it('begins from the shortest again after a success', () => {
  const { backoff, clock } = setUp(0.5);
  for (let failure = 0; failure < 5; failure += 1) backoff.failed(0);
  expect(backoff.isFailing()).toBe(true);
  backoff.succeeded();
  expect(backoff.isFailing()).toBe(false);
  clock.now += 60_000;
  backoff.failed(0);
  expect(backoff.retryAt()).toBe(clock.now + 250);
});

it('is never sooner than the far end asked for, and keeps its word apart', () => {
  const { backoff, clock } = setUp(0.5);
  backoff.failed(5_000);
  expect(backoff.retryAt()).toBe(clock.now + 5_000);
  expect(backoff.serverRetryAt()).toBe(clock.now + 5_000);
  // Another answer, to a request of the same time, asks for less.
  backoff.failed(0);
  expect(backoff.retryAt()).toBe(clock.now + 5_000);
  expect(backoff.serverRetryAt()).toBe(clock.now + 5_000);
});

it('takes our own wait where that is the longer one', () => {
  const { backoff, clock } = setUp(0.5);
  for (let failure = 0; failure < 7; failure += 1) backoff.failed(100);
  expect(backoff.retryAt()).toBe(clock.now + 15_000);
  expect(backoff.serverRetryAt()).toBe(clock.now + 100);
});
