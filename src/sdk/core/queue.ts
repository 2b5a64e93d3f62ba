/** Which event gives way when the queue is full. */
export type Overflow = 'drop-oldest' | 'drop-newest';

/** Anything that has its place in the order and knows how many bytes it adds to a request body. */
export interface Queueable {
  readonly serial: number;
  readonly bytes: number;
}

export interface QueueOptions {
  /** Most entries held, those in flight included: what bounds the memory. */
  readonly maxQueue: number;
  readonly overflow: Overflow;
}

/**
 * A bounded first-in, first-out queue with any number of batches in flight.
 * Every entry pushed is at any time in exactly one place: queued, in flight, given back to the caller as
 * dropped, or settled.
 */
export interface BatchQueue<T extends Queueable> {
  /** Adds an entry; answers the one that had to give way (perhaps this one), or null. */
  push(entry: T): T | null;
  /** Moves entries from the front into flight: as many as both limits allow, perhaps none. */
  take(maxEvents: number, maxBytes: number): readonly T[];
  /** Ends a flight: `again` goes back to its place in the order, the rest is settled. */
  land(batch: readonly T[], again: readonly T[]): void;
  /** Takes out of the queue what matches, oldest first; flights go on. */
  remove(matches: (entry: T) => boolean): readonly T[];
  /** Empties it, the flights included, which nobody waits for any more; answers what was in it. */
  reset(): readonly T[];
  /** The serial of the oldest entry not yet settled; undefined: there is none. */
  oldest(): number | undefined;
  /** What is queued, oldest first; not to be kept. */
  entries(): readonly T[];
  queued(): number;
  inFlight(): number;
}

export function createBatchQueue<T extends Queueable>(options: QueueOptions): BatchQueue<T> {
  let entries: T[] = [];
  const flights = new Set<readonly T[]>();
  let flying = 0;

  return {
    push(entry) {
      if (entries.length + flying < options.maxQueue) {
        entries.push(entry);
        return null;
      }
      // What is in flight cannot give way: it may be stored already.
      if (options.overflow === 'drop-newest' || entries.length === 0) return entry;
      entries.push(entry);
      return entries.shift() ?? null;
    },
    take(maxEvents, maxBytes) {
      let count = 0;
      let left = maxBytes;
      for (const { bytes } of entries) {
        left -= bytes;
        if (count >= maxEvents || left < 0) break;
        count += 1;
      }
      const batch = entries.splice(0, count);
      if (count > 0) flights.add(batch);
      flying += count;
      return batch;
    },
    land(batch, again) {
      if (flights.delete(batch)) flying -= batch.length;
      if (again.length > 0) entries = [...again, ...entries].sort((a, b) => a.serial - b.serial);
    },
    remove(matches) {
      const gone = entries.filter(matches);
      entries = entries.filter((entry) => !matches(entry));
      return gone;
    },
    reset() {
      const all = [...[...flights].flat(), ...entries];
      entries = [];
      flights.clear();
      flying = 0;
      return all;
    },
    oldest() {
      let first = entries[0]?.serial;
      for (const [entry] of flights) {
        if (entry !== undefined && !(entry.serial > (first ?? Number.POSITIVE_INFINITY)))
          first = entry.serial;
      }
      return first;
    },
    entries: () => entries,
    queued: () => entries.length,
    inFlight: () => flying,
  };
}
