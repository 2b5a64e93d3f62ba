import { createDayOf, type DayOf } from '../../domain/day.js';
import { dimensionKey } from '../../domain/dimension-key.js';
import type { AnonymousEvent } from '../../domain/event.js';
import type { AppendVerdict, EventStore } from '../../domain/ports/index.js';
import { createLocalLocks } from '../engine/local-locks.js';
import { createMemoryReader } from './memory-reader.js';
import { createMemoryStats } from './memory-stats.js';

/** A store that keeps everything in memory: the reference of what every engine must do, for tests. */
export interface MemoryStore extends EventStore {
  /** Every row, in the order in which it was accepted. */
  rows(): readonly AnonymousEvent[];
}

export interface MemoryStoreDeps {
  /** Names the salt day of an instant. */
  readonly dayOf: DayOf;
}

/** Gone with the process. */
export function createMemoryStore({ dayOf }: MemoryStoreDeps = { dayOf: createDayOf('UTC') }): MemoryStore {
  const events = new Map<string, AnonymousEvent>();
  const words = new Set<string>();
  const rows = (): AnonymousEvent[] => [...events.values()];
  const before = (dayStart: Date) => rows().filter(({ createdAt }) => createdAt < dayStart);
  let closed = false;

  return {
    rows,
    append: async (batch) => batch.map(appendOne),
    pending: () => 0,
    knowsWords: (key) => words.has(key),
    ...createMemoryReader(rows),
    ...createMemoryStats(rows, dayOf),
    countBefore: async (dayStart) => before(dayStart).length,
    async deleteBefore(dayStart, limit) {
      const oldest = before(dayStart).sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
      const gone = oldest.slice(0, limit);
      for (const { id } of gone) events.delete(id);
      return gone.length;
    },
    cleanUp: async () => 0,
    countOldRows: async () => 0,
    rewriteOldRows: async () => 0,
    withLock: createLocalLocks(),
    now: async () => null,
    readiness: async () => (closed ? { ready: false, reason: 'store_closed' } : { ready: true }),
    async close() {
      closed = true;
    },
  };

  function appendOne(event: AnonymousEvent): AppendVerdict {
    if (closed) return 'UNAVAILABLE';
    if (events.has(event.id)) return 'DUPLICATE';
    if (!isStorable(event)) return 'UNSTORABLE';
    events.set(event.id, event);
    words.add(dimensionKey(event.dimensions));
    return 'ACCEPTED';
  }
}

/** PostgreSQL stores no NUL, neither in text nor in JSON. */
function isStorable(event: AnonymousEvent): boolean {
  return !JSON.stringify(event).includes('\\u0000');
}
