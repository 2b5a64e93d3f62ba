import type { StoredEvent } from '../offline-keeping.js';
import { type EventName, seal } from './cipher.js';
import { transact, type Vault } from './database.js';
import type { OfflineListener } from './offline-store.js';
import { noteWritten, type PageRecords, prune } from './page-records.js';
import type { OfflinePlatform } from './platform.js';
import type { Limits, RecordKey } from './record.js';

export interface WriterDeps {
  readonly platform: OfflinePlatform;
  readonly limits: Limits;
  readonly own: PageRecords;
}

/** Events that are to be written, and the writing. */
export interface Writer {
  /** Writes them with the next `flush`; ignores what is stored, or waits to be, already. */
  add(user: string, events: readonly StoredEvent[]): void;
  remove(id: string): void;
  clear(): void;
  /** Writes what waits and deletes what is to be deleted, in one transaction. `listener` is who is told by then. */
  flush(vault: Vault, listener: () => OfflineListener | undefined): Promise<void>;
}

type Unwritten = StoredEvent & EventName;

export function createWriter({ platform, limits, own }: WriterDeps): Writer {
  const waiting = new Map<string, Unwritten>();
  const isWaiting = (event: Unwritten) => waiting.get(event.id) === event;

  async function write({ db, key }: Vault, batch: readonly Unwritten[]) {
    const ready = await Promise.all(
      batch.map(async (event) => ({ event, sealed: await seal(platform.crypto, key, event) })),
    );
    const written = new Map<RecordKey, Unwritten>();
    const pruned = await transact(db, 'readwrite', async (records) => {
      const nowMs = platform.now();
      for (const { event, sealed } of ready) {
        if (!isWaiting(event)) continue;
        const record: RecordKey = [nowMs, event.id, own.pageId, sealed.data.byteLength];
        records.put(sealed, record);
        written.set(record, event);
      }
      return prune(records, own, limits, nowMs);
    });
    for (const [record, event] of written) noteWritten(own, record, isWaiting(event));
    return pruned;
  }

  return {
    add(user, events) {
      for (const { id, json } of events) {
        if (!waiting.has(id) && !own.stored.has(id)) waiting.set(id, { user, id, json });
      }
    },
    remove: (id) => {
      waiting.delete(id);
    },
    clear: () => waiting.clear(),
    async flush(vault, listener) {
      const batch = [...waiting.values()];
      if (batch.length + own.toDelete.size === 0) return;
      try {
        const pruned = await write(vault, batch);
        pruned.settle(listener());
      } finally {
        // What could not be written, for want of room perhaps, is not tried again: `holds` says false.
        for (const event of batch) if (isWaiting(event)) waiting.delete(event.id);
      }
    },
  };
}
