import { makeKey } from './cipher.js';

/** An open database and the key of this browser profile that lives in it. */
export interface Vault {
  readonly db: IDBDatabase;
  readonly key: CryptoKey;
}

const eventStore = 'events';
const keyStore = 'keys';
const theKey = 'aes-gcm';

/** The answer of a request. Waiting for it inside a transaction keeps the transaction open. */
export function ask<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Resolves once the transaction is complete; it rejects when it was rolled back. */
export async function transact<T>(
  db: IDBDatabase,
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => Promise<T>,
  storeName = eventStore,
): Promise<T> {
  const transaction = db.transaction(storeName, mode);
  const complete = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = reject;
  });
  const [result] = await Promise.all([work(transaction.objectStore(storeName)), complete]);
  return result;
}

/**
 * Opens the database, makes it and its key when there are none. `onGone`: it was closed from outside, because
 * another page erases or upgrades it, or the user cleared the site's data.
 */
export async function openVault(
  indexedDB: IDBFactory,
  subtle: SubtleCrypto,
  name: string,
  onGone: (db: IDBDatabase) => void,
): Promise<Vault> {
  // First, so that nothing is stored where there is no cipher. Mostly in vain, and still cheaper than to look.
  const made = await makeKey(subtle);
  const opening = indexedDB.open(name, 1);
  opening.onupgradeneeded = () => {
    for (const store of [eventStore, keyStore]) opening.result.createObjectStore(store);
  };
  const db = await ask(opening);
  db.onclose = db.onversionchange = () => {
    db.close();
    onGone(db);
  };
  // Of two pages that make a key at the same time one wins, and both use that one.
  const pick = async (keys: IDBObjectStore): Promise<CryptoKey> => {
    const known: CryptoKey | undefined = await ask(keys.get(theKey));
    if (known === undefined) keys.put(made, theKey);
    return known ?? made;
  };
  return { db, key: await transact(db, 'readwrite', pick, keyStore) };
}
