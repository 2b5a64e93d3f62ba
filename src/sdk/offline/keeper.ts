import { utf8Length } from '../../client/serialise.js';
import type { OfflineHost, OfflineKeeper } from '../offline-keeping.js';
import type { OfflineStore } from './offline-store.js';

/** Keeps the store in step with a tracker's outbox: an event is the tracker's to send or the store's to keep. */
export function createKeeper(
  store: OfflineStore,
  { outbox, ledger, monotonicNow, timeoutMs }: OfflineHost,
): OfflineKeeper {
  /** Whose events the store is open for. */
  let keptFor: string | undefined;
  /** Until then another page may have, from the store, what this one has in memory. */
  let reconcileUntil = 0;
  /** Events were tracked while nothing could be stored: without consent, or while the user was not known. */
  let behind = false;
  /** Nothing has been kept since everything was erased. */
  let erased = false;
  const count = (name: 'restored' | 'handedOver', more: number) => {
    ledger.counts[name] = (ledger.counts[name] ?? 0) + more;
  };

  return {
    open(given) {
      const userId = String(given);
      if (userId === keptFor) {
        if (behind) store.save(outbox.pending());
        behind = false;
        return;
      }
      behind = false;
      keptFor = userId;
      erased = false;
      store.open(userId, {
        onTaken(ids) {
          const taken = new Set(ids);
          count('handedOver', outbox.removeQueued((event) => taken.has(event.id)).length);
          reconcileUntil = 0;
          outbox.schedule();
        },
        onRestored(events) {
          count('restored', events.length);
          for (const { id, json } of events) outbox.push({ id, json, bytes: utf8Length(json) });
          outbox.scheduleNow();
        },
        onLost(reason, lost) {
          count('restored', lost);
          ledger.report(reason, { count: lost });
        },
      });
      store.save(outbox.pending());
    },
    // Should the store not answer, the server knows a duplicate when it sees one.
    mustWait: () => monotonicNow() < reconcileUntil,
    added(event, gate) {
      if (gate !== 'open') behind = true;
      else if (keptFor !== undefined) store.save([event]);
    },
    done: (events) => store.remove(events.map((event) => event.id)),
    handOver(events) {
      const lost = events.filter((event) => !store.holds(event.id)).length;
      count('handedOver', events.length - lost);
      return lost;
    },
    release: () => store.release(),
    resume() {
      if (keptFor !== undefined) reconcileUntil = monotonicNow() + timeoutMs;
      keptFor = undefined;
    },
    forget() {
      if (keptFor === undefined) return;
      keptFor = undefined;
      store.release();
    },
    erase() {
      if (erased) return;
      erased = true;
      keptFor = undefined;
      store.erase();
    },
  };
}
