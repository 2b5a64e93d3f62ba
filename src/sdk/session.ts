/** What the tracker and the session of a page have to say to each other. */
export interface SessionSteps {
  /** The id and number of an event that is tracked now; a new session where the last one is over. */
  next(): { readonly sessionId?: string; readonly seq?: number };
  /** The next event begins a new session, and nothing of the last is kept. */
  forget(): void;
  /** The page is being left, and the gate is open: something may be stored. */
  leave?(): void;
  /** The page came back from the back/forward cache. */
  enter?(): void;
}

declare const madeBySignals: unique symbol;

/**
 * The session of a page: an id that says nothing, and a number that grows with every event. An application gets one
 * from `tabSession` or `noSession` and cannot write one: its steps may change with every version.
 */
export interface Session extends SessionSteps {
  readonly [madeBySignals]: true;
}

/** The only way to make a `Session`. */
export const asSession = (steps: SessionSteps): Session => steps as Session;

/** What a session is at a moment. */
export interface SessionState {
  id: string;
  /** Of its last event. */
  seq: number;
  /** When it is over unless another event comes, milliseconds since 1970; 0: it is. */
  expiresAt: number;
}

export const overSession = (): SessionState => ({ id: '', seq: 0, expiresAt: 0 });

const idleMs = 30 * 60_000;

/** Makes the session of a tracker: `memorySession`, or `tabSession` of `signals-client/session`. */
export type SessionFactory = (newId: () => string, now: () => number) => Session;

/**
 * A session that lives in memory, one to a page. It ends after 30 idle minutes (the convention of the field:
 * Google Analytics, Matomo). Midnight is the server's to look after, which knows its zone: here it would be that of the
 * device's clock, and the time of day at which sessions end would mark a device whose clock is off by hours.
 */
export function memorySession(
  newId: () => string,
  now: () => number,
  state: SessionState = overSession(),
): Session {
  return asSession({
    next() {
      const nowMs = now();
      if (nowMs >= state.expiresAt) {
        state.id = newId();
        state.seq = 0;
      }
      state.expiresAt = nowMs + idleMs;
      state.seq += 1;
      return { sessionId: state.id, seq: state.seq };
    },
    forget() {
      state.expiresAt = 0;
    },
  });
}
