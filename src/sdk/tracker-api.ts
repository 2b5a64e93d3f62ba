import type { TrackerStats as LedgerStats } from '../client/ledger.js';
import type { GateState } from './gate-state.js';
import type { Consent, TrackedUser } from './options.js';
import type { RegisteredTrack } from './track.js';

/** Counts of events since the tracker was made. */
export interface TrackerStats extends LedgerStats {
  /** Left in the offline store by an earlier page and taken over by this one. */
  readonly restored?: number;
  /** Left in the offline store for another page. */
  readonly handedOver?: number;
  /** What would become of an event that is tracked now. */
  readonly gate: GateState;
}

export interface Tracker<User extends TrackedUser = TrackedUser, Track = RegisteredTrack> {
  /**
   * Queues one event and returns at once. Never throws, never waits, does no I/O on the caller's stack,
   * whatever it is given; what cannot be sent is counted in `stats().dropped`. Needs no `this`.
   */
  readonly track: Track;
  /**
   * Who is signed in; see `TrackerOptions.user`. When it is somebody else, what the last user did is sent with
   * the last user's token, and what cannot be sent at once is dropped as `user_changed`: an event never goes
   * out in another user's name.
   */
  setUser(user: User | null | undefined): void;
  /** `denied` empties the queue, forgets the session and erases the offline store. */
  setConsent(consent: Consent): void;
  /**
   * Sends what is queued now and resolves when the last of it has a final answer, was given up, or `timeoutMs`
   * (default: that of the tracker) have passed. Never rejects.
   */
  flush(options?: { readonly timeoutMs?: number }): Promise<void>;
  /**
   * Takes no more events (`closed`), flushes, lets go of the page, and drops what is left (`shutdown`; what the
   * offline store holds is left to it). Never rejects; a second call is the first one.
   */
  close(options?: { readonly timeoutMs?: number }): Promise<void>;
  /**
   * Counts that add up at any time:
   * tracked + restored = accepted + duplicates + dropped + handedOver + queued + inFlight.
   */
  stats(): TrackerStats;
}
