import type { AnonymousEvent } from '../../domain/event.js';
import type { AppendVerdict, Clock, EventStore } from '../../domain/ports/index.js';
import { createLocalLocks } from '../pglite/local-locks.js';
import { dimensionKey } from '../sql/dimension-id.js';

/** A store that keeps everything in memory: the reference of what every engine must do, for tests. */
export interface MemoryStore extends EventStore {
  /** Every row, in the order in which it was accepted. */
  rows(): readonly AnonymousEvent[];
}

const dayMs = 86_400_000;

/** Gone with the process. The clock decides when a combination of dimensions was last used. */
export function createMemoryStore({ now }: Clock = { now: () => new Date() }): MemoryStore {
  const events = new Map<string, AnonymousEvent>();
  const lastUsed = new Map<string, number>();
  let closed = false;

  return {
    rows: () => [...events.values()],
    append: async (batch) => batch.map(appendOne),
    countBefore: async (cutoff) => before(cutoff).length,
    async deleteBefore(cutoff, limit) {
      const oldest = before(cutoff).sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
      const gone = oldest.slice(0, limit);
      for (const { id } of gone) events.delete(id);
      return gone.length;
    },
    deleteUnusedDimensions: async (lastUsedBefore) => deleteUnused(lastUsedBefore),
    countOldRows: async () => 0,
    rewriteOldRows: async () => 0,
    withLock: createLocalLocks(),
    now: async () => null,
    readiness: async () => (closed ? { ready: false, reason: 'store_closed' } : { ready: true }),
    pending: () => 0,
    async close() {
      closed = true;
    },
  };

  function appendOne(event: AnonymousEvent): AppendVerdict {
    if (closed) return 'UNAVAILABLE';
    if (events.has(event.id)) return 'DUPLICATE';
    if (!isStorable(event)) return 'UNSTORABLE';
    events.set(event.id, event);
    lastUsed.set(dimensionKey(event.dimensions), dayOf(now()));
    return 'ACCEPTED';
  }

  function before(cutoff: Date): AnonymousEvent[] {
    return [...events.values()].filter(({ createdAt }) => createdAt < cutoff);
  }

  function deleteUnused(lastUsedBefore: Date): number {
    const bound = Math.min(dayOf(lastUsedBefore), dayOf(now()) - 2);
    const inUse = new Set([...events.values()].map(({ dimensions }) => dimensionKey(dimensions)));
    const unused = [...lastUsed].filter(([key, day]) => day < bound && !inUse.has(key));
    for (const [key] of unused) lastUsed.delete(key);
    return unused.length;
  }
}

function dayOf(instant: Date): number {
  return Math.floor(instant.getTime() / dayMs);
}

/** PostgreSQL stores no NUL, neither in text nor in JSON. */
function isStorable(event: AnonymousEvent): boolean {
  return !JSON.stringify(event).includes('\\u0000');
}
