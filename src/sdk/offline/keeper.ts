import { utf8Length } from '../../client/serialise.js';
import type { OfflineHost, OfflineKeeper } from '../offline-keeping.js';
import type { OfflineListener, OfflineStore } from './offline-store.js';

/** Keeps the store in step with a tracker's outbox: an event is the tracker's to send or the store's to keep. */
export function createKeeper(store: OfflineStore, host: OfflineHost): OfflineKeeper {
  const { outbox, monotonicNow, timeoutMs } = host;
  /** Whose events the store is open for. */
  let openFor: string | undefined;
  /** Until then another page may have, from the store, what this one has in memory. */
  let reconcileUntil = 0;
  /** Events were tracked while nothing could be stored: without consent, or while the user was not known. */
  let hasUnsaved = false;
  /** Nothing has been kept since everything was erased. */
  let isErased = false;
  const listener = createListener(host, () => {
    reconcileUntil = 0;
  });

  function openStore(userId: string): void {
    openFor = userId;
    isErased = false;
    store.open(userId, listener);
  }

  return {
    open(given) {
      const userId = String(given);
      const isOpen = userId === openFor;
      if (!isOpen) openStore(userId);
      if (!isOpen || hasUnsaved) store.save(outbox.pending());
      hasUnsaved = false;
    },
    // Should the store not answer, the server knows a duplicate when it sees one.
    mustWait: () => monotonicNow() < reconcileUntil,
    added(event, gate) {
      if (gate !== 'open') hasUnsaved = true;
      else if (openFor !== undefined) store.save([event]);
    },
    done: (events) => store.remove(events.map((event) => event.id)),
    handOver(events) {
      const lost = events.filter((event) => !store.holds(event.id)).length;
      count(host, 'handedOver', events.length - lost);
      return lost;
    },
    release: () => store.release(),
    resume() {
      if (openFor !== undefined) reconcileUntil = monotonicNow() + timeoutMs;
      openFor = undefined;
    },
    forget() {
      if (openFor === undefined) return;
      openFor = undefined;
      store.release();
    },
    erase() {
      if (isErased) return;
      isErased = true;
      openFor = undefined;
      store.erase();
    },
  };
}

function count({ ledger }: OfflineHost, name: 'restored' | 'handedOver', more: number): void {
  ledger.counts[name] = (ledger.counts[name] ?? 0) + more;
}

/** Brings what the store says into the outbox and the counts. */
function createListener(host: OfflineHost, onReconciled: () => void): OfflineListener {
  const { outbox, ledger } = host;
  return {
    onTaken(ids) {
      const taken = new Set(ids);
      count(host, 'handedOver', outbox.removeQueued((event) => taken.has(event.id)).length);
      onReconciled();
      outbox.schedule();
    },
    onRestored(events) {
      count(host, 'restored', events.length);
      for (const { id, json } of events) outbox.push({ id, json, bytes: utf8Length(json) });
      outbox.scheduleNow();
    },
    onLost(reason, lost) {
      count(host, 'restored', lost);
      ledger.report(reason, { count: lost });
    },
  };
}
