import { expect, it } from 'vitest';
import type { EventRetention } from '../../src/domain/ports/index.js';
import type { StoreUnderTest } from '../support/database.js';
import { anonymousEvent, anonymousEvents, byId } from '../support/events.js';

const day = 86_400_000;
const cutoff = new Date('2026-06-01T00:00:00.000Z');
const at = (offsetMs: number): Date => new Date(cutoff.getTime() + offsetMs);

/** What every `EventRetention` must do. */
export function eventRetentionContract(engine: StoreUnderTest<EventRetention>): void {
  it('counts and deletes what was created before the cut-off, and not a millisecond more', async () => {
    const offsets = [-day, -1, 0, 1, day];
    const events = offsets.map((offset) =>
      anonymousEvent({ createdAt: at(offset), occurredAt: at(-2 * day) }),
    );
    await engine.fill(events);
    expect(await engine.store().countBefore(cutoff)).toBe(2);
    expect(await engine.store().deleteBefore(cutoff, 100)).toBe(2);
    expect(await engine.rows()).toEqual(byId(events.slice(2)));
    expect(await engine.store().deleteBefore(cutoff, 100)).toBe(0);
  });

  it('deletes at most as many as it may, the oldest first', async () => {
    const events = [5, 3, 1, 4, 2].map((age) => anonymousEvent({ createdAt: at(-age * day) }));
    await engine.fill(events);
    expect(await engine.store().deleteBefore(cutoff, 2)).toBe(2);
    const ages = (await engine.rows()).map(({ createdAt }) => (cutoff.getTime() - createdAt.getTime()) / day);
    expect(ages.sort()).toEqual([1, 2, 3]);
  });

  it('stores while it deletes, and deletes each row once when two purges run', async () => {
    await engine.fill(anonymousEvents(500, { createdAt: at(-day) }));
    const fresh = anonymousEvents(100, { createdAt: at(day) });
    const [one, two] = await Promise.all([
      engine.store().deleteBefore(cutoff, 300),
      engine.store().deleteBefore(cutoff, 300),
      engine.fill(fresh),
    ]);
    const rest = await engine.store().deleteBefore(cutoff, 500);
    expect(one + two + rest).toBe(500);
    expect(await engine.rows()).toEqual(byId(fresh));
  });

  it('accepts an event again after it was deleted', async () => {
    const event = anonymousEvent({ createdAt: at(-day) });
    await engine.fill([event]);
    await engine.store().deleteBefore(cutoff, 1);
    await engine.fill([event]);
    expect(await engine.rows()).toEqual([event]);
  });

  it('cleans up nothing that an event needs, also one that comes right after', async () => {
    const gone = anonymousEvent({ createdAt: at(-day), dimensions: { route: '/gone' } });
    const kept = anonymousEvent({ createdAt: at(day), dimensions: { route: '/kept' } });
    await engine.fill([gone, kept]);
    await engine.store().deleteBefore(cutoff, 10);
    // What the forgotten event alone needed was used a moment ago, so that a writer may still rely on it.
    expect(await engine.store().cleanUp()).toBe(0);
    await engine.fill([gone]);
    expect(await engine.rows()).toEqual(byId([gone, kept]));
  });
}
