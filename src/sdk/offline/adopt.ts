import type { StoredEvent } from '../offline-keeping.js';
import { type Sealed, unseal } from './cipher.js';
import { ask, transact, type Vault } from './database.js';
import { type Holdings, type Session, tidy } from './holdings.js';
import type { OfflinePlatform } from './platform.js';
import type { Limits, RecordKey } from './record.js';

interface Leftover {
  readonly sealed: Sealed;
  readonly json: string;
}

/**
 * Takes over what this user's pages that are gone have left, and what this page kept itself as `former`, the id
 * that it had before. Tells the session what has come, gone and got lost.
 *
 * Why no two pages get the same record and no living page loses one: a page writes only after it holds its
 * lock. Here the records are read first and the locks after that, so an owner without a lock is gone for good,
 * however many pages come and go meanwhile. Taking over changes the key of a record, in one transaction that
 * finds the old key still there, and IndexedDB runs writing transactions one after the other.
 */
export async function adopt(
  { crypto, locks, now }: OfflinePlatform,
  { db, key }: Vault,
  lockOf: (owner: string) => string,
  limits: Limits,
  { user, deps, end }: Session,
  former: string,
  own: Holdings,
): Promise<void> {
  const [keys, values] = await transact(db, 'readonly', (records) =>
    Promise.all([ask(records.getAllKeys()), ask<Sealed[]>(records.getAll())]),
  );
  const found = keys as RecordKey[];
  const locked = new Set((await locks.query()).held?.map((lock) => lock.name));
  const isDead = (owner: string) => owner !== own.page && !locked.has(lockOf(owner));
  own.dead = new Set(found.map(([, , owner]) => owner).filter(isDead));

  const leftovers = new Map<string, Leftover>();
  for (const [index, sealed] of values.entries()) {
    const record = found[index];
    if (record === undefined || !own.dead.has(record[2])) continue;
    const json = await unseal(crypto.subtle, key, user, record[1], sealed);
    if (json !== undefined) leftovers.set(String(record), { sealed, json });
  }

  const kept = new Set<string>();
  const again: RecordKey[] = [];
  const restored: (StoredEvent & { readonly to: RecordKey })[] = [];
  const tidied = await transact(db, 'readwrite', async (records) => {
    const result = await tidy(records, own, limits, now());
    for (const record of result.kept) {
      const [savedAtMs, id, owner, bytes] = record;
      const isOwn = (owner === former || owner === own.page) && own.held.has(id);
      if (isOwn) kept.add(id);
      const leftover = leftovers.get(String(record));
      if (leftover === undefined) continue;
      const to: RecordKey = [savedAtMs, id, own.page, bytes];
      records.delete(record);
      records.put(leftover.sealed, to);
      if (isOwn) again.push(to);
      else restored.push({ id, json: leftover.json, to });
    }
    return result;
  });

  tidied.settle(deps);
  for (const to of again) {
    // What was removed while this ran has to go under its new key.
    if (own.held.has(to[1])) own.held.set(to[1], to);
    else own.doomed.add(to);
  }
  // Left while this ran: the next `open` finds out, and finds again what is not told here.
  if (end.signal.aborted) return;
  if (former !== own.page) {
    const taken = [...own.held.keys()].filter((id) => !kept.has(id));
    for (const id of taken) own.held.delete(id);
    deps.onTaken(taken);
  }
  if (restored.length === 0) return;
  for (const { id, to } of restored) own.held.set(id, to);
  deps.onRestored(restored.map(({ id, json }) => ({ id, json })));
}
