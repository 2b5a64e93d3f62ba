import { dimensionId } from './dimension-id.js';

/** A combination as the writer knows it. */
export interface KnownDimension {
  /** Decimal text of the 63-bit id: a JSON number would be rounded. */
  readonly id: string;
  /** When a committed statement last marked the row as used, in ms; null: not by this process, as far as it remembers. */
  touchedAt: number | null;
}

/** How long a row counts as marked, in ms. */
export const touchLifetimeMs = 6 * 3_600_000;

/**
 * How many days a row without events is kept after the day of its last use. Far above `touchLifetimeMs`, so that no
 * process can still rely on a row that has been deleted.
 */
export const unusedDaysKept = 3;

export interface DimensionCache {
  /** The combination's entry; computed at the first sight of it. */
  get(key: string): KnownDimension;
  /** Whether the row is known to exist and to be marked, so that the statement need not name it. */
  isFresh(dimension: KnownDimension, nowMs: number): boolean;
  size(): number;
}

/** Remembers the last `max` combinations by use. What is forgotten costs one hash and one more row in a statement. */
export function createDimensionCache(max: number): DimensionCache {
  const entries = new Map<string, KnownDimension>();
  return {
    get(key) {
      const known = entries.get(key);
      if (known) {
        // A Map keeps the order of insertion: moving an entry to the end makes the first one the least used.
        entries.delete(key);
        entries.set(key, known);
        return known;
      }
      const made = { id: String(dimensionId(key)), touchedAt: null };
      entries.set(key, made);
      if (entries.size > max) for (const oldest of entries.keys()) return drop(oldest, made);
      return made;
    },
    // A wall clock that was set back does not prolong an entry.
    isFresh: ({ touchedAt }, nowMs) => touchedAt !== null && Math.abs(nowMs - touchedAt) < touchLifetimeMs,
    size: () => entries.size,
  };

  function drop(key: string, made: KnownDimension): KnownDimension {
    entries.delete(key);
    return made;
  }
}
