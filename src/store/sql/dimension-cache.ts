import { createBoundedCache } from '../../domain/bounded-cache.js';
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
  /** Whether the row is known to have been stored. Asking is no use of it: what is not remembered stays so. */
  isStored(key: string): boolean;
  size(): number;
}

/** Remembers the last `max` combinations by use. What is forgotten costs one hash and one more row in a statement. */
export function createDimensionCache(max: number): DimensionCache {
  const entries = createBoundedCache<string, KnownDimension>(max);
  const make = (key: string): KnownDimension => ({ id: String(dimensionId(key)), touchedAt: null });
  return {
    get: (key) => entries.getOrMake(key, make),
    // A wall clock that was set back does not prolong an entry.
    isFresh: ({ touchedAt }, nowMs) => touchedAt !== null && Math.abs(nowMs - touchedAt) < touchLifetimeMs,
    isStored: (key) => (entries.get(key)?.touchedAt ?? null) !== null,
    size: entries.size,
  };
}
