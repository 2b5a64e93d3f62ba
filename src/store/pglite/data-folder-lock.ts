import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Clock } from '../../domain/ports/index.js';
import { storeError } from '../engine/store-error.js';

interface Owner {
  readonly host: string;
  readonly pid: number;
  /** When the process began, as the kernel counts; null where it does not tell. Tells a reused pid from its former owner. */
  readonly started: string | null;
  readonly nonce: string;
}

/** The owner says that it lives this often … */
const heartbeatMs = 5_000;
/** … and an owner on another host, whose processes we cannot see, counts as dead after this. */
const foreignLifeMs = 20_000;

export interface DataFolderLock {
  release(): void;
}

/**
 * Takes `<folder>.lock` for this process, or throws `data_folder_in_use`. The lock of a process that was killed
 * is recovered: at once on the same host, after 20 seconds where the owner was on another one (a container).
 */
export function lockDataFolder(folder: string, clock: Clock): DataFolderLock {
  const path = `${folder}.lock`;
  const me: Owner = {
    host: hostname(),
    pid: process.pid,
    started: startOf(process.pid),
    nonce: randomUUID(),
  };
  if (!take(path, me)) {
    const owner = read(path);
    if (lives(owner, path, clock)) throw inUse(owner);
    recover(path, owner);
    if (!take(path, me)) throw inUse(read(path));
  }
  touch(path, clock);
  const heartbeat = setInterval(() => touch(path, clock), heartbeatMs).unref();
  return {
    release() {
      clearInterval(heartbeat);
      if (read(path)?.nonce === me.nonce) rmSync(path, { force: true });
    },
  };
}

function take(path: string, me: Owner): boolean {
  try {
    writeFileSync(path, `${JSON.stringify(me)}\n`, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code === 'EEXIST') return false;
    throw error;
  }
}

function read(path: string): Owner | null {
  try {
    const found: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return typeof found === 'object' && found !== null && 'pid' in found ? (found as Owner) : null;
  } catch {
    return null;
  }
}

function lives(owner: Owner | null, path: string, clock: Clock): boolean {
  // No owner in it: the file is being written this moment, or its writer died in the middle.
  if (owner?.host !== hostname()) return ageMs(path, clock) < foreignLifeMs;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    if ((error as { code?: unknown }).code !== 'EPERM') return false;
  }
  return startOf(owner.pid) === owner.started;
}

function ageMs(path: string, clock: Clock): number {
  const found = statSync(path, { throwIfNoEntry: false });
  return found ? Math.abs(clock.now().getTime() - found.mtimeMs) : Number.POSITIVE_INFINITY;
}

/** Moves the dead owner's file away; puts it back when somebody else was quicker and it is no longer the dead one's. */
function recover(path: string, dead: Owner | null): void {
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  try {
    if (read(aside)?.nonce !== dead?.nonce) linkSync(aside, path);
  } finally {
    rmSync(aside, { force: true });
  }
}

/** Field 22 of /proc/<pid>/stat (man 5 proc); the second field may hold spaces and parentheses. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

function touch(path: string, clock: Clock): void {
  try {
    const now = clock.now();
    utimesSync(path, now, now);
  } catch {
    // The folder is being deleted; there is nothing left to protect.
  }
}

function inUse(owner: Owner | null): Error {
  return storeError('data_folder_in_use', 'The data folder is open in another process.', {
    pid: owner ? String(owner.pid) : null,
    host: owner?.host ?? null,
  });
}
