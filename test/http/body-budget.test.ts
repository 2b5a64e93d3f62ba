import { expect, it } from 'vitest';
import { createBodyBudget } from '../../src/http/body-budget.js';
import { createBodyBytes } from '../../src/http/body-bytes.js';

function open() {
  const time = { now: 0 };
  const dropped: string[] = [];
  const budget = createBodyBudget({
    bytes: { vouched: 100, unvouched: 50 },
    slowMs: 1_000,
    elapsedMs: () => time.now,
  });
  const claim = (pool: 'vouched' | 'unvouched', name: string) => budget.claim(pool, () => dropped.push(name));
  return { time, dropped, budget, claim };
}

it('no more is taken than there is room for, and room is given back once', () => {
  const { budget, claim } = open();
  const [one, two] = [claim('vouched', 'one'), claim('vouched', 'two')];
  expect([one.take(60), two.take(41), two.take(40)]).toEqual([true, false, true]);
  expect(budget.used('vouched')).toBe(100);
  one.release();
  one.release();
  expect([budget.used('vouched'), one.take(1)]).toEqual([40, false]);
});

it('bodies of unknown senders take no room of the others', () => {
  const { claim } = open();
  expect(claim('unvouched', 'stranger').take(50)).toBe(true);
  expect(claim('unvouched', 'stranger').take(1)).toBe(false);
  expect(claim('vouched', 'known').take(100)).toBe(true);
});

it('a body whose sender is known now moves, where there is room', () => {
  const { budget, claim } = open();
  const [one, two] = [claim('unvouched', 'one'), claim('vouched', 'two')];
  one.take(50);
  two.take(60);
  expect(one.vouch()).toBe(false);
  two.release();
  expect([one.vouch(), one.vouch(), budget.used('unvouched'), budget.used('vouched')]).toEqual([
    true,
    true,
    0,
    50,
  ]);
});

it('a body that arrives slowly gives way, the oldest first; one that is complete does not', () => {
  const { time, dropped, claim } = open();
  const [complete, slow, slower] = [
    claim('unvouched', 'complete'),
    claim('unvouched', 'slow'),
    claim('unvouched', 'later'),
  ];
  complete.take(10);
  complete.arrived();
  slow.take(20);
  slower.take(20);
  const newcomer = claim('unvouched', 'newcomer');
  expect([newcomer.take(5), dropped]).toEqual([false, []]);
  time.now = 1_001;
  const another = claim('unvouched', 'another');
  expect([another.take(15), dropped]).toEqual([true, ['slow']]);
  expect([another.take(30), another.take(50), dropped]).toEqual([
    false,
    false,
    ['slow', 'later', 'newcomer'],
  ]);
  expect(slow.take(1)).toBe(false);
});

it('a body in pieces of one byte takes no more than twice its size', () => {
  const bytes = createBodyBytes(1_000);
  let taken = 0;
  for (const byte of Buffer.from('é'.repeat(400))) {
    taken += bytes.growthFor(1);
    bytes.add(Buffer.of(byte));
  }
  expect(bytes.text()).toBe('é'.repeat(400));
  expect(taken).toBeLessThanOrEqual(1_000);
});
