import { expect, it } from 'vitest';
import { createFlushPolicy } from '../../src/client/flush-policy.js';

it('waits for idleMs after the last event, and no longer than flushIntervalMs after the first', () => {
  const policy = createFlushPolicy({ flushAt: 10, flushIntervalMs: 5_000, idleMs: 2_000 });
  policy.added(1_000, true);
  expect(policy.dueAt(1)).toBe(3_000);
  policy.added(2_500, false);
  expect(policy.dueAt(2)).toBe(4_500);
  policy.added(4_400, false);
  expect(policy.dueAt(3)).toBe(6_000);
});

it('does not wait at flushAt events', () => {
  const policy = createFlushPolicy({ flushAt: 3 });
  policy.added(1_000, true);
  expect(policy.dueAt(2)).toBeGreaterThan(1_000);
  expect(policy.dueAt(3)).toBe(0);
});

it('does not wait once it was expedited, until a first event is queued again', () => {
  const policy = createFlushPolicy({ flushIntervalMs: 5_000, idleMs: Infinity });
  policy.added(1_000, true);
  policy.expedite();
  expect(policy.dueAt(1)).toBe(0);
  policy.added(1_500, false);
  expect(policy.dueAt(2)).toBe(0);
  policy.added(2_000, true);
  expect(policy.dueAt(1)).toBe(7_000);
});
