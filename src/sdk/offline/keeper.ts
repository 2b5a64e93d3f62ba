import { utf8Length } from '../core/serialise.js';
import type { OfflineHost, OfflineKeeper } from '../options.js';
import type { OfflineStore } from './offline-store.js';

/** Keeps the store in step with a tracker's outbox: an event is the tracker's to send or the store's to keep. */
export function createKeeper(
  store: OfflineStore,
  { outbox, ledger, ticks, timeoutMs }: OfflineHost,
): OfflineKeeper {
  /** Whose events the store is open for. */
  let keptFor: string | undefined;
  /** Until then another page may have, from the store, what this one has in memory. */
  let reconcileUntil = 0;
  let restored = 0;
  let handedOver = 0;

  return {
    open(userId) {
      if (userId === keptFor) return;
      keptFor = userId;
      store.open(userId, {
        onTaken(ids) {
          const taken = new Set(ids);
          handedOver += outbox.remove((event) => taken.has(event.id)).length;
          reconcileUntil = 0;
          outbox.wake();
        },
        onRestored(events) {
          restored += events.length;
          for (const { id, json } of events) outbox.push(id, json, utf8Length(json));
          outbox.hurry();
        },
        onLost(reason, count) {
          restored += count;
          ledger.dropped(reason, count);
        },
      });
      store.save(outbox.events());
    },
    // Should the store not answer, the server knows a duplicate when it sees one.
    maySend: () => ticks() >= reconcileUntil,
    queued(event) {
      if (keptFor !== undefined) store.save([event]);
    },
    done: (events) => store.remove(events.map((event) => event.id)),
    leaveBehind(events) {
      const lost = events.filter((event) => !store.holds(event.id)).length;
      handedOver += events.length - lost;
      return lost;
    },
    release: () => store.release(),
    back() {
      if (keptFor !== undefined) reconcileUntil = ticks() + timeoutMs;
      keptFor = undefined;
    },
    forget() {
      keptFor = undefined;
      store.release();
    },
    erase() {
      keptFor = undefined;
      store.erase();
    },
    restored: () => restored,
    handedOver: () => handedOver,
  };
}
