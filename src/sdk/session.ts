import type { Platform, TabStorage } from './platform.js';

const idleMs = 30 * 60_000;
const dayMs = 86_400_000;
const key = 'signals.session';

/** The session of this tab: an id that says nothing, and a number that grows with every event. */
export interface Session {
  /** The id and number of an event that is tracked now; a new session where the last one is over. */
  next(): { readonly id: string; readonly seq: number };
  /** Puts the present id where a copied tab's early events have the original's. */
  corrected(text: string): string;
  /** The page is being left: kept for the next page of this tab, and not locked any more. */
  leave(): void;
  /** The page came back. */
  enter(): void;
  /** The next event begins a new session; nothing is left in storage. */
  forget(): void;
}

/**
 * A session ends after 30 idle minutes (the convention of the field: Google Analytics, Matomo) and at 00:00 UTC,
 * because an id that goes on would link the visitor hashes of two days. A copied tab (`window.open`, "Duplicate")
 * finds the original's id in its copy of `sessionStorage`; the original holds a Web Lock of that name, so the
 * copy begins a session of its own. Storage that throws, is full or holds nonsense means a session in memory.
 */
export function createSession(platform: Platform, stored: boolean, newId: () => string): Session {
  let id = '';
  let lastMs = 0;
  let seq = 0;
  let unlock: (() => void) | undefined;
  let copied = '';

  function withStorage<T>(use: (storage: TabStorage) => T): T | undefined {
    try {
      return stored ? use(platform.storage()) : undefined;
    } catch {
      return undefined;
    }
  }

  function lock(): void {
    const wanted = id;
    if (!stored || wanted === '') return;
    // Storage may hold an id without locks to guard it (an insecure page): then a copy cannot be told.
    platform.navigator.locks
      ?.request(`${key}.${wanted}`, { ifAvailable: true }, (held) => {
        if (id !== wanted) return;
        if (held !== null) return new Promise<void>((resolve) => (unlock = resolve));
        copied = wanted;
        begin();
      })
      .catch(() => {});
  }

  function begin(): void {
    unlock?.();
    id = newId();
    seq = 0;
    lock();
  }

  function isOver(nowMs: number): boolean {
    return (
      id === '' ||
      Math.abs(nowMs - lastMs) > idleMs ||
      Math.floor(nowMs / dayMs) !== Math.floor(lastMs / dayMs)
    );
  }

  withStorage((storage) => {
    const [keptId, keptMs, keptSeq] = JSON.parse(storage.getItem(key) ?? '[]');
    if (/^[0-9a-f-]{36}$/.test(keptId) && keptMs > 0 && keptSeq > 0) {
      id = keptId;
      lastMs = keptMs;
      seq = keptSeq;
    }
  });
  lock();

  return {
    next() {
      const nowMs = platform.now();
      if (isOver(nowMs)) begin();
      lastMs = nowMs;
      seq += 1;
      return { id, seq };
    },
    corrected: (text) => (copied === '' ? text : text.replaceAll(copied, id)),
    leave() {
      withStorage((storage) => {
        if (id !== '') storage.setItem(key, JSON.stringify([id, lastMs, seq]));
      });
      unlock?.();
    },
    enter: lock,
    forget() {
      unlock?.();
      id = '';
      withStorage((storage) => storage.removeItem(key));
    },
  };
}
