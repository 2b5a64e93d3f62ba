/**
 * The session of a page: an id that says nothing, and a number that grows with every event. To be made by
 * `memorySession`, `tabSession` or `noSession` alone: names are shortened in what is published.
 */
export interface Session {
  /** The id and number of an event that is tracked now; a new session where the last one is over. */
  next(): { readonly sessionId?: string; readonly seq?: number };
  /** The next event begins a new session, and nothing of the last is kept. */
  forget(): void;
  /** The page is being left, and the gate is open: something may be stored. */
  leave?(): void;
  /** The page came back from the back/forward cache. */
  enter?(): void;
}

/** What a session is at a moment. */
export interface SessionState {
  id: string;
  /** Of its last event. */
  seq: number;
  /** When it is over unless another event comes, milliseconds since 1970; 0: it is. */
  until: number;
}

/** Makes the session of a tracker: `memorySession`, or `tabSession` of `./sdk/session`. */
export type SessionFactory = (newId: () => string, now: () => number) => Session;

/**
 * A session that lives in memory, one to a page. It ends after 30 idle minutes (the convention of the field:
 * Google Analytics, Matomo). Midnight is the server's to look after, which knows its zone: here it would be that of the
 * device's clock, and the time of day at which sessions end would mark a device whose clock is off by hours.
 */
export function memorySession(
  newId: () => string,
  now: () => number,
  state: SessionState = { id: '', seq: 0, until: 0 },
): Session {
  return {
    next() {
      const idleMs = 1_800_000;
      const nowMs = now();
      if (nowMs >= state.until) {
        state.id = newId();
        state.seq = 0;
      }
      state.until = nowMs + idleMs;
      return { sessionId: state.id, seq: ++state.seq };
    },
    forget() {
      state.until = 0;
    },
  };
}
