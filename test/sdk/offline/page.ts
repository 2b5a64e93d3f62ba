// A page around the real store, driven from test/e2e/browser/offline.browser.test.ts.
import type { OfflineStore } from '../../../src/sdk/offline/offline-store.js';
import { browserPlatform } from '../../../src/sdk/offline/platform.js';
import { createStore, type OfflineStoreOptions } from '../../../src/sdk/offline/store.js';
import type { StoredEvent } from '../../../src/sdk/offline-keeping.js';

const restored: StoredEvent[] = [];
const taken: string[] = [];
const lost = { expired: 0, offline_full: 0 };
const failures: string[] = [];
addEventListener('error', (event) => failures.push(String(event.message)));
addEventListener('unhandledrejection', (event) => failures.push(String(event.reason)));

let clockShiftMs = 0;
let store: OfflineStore | undefined;
let user = '';
/** Counts the answers to `open`. */
let opened = 0;

const need = (): OfflineStore => {
  if (store === undefined) throw new Error('make() first');
  return store;
};

function open(as: string): void {
  user = as;
  need().open(as, {
    onRestored: (events) => restored.push(...events),
    onTaken(ids) {
      taken.push(...ids);
      opened += 1;
    },
    onLost(reason, count) {
      lost[reason] += count;
    },
  });
}

addEventListener('pagehide', () => store?.release());
addEventListener('pageshow', (event) => {
  if (event.persisted) open(user);
});

/** Every key and value of the database, binary as Latin-1, so that a substring search finds what is readable. */
async function dump(name: string): Promise<{ readonly records: number; readonly text: string }> {
  const opening = indexedDB.open(name);
  const db = await new Promise<IDBDatabase>((resolve, reject) => {
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
  const parts: string[] = [];
  let records = 0;
  for (const storeName of db.objectStoreNames) {
    const all = db.transaction(storeName).objectStore(storeName).openCursor();
    await new Promise<void>((resolve, reject) => {
      all.onerror = () => reject(all.error);
      all.onsuccess = () => {
        const cursor = all.result;
        if (cursor === null) return resolve();
        if (storeName === 'events') records += 1;
        parts.push(readable(cursor.key), readable(cursor.value));
        cursor.continue();
      };
    });
  }
  db.close();
  return { records, text: parts.join('\n') };
}

function readable(value: unknown): string {
  if (value instanceof CryptoKey) return `key extractable=${value.extractable}`;
  if (value instanceof ArrayBuffer) return String.fromCharCode(...new Uint8Array(value));
  if (ArrayBuffer.isView(value)) return String.fromCharCode(...new Uint8Array(value.buffer));
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([key, inner]) => `${key}=${readable(inner)}`)
    .join('\n');
}

/** Rewrites raw records, as damage would. */
async function damage(name: string): Promise<void> {
  const opening = indexedDB.open(name);
  const db = await new Promise<IDBDatabase>((resolve, reject) => {
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
  const change = db.transaction('events', 'readwrite');
  const all = change.objectStore('events').openCursor();
  all.onsuccess = () => {
    const cursor = all.result;
    if (cursor === null) return;
    const data = new Uint8Array(cursor.value.data);
    data.set([(data[0] ?? 0) ^ 1]);
    cursor.update({ ...cursor.value, data: data.buffer });
    cursor.continue();
  };
  await new Promise<void>((resolve, reject) => {
    change.oncomplete = () => resolve();
    change.onabort = () => reject(change.error);
  });
  db.close();
}

const probe = {
  make(options: OfflineStoreOptions = {}, shiftMs = 0) {
    clockShiftMs = shiftMs;
    store = createStore(
      options,
      Object.create(browserPlatform(), { now: { value: () => Date.now() + clockShiftMs } }),
    );
  },
  shiftClock(shiftMs: number) {
    clockShiftMs = shiftMs;
  },
  open,
  save: (ids: readonly string[], text = '') =>
    need().save(ids.map((id) => ({ id, json: JSON.stringify({ id, text }) }))),
  remove: (ids: readonly string[]) => need().remove(ids),
  release: () => need().release(),
  erase: () => need().erase(),
  holds: (ids: readonly string[]) => ids.map((id) => need().holds(id)),
  holdsAll: (ids: readonly string[]) => ids.every((id) => need().holds(id)),
  /** Blocks the page's thread from the call of `save` until its return: nothing may be done in between. */
  saveAndLook(ids: readonly string[]) {
    probe.save(ids);
    return probe.holds(ids);
  },
  opened: () => opened,
  restored: () => restored.map(({ id }) => id).sort(),
  restoredJson: () => restored.map(({ json }) => json).sort(),
  taken: () => [...taken].sort(),
  lost: () => lost,
  failures: () => failures,
  databases: async () => (await indexedDB.databases()).map(({ name }) => name),
  heldLocks: async () => (await navigator.locks.query()).held?.map(({ name }) => name),
  dump,
  damage,
};

Object.assign(globalThis, { probe });
