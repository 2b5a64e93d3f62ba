import { createBoundedCache } from '../domain/bounded-cache.js';

/** What callers have taken of their allowance in the minute that is running, counted in this process. */
export interface MemoryAllowance {
  /** Takes up to `wanted` of what is left to the caller in this minute, and answers how much that was. */
  take(key: string, minute: number, wanted: number): number;
}

/** About 90,000 callers in one minute. */
const defaultMaxBytes = 16 * 1_048_576;
/** What an entry takes besides the text of its key. */
const entryBytes = 150;

/**
 * Holds the running minute only: the one before it leaves with all its entries. Where more callers come in one minute
 * than there is room for, the one that came longest ago is forgotten and may take again (fails open).
 */
export function createMemoryAllowance(perMinute: number, maxBytes = defaultMaxBytes): MemoryAllowance {
  let running = Number.NaN;
  let taken = createBoundedCache<string, number>(maxBytes);
  return {
    take(key, minute, wanted) {
      if (minute !== running) {
        running = minute;
        taken = createBoundedCache(maxBytes);
      }
      const before = taken.get(key) ?? 0;
      const granted = Math.min(wanted, perMinute - before);
      taken.set(key, before + granted, entryBytes + key.length);
      return granted;
    },
  };
}
