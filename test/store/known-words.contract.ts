import { expect, it } from 'vitest';
import { dimensionKey } from '../../src/domain/dimension-key.js';
import type { EventSink, KnownWords } from '../../src/domain/ports/index.js';
import type { StoreUnderTest } from '../support/database.js';
import { anonymousEvent } from '../support/events.js';

/** What every engine must say of the words that it has stored. */
export function knownWordsContract(engine: StoreUnderTest<EventSink & KnownWords>): void {
  const event = (route: string) => anonymousEvent({ dimensions: { route } });
  const keyOf = (route: string) => dimensionKey(event(route).dimensions);

  it('knows the words that it has stored, as soon as they are committed, and no others', async () => {
    const store = engine.store();
    expect(store.knowsWords(keyOf('/known'))).toBe(false);
    const appended = store.append([event('/known')]);
    expect(await appended).toEqual(['ACCEPTED']);
    expect(store.knowsWords(keyOf('/known'))).toBe(true);
    expect(store.knowsWords(keyOf('/unknown'))).toBe(false);
  });

  it('does not come to know words by being asked', async () => {
    const store = engine.store();
    for (let asked = 0; asked < 3; asked++) expect(store.knowsWords(keyOf('/asked'))).toBe(false);
  });
}
