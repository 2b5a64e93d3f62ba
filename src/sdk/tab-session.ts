import { attempt } from './core/attempt.js';
import { memorySession, type Session, type SessionState } from './session.js';

/** The part of `LockManager` (Web Locks API) that is used. */
export interface Locks {
  request(
    name: string,
    options: { readonly ifAvailable: true },
    callback: (lock: unknown) => unknown,
  ): Promise<unknown>;
}

/** The part of `sessionStorage` that is used. */
export interface TabStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** All that it touches of a browser. */
export interface TabPlatform {
  /** May throw, as reading `window.sessionStorage` does in a sandboxed frame. */
  storage(): TabStorage;
  readonly locks: Locks | undefined;
}

const key = 'signals.session';

function browserTab(): TabPlatform {
  const globals = globalThis as unknown as {
    readonly sessionStorage: TabStorage;
    readonly navigator?: { readonly locks?: Locks };
  };
  return { storage: () => globals.sessionStorage, locks: globals.navigator?.locks };
}

/**
 * A session that lasts as long as the tab, over reloads and navigations, in `sessionStorage`: the option
 * `session: tabSession` of `createTracker`.
 *
 * A copied tab (`window.open`, "Duplicate") finds the original's id in its copy of `sessionStorage`. The original
 * holds a Web Lock of that name, so the copy begins a session of its own, also for what it has tracked meanwhile.
 * Storage that throws, is full or holds nonsense means a session in memory; without Web Locks (an insecure page)
 * a copy cannot be told from a reload, and shares the session.
 */
export function tabSession(
  newId: () => string,
  now: () => number,
  { storage, locks }: TabPlatform = browserTab(),
): Session {
  const state = attempt(() => read(storage()), null) ?? { id: '', lastMs: 0, seq: 0 };
  const session = memorySession(newId, now, state);
  let copied = '';
  let locked = '';
  let asking = '';
  let unlock: (() => void) | undefined;

  function leave(): void {
    unlock?.();
    locked = '';
  }

  /** Holds the lock of the present id. */
  function enter(): void {
    const { id } = state;
    if (!id || id === locked) return;
    leave();
    locked = id;
    // Left and back before the first answer: a second request would find the lock held by the first.
    if (asking === id) return;
    asking = id;
    locks
      ?.request(`${key}.${id}`, { ifAvailable: true }, (lock) => {
        asking = '';
        if (locked !== id) return;
        if (lock) return new Promise<void>((resolve) => (unlock = resolve));
        copied = id;
        session.forget();
        session.next();
        enter();
      })
      .catch(() => {});
  }

  enter();
  return {
    next() {
      const next = session.next();
      enter();
      return next;
    },
    forget() {
      session.forget();
      leave();
      attempt(() => storage().removeItem(key), null);
    },
    leave(mayStore) {
      const { id, lastMs, seq } = state;
      if (id && mayStore) attempt(() => storage().setItem(key, `${id} ${lastMs} ${seq}`), null);
      leave();
    },
    enter,
    correct: (text) => (copied ? text.replaceAll(copied, state.id) : text),
  };
}

function read(storage: TabStorage): SessionState | undefined {
  const [, id, lastMs, seq] = /^([0-9a-f-]{36}) (\d+) (\d+)$/.exec(storage.getItem(key) ?? '') ?? [];
  return id ? { id, lastMs: Number(lastMs), seq: Number(seq) } : undefined;
}
