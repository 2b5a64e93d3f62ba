/** Collects entries of one group into batches, without holding the whole log in memory. */
export interface Grouper<T> {
  /** Adds an entry; answers the batches that are now due: a full one, or all when too much is held. */
  add(key: string, entry: T): readonly (readonly T[])[];
  /** Everything that is left. */
  drain(): readonly (readonly T[])[];
}

/** Batches have at most `maxBatch` entries, and at most `maxHeld` entries wait at any time. */
export function createGrouper<T>(limits: {
  readonly maxBatch: number;
  readonly maxHeld: number;
}): Grouper<T> {
  let groups = new Map<string, T[]>();
  let held = 0;
  const drain = () => {
    const all = [...groups.values()];
    groups = new Map();
    held = 0;
    return all;
  };
  return {
    add(key, entry) {
      const group = groups.get(key) ?? [];
      group.push(entry);
      groups.set(key, group);
      held += 1;
      if (group.length >= limits.maxBatch) {
        groups.delete(key);
        held -= group.length;
        return [group];
      }
      return held >= limits.maxHeld ? drain() : [];
    },
    drain,
  };
}
