import type { AnonymousEvent } from '../domain/event.js';
import type { AppendVerdict, EventStore } from '../domain/ports.js';

/** A store that keeps everything in memory: the reference of what every engine must do, for tests. */
export interface MemoryStore extends EventStore {
  /** Every row, in the order in which it was accepted. */
  rows(): readonly AnonymousEvent[];
}

export function createMemoryStore(): MemoryStore {
  const rows = new Map<string, AnonymousEvent>();
  return {
    rows: () => [...rows.values()],
    append: async (events) =>
      events.map((event): AppendVerdict => {
        if (rows.has(event.id)) return 'DUPLICATE';
        rows.set(event.id, event);
        return 'ACCEPTED';
      }),
  } as MemoryStore;
}
