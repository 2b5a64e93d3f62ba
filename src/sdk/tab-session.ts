import { attempt } from '../client/attempt.js';
import { asSession, memorySession, overSession, type Session, type SessionState } from './session.js';

/** The part of `sessionStorage` that is used. */
export interface TabStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

const key = 'signals.session';

/**
 * A session that lasts as long as the tab, over reloads and navigations, in `sessionStorage`: the option
 * `session: tabSession` of `createTracker`.
 *
 * It is in the storage only while no page of the tab has it: a page writes it when it is left, or its tracker closed,
 * and takes it out when it begins. So a copied tab (`window.open`, "Duplicate"), which gets a copy of the storage while
 * the original is there, finds none and has a session of its own. Storage that throws, is full or holds nonsense means
 * a session in memory; a page that crashes or is discarded takes its session with it.
 */
export function tabSession(
  newId: () => string,
  now: () => number,
  storage: () => TabStorage = () => sessionStorage,
): Session {
  const state = attempt(() => take(storage())) ?? overSession();
  const session = memorySession(newId, now, state);
  let isLeft = false;

  function save(): void {
    const { id, seq, expiresAt } = state;
    if (expiresAt > 0) attempt(() => storage().setItem(key, `${id} ${seq} ${expiresAt}`));
  }

  return asSession({
    next() {
      const next = session.next();
      // Tracked by a handler that came after ours: the next page is to go on from this number.
      if (isLeft) save();
      return next;
    },
    forget() {
      session.forget();
      attempt(() => storage().removeItem(key));
    },
    leave() {
      isLeft = true;
      save();
    },
    enter() {
      isLeft = false;
      // Back from the back/forward cache: pages after this one may have gone on counting.
      const later = attempt(() => take(storage()));
      if (later?.id === state.id) Object.assign(state, later);
    },
  });
}

/** Events carry neither a session id nor a number: the option `session: noSession`. */
export const noSession = (): Session => asSession({ next: () => ({}), forget() {} });

function take(storage: TabStorage): SessionState | undefined {
  const [, id, seq, expiresAt] = /^([0-9a-f-]{36}) (\d+) (\d+)$/.exec(storage.getItem(key) ?? '') ?? [];
  storage.removeItem(key);
  return id ? { id, seq: Number(seq), expiresAt: Number(expiresAt) } : undefined;
}
