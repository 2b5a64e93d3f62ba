import { ask } from './database.js';
import type { OfflineDeps } from './offline-store.js';
import { type Limits, type RecordKey, sift } from './record.js';

/** From `open` to `release`: one user, one page id, one lock. */
export interface Session {
  readonly user: string;
  readonly deps: OfflineDeps;
  /** Aborted by `release`. */
  readonly end: AbortController;
}

/** What one page knows of the records in the store. */
export interface Holdings {
  /** The page id under which its records are kept; another after every `open`. */
  page: string;
  /** Owners known to hold no lock. A page id is never used again, so they stay so. */
  dead: ReadonlySet<string>;
  /** By event id, the page's own records: what is here is in the page's memory, too. */
  readonly held: Map<string, RecordKey>;
  /** Records of this page to be deleted with the next transaction. */
  readonly doomed: Set<RecordKey>;
}

export interface Tidied {
  readonly kept: readonly RecordKey[];
  /** To be called once the transaction is complete. Lost is what nobody has in memory. */
  settle(deps: OfflineDeps | undefined): void;
}

/** Inside a transaction: deletes what is doomed, too old or too much. */
export async function tidy(
  records: IDBObjectStore,
  own: Holdings,
  limits: Limits,
  nowMs: number,
): Promise<Tidied> {
  const doomed = [...own.doomed];
  for (const key of doomed) records.delete(key);
  const keys = (await ask(records.getAllKeys())) as RecordKey[];
  const mayGo = (owner: string) => owner === own.page || own.dead.has(owner);
  const { kept, expired, full } = sift(keys, mayGo, limits, nowMs);
  for (const key of [...expired, ...full]) records.delete(key);
  return {
    kept,
    settle(deps) {
      for (const key of doomed) own.doomed.delete(key);
      for (const [reason, gone] of [['expired', expired] as const, ['offline_full', full] as const]) {
        const lost = gone.filter(([, id]) => !own.held.delete(id)).length;
        if (lost > 0) deps?.onLost(reason, lost);
      }
    },
  };
}
