import type { OfflineListener, OfflineStore } from '../../../src/sdk/offline/offline-store.js';
import type { StoredEvent } from '../../../src/sdk/offline-keeping.js';

/**
 * What the offline store of one browser profile does, without IndexedDB: an event belongs to the page that saved it
 * until that page is left, and then to the next page that opens the store.
 */
export function createProfileStore(later: (run: () => void) => void): () => OfflineStore {
  const kept = new Map<string, { readonly event: StoredEvent; holder: object | null }>();
  return () => {
    const me = {};
    const save = (events: readonly StoredEvent[]): void => {
      for (const event of events) kept.set(event.id, { event, holder: me });
    };
    const takeOver = ({ onTaken, onRestored }: OfflineListener): void => {
      const left = [...kept.values()].filter(({ holder }) => holder === null);
      for (const entry of left) entry.holder = me;
      onTaken([]);
      onRestored(left.map(({ event }) => event));
    };
    return {
      open: (_user, deps) => later(() => takeOver(deps)),
      save,
      remove(ids) {
        for (const id of ids) kept.delete(id);
      },
      holds: (id) => kept.has(id),
      release() {
        for (const entry of kept.values()) if (entry.holder === me) entry.holder = null;
      },
      erase: () => kept.clear(),
    };
  };
}
