export type { OfflinePlatform } from './platform.js';
export { createOfflineStore, type OfflineStoreOptions } from './store.js';
