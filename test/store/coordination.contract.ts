import { expect, it } from 'vitest';
import type { Coordination } from '../../src/domain/ports/index.js';
import type { StoreUnderTest } from '../support/database.js';

/** What every `Coordination` must do. */
export function coordinationContract(engine: StoreUnderTest<Coordination>): void {
  it('runs the work and hands back its value', async () => {
    expect(await engine.store().withLock('job', async () => 42)).toEqual({ ran: true, value: 42 });
  });

  it('lets nobody else in meanwhile, and does not wait', async () => {
    const inner = await engine
      .store()
      .withLock('job', () => engine.store().withLock('job', async () => 'never'));
    expect(inner).toEqual({ ran: true, value: { ran: false } });
  });

  it('keeps names apart', async () => {
    const inner = await engine
      .store()
      .withLock('one', () => engine.store().withLock('two', async () => 'both'));
    expect(inner).toEqual({ ran: true, value: { ran: true, value: 'both' } });
  });

  it('lets go after work that throws, and passes the error on', async () => {
    const work = () => engine.store().withLock('job', () => Promise.reject(new Error('the work failed')));
    await expect(work()).rejects.toThrow('the work failed');
    expect(await engine.store().withLock('job', async () => 'again')).toEqual({ ran: true, value: 'again' });
  });

  it('tells the time of a clock of its own, if it has one', async () => {
    const began = Date.now();
    const theirs = (await engine.store().now())?.getTime() ?? began;
    expect(Math.abs(theirs - began)).toBeLessThan(60_000);
  });
}
