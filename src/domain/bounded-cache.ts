/** Remembers values by their keys, as many as there is room for. */
export interface BoundedCache<Key, Value> {
  /** The value of a key, which then counts as used last. */
  get(key: Key): Value | undefined;
  /** `weight` is what the entry takes of the capacity; 1 unless given. */
  set(key: Key, value: Value, weight?: number): void;
  /** The value of a key; made and remembered where there is none. */
  getOrMake(key: Key, make: (key: Key) => Value): Value;
  /** How many entries there are. */
  size(): number;
}

/** A cache in which the entry that was used longest ago goes first. `capacity` is the weight of all entries together. */
export function createBoundedCache<Key, Value extends NonNullable<unknown> | null>(
  capacity: number,
): BoundedCache<Key, Value> {
  // A Map keeps the order of insertion: an entry that is put in again becomes the youngest.
  const entries = new Map<Key, { readonly value: Value; readonly weight: number }>();
  let total = 0;

  const remove = (key: Key): void => {
    total -= entries.get(key)?.weight ?? 0;
    entries.delete(key);
  };
  const get = (key: Key): Value | undefined => {
    const entry = entries.get(key);
    if (!entry) return undefined;
    entries.delete(key);
    entries.set(key, entry);
    return entry.value;
  };
  const set = (key: Key, value: Value, weight = 1): void => {
    remove(key);
    // What is heavier than everything together would push all of it out, and go itself.
    if (weight > capacity) return;
    entries.set(key, { value, weight });
    total += weight;
    for (const oldest of entries.keys()) {
      if (total <= capacity) break;
      remove(oldest);
    }
  };
  const getOrMake = (key: Key, make: (key: Key) => Value): Value => {
    const known = get(key);
    if (known !== undefined) return known;
    const made = make(key);
    set(key, made);
    return made;
  };
  return { get, set, getOrMake, size: () => entries.size };
}
