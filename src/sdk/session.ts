/** The session of a page: an id that says nothing, and a number that grows with every event. */
export interface Session {
  /** The id and number of an event that is tracked now; a new session where the last one is over. */
  next(): { readonly sessionId: string; readonly seq: number };
  /** The next event begins a new session, and nothing of the last is kept. */
  forget(): void;
  /** The page is being left; without consent nothing may be stored. */
  leave?(mayStore: boolean): void;
  /** The page came back from the back/forward cache. */
  enter?(): void;
  /** Puts the present id where events on their way out have one that is not to be used. */
  correct?(text: string): string;
}

/** What a session is at a moment; it has begun where there is an id. */
export interface SessionState {
  id: string;
  /** Of its last event, milliseconds since 1970. */
  lastMs: number;
  seq: number;
}

/** Makes the session of a tracker: `memorySession`, or `tabSession` of `./sdk/session`. */
export type SessionFactory = (newId: () => string, now: () => number) => Session;

const idleMs = 30 * 60_000;
const dayMs = 86_400_000;

/**
 * A session that lives in memory, one to a page. It ends after 30 idle minutes (the convention of the field:
 * Google Analytics, Matomo) and at 00:00 UTC, because an id that went on would link the visitor hashes of two days.
 */
export function memorySession(
  newId: () => string,
  now: () => number,
  state: SessionState = { id: '', lastMs: 0, seq: 0 },
): Session {
  return {
    next() {
      const nowMs = now();
      const { id, lastMs } = state;
      if (!id || Math.abs(nowMs - lastMs) > idleMs || ((nowMs / dayMs) | 0) !== ((lastMs / dayMs) | 0)) {
        state.id = newId();
        state.seq = 0;
      }
      state.lastMs = nowMs;
      state.seq += 1;
      return { sessionId: state.id, seq: state.seq };
    },
    forget() {
      state.id = '';
    },
  };
}
