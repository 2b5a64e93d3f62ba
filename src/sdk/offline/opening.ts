import { adopt } from './adopt.js';
import { openVault, type Vault } from './database.js';
import { isOver, type Lease } from './lease.js';
import { holdLock } from './lock.js';
import type { PageRecords } from './page-records.js';
import type { OfflinePlatform } from './platform.js';
import type { Limits } from './record.js';

export interface OpeningDeps {
  readonly platform: OfflinePlatform;
  readonly limits: Limits;
  /** Of the database. */
  readonly name: string;
  readonly adoptEveryMs: number;
  readonly own: PageRecords;
  readonly enqueue: (task: () => Promise<unknown>) => void;
  /** The database was closed from outside. */
  readonly onGone: () => void;
}

/** The database, as long as it is open, and the leases under which it is used. */
export interface Opening {
  vault(): Vault | undefined;
  /** Makes everything ready for the lease and takes over what it may; rejects where something is missing or fails. */
  start(lease: Lease): Promise<void>;
  close(): void;
}

export function createOpening(deps: OpeningDeps): Opening {
  const { platform, limits, name, adoptEveryMs, own, enqueue, onGone } = deps;
  const lockOf = (pageId: string) => `${name}:${pageId}`;
  let vault: Vault | undefined;
  /** Whose events `own.stored` are. */
  let storedFor: string | undefined;

  async function open(): Promise<Vault> {
    return openVault(platform.indexedDB, platform.crypto.subtle, name, (db) => {
      if (vault?.db !== db) return;
      vault = undefined;
      onGone();
    });
  }

  async function start(lease: Lease): Promise<void> {
    const pageId = platform.crypto.randomUUID();
    if (isOver(lease)) return;
    await holdLock(platform.locks, lockOf(pageId), lease.end.signal);
    if (isOver(lease)) return;
    vault ??= await open();
    if (isOver(lease)) return;
    // What was stored for another user is left to that user's next page.
    if (storedFor !== lease.user) own.stored.clear();
    storedFor = lease.user;
    const formerPageId = own.pageId;
    own.pageId = pageId;
    await adopt({ platform, vault, lockOf, limits, lease, formerPageId, own });
    adoptLater(lease);
  }

  function adoptLater(lease: Lease): void {
    platform.later(() => enqueue(() => adoptAgain(lease)), adoptEveryMs);
  }

  async function adoptAgain(lease: Lease): Promise<void> {
    if (isOver(lease) || vault === undefined) return;
    adoptLater(lease);
    await adopt({ platform, vault, lockOf, limits, lease, formerPageId: own.pageId, own });
  }

  return {
    vault: () => vault,
    start,
    close() {
      vault?.db.close();
      vault = undefined;
    },
  };
}
