import { adopt } from './adopt.js';
import { seal } from './cipher.js';
import { openVault, transact, type Vault } from './database.js';
import { type Holdings, type Session, tidy } from './holdings.js';
import { holdLock } from './lock.js';
import type { OfflineStore } from './offline-store.js';
import { browserPlatform, type OfflinePlatform } from './platform.js';
import type { Limits, RecordKey } from './record.js';

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

interface Wanted {
  readonly user: string;
  readonly json: string;
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
  const name = options.name ?? 'signals-offline';
  const limits: Limits = {
    maxBytes: options.maxBytes ?? 1_048_576,
    maxEvents: options.maxEvents ?? 2_000,
    maxAgeMs: options.maxAgeMs ?? 86_400_000,
  };
  const adoptEveryMs = options.adoptEveryMs ?? 60_000;
  const lockOf = (owner: string) => `${name}:${owner}`;

  let session: Session | undefined;
  let vault: Vault | undefined;
  /** Whose events `own.held` are. */
  let keptFor: string | undefined;
  /** To be written, by event id. */
  const wanted = new Map<string, Wanted>();
  const own: Holdings = { page: '', dead: new Set(), held: new Map(), doomed: new Set() };
  /** What touches the database happens one after the other. */
  let work: Promise<unknown> = Promise.resolve();

  function enqueue(task: () => Promise<unknown>): void {
    work = work.then(task).catch(() => {});
  }

  function forget(): void {
    vault = undefined;
    wanted.clear();
    own.held.clear();
    own.doomed.clear();
  }

  function turnOff(): void {
    session?.end.abort();
    session = undefined;
    vault?.db.close();
    forget();
  }

  async function start(mine: Session): Promise<void> {
    const { signal } = mine.end;
    try {
      const { indexedDB, crypto, locks } = platform;
      const next = crypto.randomUUID();
      if (signal.aborted) return;
      await holdLock(locks, lockOf(next), signal);
      if (signal.aborted) return;
      vault ??= await openVault(indexedDB, crypto.subtle, name, (db) => {
        if (vault?.db === db) forget();
      });
      if (signal.aborted) return;
      // What was kept for another user is left to that user's next page.
      if (keptFor !== mine.user) own.held.clear();
      keptFor = mine.user;
      const former = own.page;
      own.page = next;
      await adopt(platform, vault, lockOf, limits, mine, former, own);
      lookLater(mine);
    } catch {
      if (session !== mine) return;
      turnOff();
      mine.deps.onTaken([]);
    }
  }

  function lookLater(mine: Session): void {
    const look = async () => {
      if (mine.end.signal.aborted || vault === undefined) return;
      lookLater(mine);
      await adopt(platform, vault, lockOf, limits, mine, own.page, own);
    };
    platform.later(() => enqueue(look), adoptEveryMs);
  }

  async function flush(): Promise<void> {
    const batch = [...wanted];
    if (vault === undefined || batch.length + own.doomed.size === 0) return;
    try {
      await write(vault, batch);
    } finally {
      // What could not be written, for want of room perhaps, is not tried again: `holds` says false.
      for (const [id, event] of batch) if (wanted.get(id) === event) wanted.delete(id);
    }
  }

  async function write({ db, key }: Vault, batch: readonly (readonly [string, Wanted])[]): Promise<void> {
    const sealing = batch.map(async ([id, event]) => ({
      id,
      event,
      sealed: await seal(platform.crypto, key, event.user, id, event.json),
    }));
    const ready = await Promise.all(sealing);
    const written = new Map<RecordKey, Wanted>();
    const tidied = await transact(db, 'readwrite', async (records) => {
      const nowMs = platform.now();
      for (const { id, event, sealed } of ready) {
        if (wanted.get(id) !== event) continue;
        const to: RecordKey = [nowMs, id, own.page, sealed.data.byteLength];
        records.put(sealed, to);
        written.set(to, event);
      }
      return tidy(records, own, limits, nowMs);
    });
    for (const [to, event] of written) {
      // What was removed while this ran has to go again.
      if (wanted.get(to[1]) === event) own.held.set(to[1], to);
      else own.doomed.add(to);
    }
    tidied.settle(session?.deps);
  }

  return {
    open(user, deps) {
      session?.end.abort();
      const mine: Session = { user, deps, end: new AbortController() };
      session = mine;
      enqueue(() => start(mine));
      enqueue(flush);
    },
    save(events) {
      if (session === undefined) return;
      const { user } = session;
      for (const { id, json } of events) {
        if (!wanted.has(id) && !own.held.has(id)) wanted.set(id, { user, json });
      }
      enqueue(flush);
    },
    remove(ids) {
      for (const id of ids) {
        wanted.delete(id);
        const key = own.held.get(id);
        if (key !== undefined) own.doomed.add(key);
        own.held.delete(id);
      }
      enqueue(flush);
    },
    holds: (id) => own.held.has(id),
    release: () => session?.end.abort(),
    erase() {
      turnOff();
      try {
        // Other pages are made to close theirs, and their `holds` says false from then on.
        platform.indexedDB.deleteDatabase(name);
      } catch {
        // No IndexedDB, nothing to erase.
      }
    },
  };
}
