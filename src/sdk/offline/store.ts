import { attempt } from '../../client/attempt.js';
import type { Lease } from './lease.js';
import type { OfflineStore } from './offline-store.js';
import { createOpening } from './opening.js';
import { forgetRecords, noRecords, noteRemoved } from './page-records.js';
import { browserPlatform, type OfflinePlatform } from './platform.js';
import type { Limits } from './record.js';
import { createSerialWork } from './serial-work.js';
import { createWriter } from './writer.js';

export interface OfflineStoreOptions {
  /** Of the database. Trackers of one origin with different endpoints need different ones. Default `signals-offline`. */
  readonly name?: string | undefined;
  /** Most bytes of encrypted events, all pages and users of this browser together. Default 1 MiB. */
  readonly maxBytes?: number | undefined;
  /** Most events. Default 2,000. */
  readonly maxEvents?: number | undefined;
  /** No event is kept longer. Default 24 hours. */
  readonly maxAgeMs?: number | undefined;
  /** How often a page that stays open looks for what pages that are gone have left. Default 60,000. */
  readonly adoptEveryMs?: number | undefined;
}

/**
 * Keeps events in IndexedDB so that they outlive a reload or a crash.
 *
 * - Encrypted, or not at all. Events are sealed with AES-GCM under a key that scripts cannot read, and bound to
 *   the user's id: another user's page cannot open them. In the clear are the event's id, a random page id, the
 *   time and the size. The key lies in the same browser profile, so this is no protection from somebody who
 *   has the whole profile.
 * - A record belongs to one page at a time, told by a Web Lock that the page holds while it lives. What pages
 *   that are gone have left is taken over by one page, never by two, and only by the same user's.
 * - Where IndexedDB, WebCrypto or Web Locks are missing or fail, nothing is kept and `holds` says false. Nothing
 *   here throws.
 * - `onTaken` is called once after every `open`, perhaps with no ids, unless `release` or `erase` comes first.
 *   Until then a page that is back from the back/forward cache must not send what `holds` said true of:
 *   another page may have sent it. `onTaken` comes before `onRestored`.
 * - `onLost` counts events that no page has in memory, other users' included. An event of this page that must
 *   leave the store is not lost; `holds` says false from then on. What cannot be opened (another user's,
 *   damaged, its key lost) stays until it is too old and is then counted as `expired`.
 */
export function createStore(
  options: OfflineStoreOptions = {},
  platform: OfflinePlatform = browserPlatform(),
): OfflineStore {
  const { name = 'signals-offline', adoptEveryMs = 60_000 } = options;
  const limits = limitsOf(options);
  const own = noRecords();
  /** What touches the database happens one after the other. */
  const enqueue = createSerialWork();
  const writer = createWriter({ platform, limits, own });
  const opening = createOpening({ platform, limits, name, adoptEveryMs, own, enqueue, onGone: forget });
  let lease: Lease | undefined;

  function forget(): void {
    writer.clear();
    forgetRecords(own);
  }

  function turnOff(): void {
    lease?.end.abort();
    lease = undefined;
    opening.close();
    forget();
  }

  async function start(mine: Lease): Promise<void> {
    try {
      await opening.start(mine);
    } catch {
      if (lease !== mine) return;
      turnOff();
      mine.listener.onTaken([]);
    }
  }

  async function flush(): Promise<void> {
    const vault = opening.vault();
    if (vault) await writer.flush(vault, () => lease?.listener);
  }

  return {
    open(user, listener) {
      lease?.end.abort();
      const mine: Lease = { user, listener, end: new AbortController() };
      lease = mine;
      enqueue(() => start(mine));
      enqueue(flush);
    },
    save(events) {
      if (lease === undefined) return;
      writer.add(lease.user, events);
      enqueue(flush);
    },
    remove(ids) {
      for (const id of ids) {
        writer.remove(id);
        noteRemoved(own, id);
      }
      enqueue(flush);
    },
    holds: (id) => own.stored.has(id),
    release: () => lease?.end.abort(),
    erase() {
      turnOff();
      // Other pages are made to close theirs, and their `holds` says false from then on. Throws where there is no
      // IndexedDB, and then there is nothing to erase.
      attempt(() => platform.indexedDB.deleteDatabase(name));
    },
  };
}

const limitsOf = ({
  maxBytes = 1_048_576,
  maxEvents = 2_000,
  maxAgeMs = 86_400_000,
}: OfflineStoreOptions): Limits => ({ maxBytes, maxEvents, maxAgeMs });
