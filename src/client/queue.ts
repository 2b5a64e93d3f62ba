import { isQueued, type QueuedEvent } from './event.js';

/** Events without a final answer, first in, first out. One in flight keeps its place until its answer is there. */
export interface Queue {
  add(event: QueuedEvent): void;
  /** All of them, oldest first; not to be kept. */
  all(): readonly QueuedEvent[];
  /** Those that are not in flight, oldest first. */
  queued(): readonly QueuedEvent[];
  /** Takes out what matches. */
  remove(matches: (event: QueuedEvent) => boolean): readonly QueuedEvent[];
  /** The batch leaves in one request. */
  markInFlight(batch: readonly QueuedEvent[]): void;
  /** The request is over: what is not removed now is queued again, in its old place. */
  markQueued(batch: readonly QueuedEvent[]): void;
  sizes(): { readonly queued: number; readonly inFlight: number };
  requestsInFlight(): number;
}

/** `onRemoved` is called after every `remove`, with what is left. */
export function createQueue(onRemoved: (left: readonly QueuedEvent[]) => void): Queue {
  let events: QueuedEvent[] = [];
  let inFlight = 0;
  let requestsInFlight = 0;

  function mark(batch: readonly QueuedEvent[], isInFlight: boolean): void {
    for (const event of batch) event.inFlight = isInFlight;
    inFlight += isInFlight ? batch.length : -batch.length;
    requestsInFlight += isInFlight ? 1 : -1;
  }

  return {
    add(event) {
      events.push(event);
    },
    all: () => events,
    queued: () => events.filter(isQueued),
    remove(matches) {
      const removed = events.filter(matches);
      events = events.filter((event) => !matches(event));
      inFlight -= removed.filter((event) => event.inFlight).length;
      onRemoved(events);
      return removed;
    },
    markInFlight: (batch) => mark(batch, true),
    markQueued: (batch) => mark(batch, false),
    sizes: () => ({ queued: events.length - inFlight, inFlight }),
    requestsInFlight: () => requestsInFlight,
  };
}
