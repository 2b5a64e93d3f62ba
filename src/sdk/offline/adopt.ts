import type { StoredEvent } from '../offline-keeping.js';
import { type Sealed, unseal } from './cipher.js';
import { ask, transact, type Vault } from './database.js';
import { isOver, type Lease } from './lease.js';
import { noteWritten, type PageRecords, type Pruned, prune } from './page-records.js';
import type { OfflinePlatform } from './platform.js';
import type { Limits, RecordKey } from './record.js';

export interface Adoption {
  readonly platform: OfflinePlatform;
  readonly vault: Vault;
  /** The name of the lock that a page holds while it lives. */
  readonly lockOf: (pageId: string) => string;
  readonly limits: Limits;
  readonly lease: Lease;
  /** The id that this page had before; the same as now where it has kept it. */
  readonly formerPageId: string;
  readonly own: PageRecords;
}

/** A record that this page can open and may take over. */
interface Leftover {
  readonly sealed: Sealed;
  readonly json: string;
}

/** What one transaction took over, under its new keys. */
interface TakenOver {
  readonly pruned: Pruned;
  /** What this page stored itself and no other page has taken. */
  readonly keptIds: ReadonlySet<string>;
  /** The part of it that lies under the former page id. */
  readonly moved: readonly RecordKey[];
  readonly restored: readonly (StoredEvent & { readonly record: RecordKey })[];
}

/**
 * Takes over what this user's pages that are gone have left, and what this page stored itself under its former id.
 * Tells the listener what has come, gone and got lost.
 *
 * Why no two pages get the same record and no living page loses one: a page writes only after it holds its
 * lock. Here the records are read first and the locks after that, so a page without a lock is gone for good,
 * however many pages come and go meanwhile. Taking over changes the key of a record, in one transaction that
 * finds the old key still there, and IndexedDB runs writing transactions one after the other.
 */
export async function adopt(adoption: Adoption): Promise<void> {
  const { own, lease, formerPageId } = adoption;
  const { listener } = lease;
  const { pruned, keptIds, moved, restored } = await takeOver(adoption, await findLeftovers(adoption));

  pruned.settle(listener);
  for (const record of moved) noteWritten(own, record, own.stored.has(record[1]));
  // Left while this ran: the next `open` finds out, and finds again what is not told here.
  if (isOver(lease)) return;
  if (formerPageId !== own.pageId) listener.onTaken(forgetTaken(own, keptIds));
  if (restored.length === 0) return;
  for (const { id, record } of restored) own.stored.set(id, record);
  listener.onRestored(restored.map(({ id, json }) => ({ id, json })));
}

/** What the records of dead pages hold, by their key as text; only those that this user's page can open. */
async function findLeftovers(adoption: Adoption): Promise<ReadonlyMap<string, Leftover>> {
  const { platform, vault, lockOf, lease, own } = adoption;
  const [keys, values] = await transact(vault.db, 'readonly', (records) =>
    Promise.all([ask(records.getAllKeys()), ask<Sealed[]>(records.getAll())]),
  );
  const found = keys as RecordKey[];
  const locked = new Set((await platform.locks.query()).held?.map((lock) => lock.name));
  const isDead = (pageId: string) => pageId !== own.pageId && !locked.has(lockOf(pageId));
  own.deadPages = new Set(found.map(([, , pageId]) => pageId).filter(isDead));

  const leftovers = new Map<string, Leftover>();
  for (const [index, sealed] of values.entries()) {
    const record = found[index];
    if (record === undefined || !own.deadPages.has(record[2])) continue;
    const json = await unseal(platform.crypto.subtle, vault.key, { user: lease.user, id: record[1] }, sealed);
    if (json !== undefined) leftovers.set(String(record), { sealed, json });
  }
  return leftovers;
}

async function takeOver(
  { platform, vault, limits, formerPageId, own }: Adoption,
  leftovers: ReadonlyMap<string, Leftover>,
): Promise<TakenOver> {
  const keptIds = new Set<string>();
  const moved: RecordKey[] = [];
  const restored: TakenOver['restored'][number][] = [];
  const pruned = await transact(vault.db, 'readwrite', async (records) => {
    const result = await prune(records, own, limits, platform.now());
    for (const record of result.kept) {
      const [savedAtMs, id, pageId, bytes] = record;
      const isOwn = (pageId === formerPageId || pageId === own.pageId) && own.stored.has(id);
      if (isOwn) keptIds.add(id);
      const leftover = leftovers.get(String(record));
      if (leftover === undefined) continue;
      const to: RecordKey = [savedAtMs, id, own.pageId, bytes];
      records.delete(record);
      records.put(leftover.sealed, to);
      if (isOwn) moved.push(to);
      else restored.push({ id, json: leftover.json, record: to });
    }
    return result;
  });
  return { pruned, keptIds, moved, restored };
}

/** Forgets, and answers, the events that this page had stored and another page has taken over by now. */
function forgetTaken(own: PageRecords, keptIds: ReadonlySet<string>): readonly string[] {
  const taken = [...own.stored.keys()].filter((id) => !keptIds.has(id));
  for (const id of taken) own.stored.delete(id);
  return taken;
}
