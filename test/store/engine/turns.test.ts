import { describe, expect, it } from 'vitest';
import { createTurns } from '../../../src/store/engine/turns.js';

/** Work that ends when it is told to. */
function held() {
  const ends: (() => void)[] = [];
  let most = 0;
  let running = 0;
  const work = async (): Promise<string> => {
    running += 1;
    most = Math.max(most, running);
    await new Promise<void>((resolve) => ends.push(resolve));
    running -= 1;
    return 'done';
  };
  const endAll = async (): Promise<void> => {
    for (let rounds = 0; rounds < 100; rounds += 1) {
      ends.splice(0).forEach((end) => void end());
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { work, endAll, most: () => most };
}

describe('turns', () => {
  it('lets no more run at once than it may, and all of them in the end', async () => {
    const { work, endAll, most } = held();
    const inTurn = createTurns({ atOnce: 2, waiting: 60, waitMs: 10_000 });
    const all = Array.from({ length: 60 }, () => inTurn(work));
    await endAll();
    expect(await Promise.all(all)).toEqual(all.map(() => 'done'));
    expect(most()).toBe(2);
  });

  it('refuses with words what waits too long or comes when too many wait', async () => {
    const { work, endAll } = held();
    const inTurn = createTurns({ atOnce: 1, waiting: 1, waitMs: 20 });
    const first = inTurn(work);
    const waits = inTurn(work);
    await expect(inTurn(work)).rejects.toMatchObject({ reason: { code: 'store_busy' } });
    await expect(waits).rejects.toMatchObject({ reason: { code: 'store_busy' } });
    await endAll();
    expect(await first).toBe('done');
    const next = inTurn(work);
    await endAll();
    expect(await next).toBe('done');
  });

  it('gives the turn on after work that fails', async () => {
    const inTurn = createTurns({ atOnce: 1, waiting: 1, waitMs: 1_000 });
    await expect(inTurn(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await inTurn(async () => 'yes')).toBe('yes');
  });
});
