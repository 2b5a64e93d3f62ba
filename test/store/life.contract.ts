import { expect, it } from 'vitest';
import type { EventSink, Life } from '../../src/domain/ports/index.js';
import type { StoreUnderTest } from '../support/database.js';
import { anonymousEvent, anonymousEvents } from '../support/events.js';

/** What the `Life` of every engine that takes events must be. */
export function lifeContract(engine: StoreUnderTest<EventSink & Life>): void {
  it('is ready', async () => {
    expect(await engine.store().readiness()).toEqual({ ready: true });
  });

  it('commits what it has taken before it closes, and then takes nothing', async () => {
    const store = engine.another();
    const taken = store.append(anonymousEvents(50));
    await store.close();
    expect(new Set(await taken)).toEqual(new Set(['ACCEPTED']));
    expect(await store.append([anonymousEvent()])).toEqual(['UNAVAILABLE']);
    expect(await store.readiness()).toMatchObject({ ready: false, reason: 'store_closed' });
    expect(store.pending()).toBe(0);
    await expect(store.close()).resolves.toBeUndefined();
  });
}
