import { type OfflineKeeping, offlineKeeping } from '../offline-keeping.js';
import { createKeeper } from './keeper.js';
import { createStore, type OfflineStoreOptions } from './store.js';

export type { OfflineKeeping } from '../offline-keeping.js';
export type { OfflineStoreOptions } from './store.js';

/**
 * The option `offline` of `createTracker`: events that could not be sent yet outlive a reload or a crash, encrypted
 * in IndexedDB or not at all; see `createStore` for what is promised. One store to a tracker.
 */
export function createOfflineStore(options: OfflineStoreOptions = {}): OfflineKeeping {
  return offlineKeeping((host) => createKeeper(createStore(options), host));
}
