/** Which event gives way when the queue is full. */
export type Overflow = 'drop-oldest' | 'drop-newest';

/** Anything that knows how many bytes it adds to a request body. */
export interface Sized {
  readonly bytes: number;
}

export interface QueueOptions {
  /** Most entries held, those in flight included: what bounds the memory. */
  readonly maxQueue: number;
  readonly overflow: Overflow;
}

/**
 * A bounded first-in, first-out queue with at most one batch in flight.
 * Every entry pushed is at any time in exactly one place: queued, in flight, given back to the caller as
 * dropped, or settled.
 */
export interface BatchQueue<T extends Sized> {
  /** Adds an entry; answers the one that had to give way (perhaps this one), or null. */
  push(entry: T): T | null;
  /**
   * Moves entries from the front into flight: as many as both limits allow, but at least one where there is
   * one. Only to be called while nothing is in flight.
   */
  take(maxEvents: number, maxBytes: number): readonly T[];
  /** Ends the flight: `again` goes back to the front in its order, the rest is settled. */
  land(again: readonly T[]): void;
  /** Empties it, the flight included; answers what was in it, oldest first. */
  clear(): readonly T[];
  /** The oldest entry not yet settled. */
  oldest(): T | undefined;
  queued(): number;
  inFlight(): number;
}

/** Most settled slots that stay at the front before they are cut off: keeps `take` and `push` cheap on average. */
const slack = 1024;

export function createBatchQueue<T extends Sized>(options: QueueOptions): BatchQueue<T> {
  let entries: T[] = [];
  let head = 0;
  let flight: readonly T[] = [];

  const queued = () => entries.length - head;
  const shift = (): T | null => {
    const first = entries[head];
    if (first === undefined) return null;
    head += 1;
    if (head > slack && head * 2 > entries.length) {
      entries = entries.slice(head);
      head = 0;
    }
    return first;
  };

  return {
    push(entry) {
      if (queued() + flight.length < options.maxQueue) {
        entries.push(entry);
        return null;
      }
      // What is in flight cannot give way: it may be stored already.
      const victim = options.overflow === 'drop-oldest' ? shift() : null;
      if (victim === null) return entry;
      entries.push(entry);
      return victim;
    },
    take(maxEvents, maxBytes) {
      const batch: T[] = [];
      let bytes = 0;
      for (let next = entries[head]; next !== undefined && batch.length < maxEvents; next = entries[head]) {
        bytes += next.bytes;
        if (batch.length > 0 && bytes > maxBytes) break;
        batch.push(next);
        shift();
      }
      flight = batch;
      return batch;
    },
    land(again) {
      flight = [];
      if (again.length === 0) return;
      entries = [...again, ...entries.slice(head)];
      head = 0;
    },
    clear() {
      const all = [...flight, ...entries.slice(head)];
      entries = [];
      head = 0;
      flight = [];
      return all;
    },
    oldest: () => flight[0] ?? entries[head],
    queued,
    inFlight: () => flight.length,
  };
}
