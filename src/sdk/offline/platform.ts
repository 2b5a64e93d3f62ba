/** What the store needs of its surroundings. Getters may throw and members may be missing: the store is off then. */
export interface OfflinePlatform {
  readonly indexedDB: IDBFactory;
  readonly crypto: Crypto;
  readonly locks: LockManager;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Calls `run` once after `delayMs`. */
  readonly later: (run: () => void, delayMs: number) => void;
}

/** The page's own. Touches nothing until asked: there may be no page, and access alone can throw. */
export function browserPlatform(): OfflinePlatform {
  return {
    get indexedDB() {
      return indexedDB;
    },
    get crypto() {
      return crypto;
    },
    get locks() {
      return navigator.locks;
    },
    now: () => Date.now(),
    later: (run, delayMs) => {
      setTimeout(run, delayMs);
    },
  };
}
