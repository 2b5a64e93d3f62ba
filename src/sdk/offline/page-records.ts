import { ask } from './database.js';
import type { OfflineListener } from './offline-store.js';
import { type Limits, type RecordKey, sift } from './record.js';

/** What one page knows of the records in the store. */
export interface PageRecords {
  /** The page id under which its records are kept; another after every `open`. */
  pageId: string;
  /** Page ids known to hold no lock. A page id is never used again, so they stay so. */
  deadPages: ReadonlySet<string>;
  /** By event id, the page's own records: what is here is in the page's memory, too. */
  readonly stored: Map<string, RecordKey>;
  /** Records of this page to be deleted with the next transaction. */
  readonly toDelete: Set<RecordKey>;
}

export const noRecords = (): PageRecords => ({
  pageId: '',
  deadPages: new Set(),
  stored: new Map(),
  toDelete: new Set(),
});

/** A record of this page was written. Where its event was removed meanwhile, the record has to go again. */
export function noteWritten(own: PageRecords, record: RecordKey, isWanted: boolean): void {
  if (isWanted) own.stored.set(record[1], record);
  else own.toDelete.add(record);
}

/** The event of this id has its final answer: its record, where there is one, has to go. */
export function noteRemoved(own: PageRecords, id: string): void {
  const record = own.stored.get(id);
  if (record === undefined) return;
  own.stored.delete(id);
  own.toDelete.add(record);
}

/** The database is gone, and all records with it. */
export function forgetRecords(own: PageRecords): void {
  own.stored.clear();
  own.toDelete.clear();
}

export interface Pruned {
  readonly kept: readonly RecordKey[];
  /** To be called once the transaction is complete. Lost is what nobody has in memory. */
  settle(listener: OfflineListener | undefined): void;
}

/** Inside a transaction: deletes what is to be deleted, too old or too much. */
export async function prune(
  records: IDBObjectStore,
  own: PageRecords,
  limits: Limits,
  nowMs: number,
): Promise<Pruned> {
  const deleted = [...own.toDelete];
  for (const key of deleted) records.delete(key);
  const keys = (await ask(records.getAllKeys())) as RecordKey[];
  const mayGo = (pageId: string) => pageId === own.pageId || own.deadPages.has(pageId);
  const { kept, expired, full } = sift(keys, mayGo, limits, nowMs);
  for (const key of [...expired, ...full]) records.delete(key);

  /** How many of them no page has in memory. */
  const forget = (gone: readonly RecordKey[]) => gone.filter(([, id]) => !own.stored.delete(id)).length;
  return {
    kept,
    settle(listener) {
      for (const key of deleted) own.toDelete.delete(key);
      for (const [reason, gone] of [['expired', expired] as const, ['offline_full', full] as const]) {
        const lost = forget(gone);
        if (lost > 0) listener?.onLost(reason, lost);
      }
    },
  };
}
