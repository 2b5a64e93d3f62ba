import { addDays, createDayOf, type DayOf } from '../../domain/day.js';
import { dimensionKey } from '../../domain/dimension-key.js';
import type { AnonymousEvent } from '../../domain/event.js';
import type { AppendVerdict, EventStore } from '../../domain/ports/index.js';
import { createLocalLocks } from '../engine/local-locks.js';
import { createMemoryReader } from './memory-reader.js';
import { createMemoryStats } from './memory-stats.js';
import type { SealedDay } from './sealed-day.js';

/** A store that keeps everything in memory: the reference of what every engine must do, for tests. */
export interface MemoryStore extends EventStore {
  /** Every row, in the order in which it was accepted. */
  rows(): readonly AnonymousEvent[];
  /** What statistics still know of days whose rows are forgotten. */
  sealedDays(): readonly SealedDay[];
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
  const sealed = new Map<string, SealedDay>();
  let keptFrom = '';
  let closed = false;

  return {
    rows,
    sealedDays: () => [...sealed.values()],
    append: async (batch) => batch.map(appendOne),
    pending: () => 0,
    knowsWords: (key) => words.has(key),
    ...createMemoryReader(rows),
    ...createMemoryStats(rows, dayOf),
    countBefore: async (dayStart) => before(dayStart).length,
    async oldestBefore({ start }) {
      return { event: oldestFirst(before(start))[0]?.createdAt ?? null, counts: null };
    },
    async forgetDay(day, limit, { minGroup }) {
      const ofDay = oldestFirst(
        rows().filter(({ createdAt }) => day.start <= createdAt && createdAt < day.end),
      );
      if (!sealed.has(day.day)) sealed.set(day.day, { ...day, rows: ofDay, minGroup });
      if (day.day >= keptFrom) keptFrom = addDays(day.day, 1);
      const gone = ofDay.slice(0, limit);
      for (const { id } of gone) events.delete(id);
      return gone.length;
    },
    forgetTotals: async () => 0,
    cleanUp: async () => 0,
    countOldRows: async () => 0,
    rewriteOldRows: async () => 0,
    beginCounting: async () => 'GOES_ON',
    changeAllDays: async () => undefined,
    changedDays: async () => [],
    countDay: async () => 'COUNTED',
    withLock: createLocalLocks(),
    now: async () => null,
    readiness: async () => (closed ? { ready: false, reason: 'store_closed' } : { ready: true }),
    async close() {
      closed = true;
    },
  };

  function appendOne(event: AnonymousEvent): AppendVerdict {
    if (closed) return 'UNAVAILABLE';
    if (event.day < keptFrom) return 'TOO_OLD';
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

function oldestFirst(events: readonly AnonymousEvent[]): AnonymousEvent[] {
  return [...events].sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
}
