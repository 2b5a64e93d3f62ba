import type { Consent, TrackedUser, TrackerOptions } from './options.js';
import type { BrowserNavigator, Platform } from './platform.js';

/** Why events wait in memory. */
export type HoldReason = 'user_loading' | 'consent_pending';
/** Why events are not kept at all. */
export type ClosedReason =
  | 'not_a_browser'
  | 'closed'
  | 'opted_out'
  | 'consent_denied'
  | 'signed_out'
  | 'internal_user'
  | 'user_loading';
export type GateState = 'open' | HoldReason | ClosedReason;

/** Whether this user may be tracked at the moment. Fails closed: what throws or is not known says no. */
export interface Gate {
  state(): GateState;
  /** Whether an event tracked now is to wait for the gate to open. */
  holds(state: GateState): boolean;
  /** The current user's id as text; null where it is not known or nobody is signed in. */
  userId(): string | null;
  /** Whether this would be somebody else than the last user that was known, or nobody any more. */
  isOther(user: TrackedUser | null | undefined): boolean;
  setUser(user: TrackedUser | null | undefined): void;
  setConsent(consent: Consent): void;
}

/** GPC section 3.2 and the DNT attribute of the Tracking Preference Expression. */
export function hasPrivacySignal(navigator: BrowserNavigator): boolean {
  return navigator.globalPrivacyControl === true || navigator.doNotTrack === '1';
}

const idOf = (user: TrackedUser | null) => (user === null ? null : String(user.id));

export function createGate<User extends TrackedUser>(
  options: TrackerOptions<User>,
  { navigator, window }: Pick<Platform, 'navigator' | 'window'>,
): Gate {
  const isBrowser = window !== undefined;
  let consent = options.consent;
  let user: TrackedUser | null | undefined;
  let internal = false;
  let lastId: string | null = null;

  function readConsent(): Consent {
    try {
      return typeof consent === 'function' ? consent() : consent;
    } catch {
      return 'denied';
    }
  }

  function isInternal(known: TrackedUser): boolean {
    try {
      return options.isInternal?.(known as User) ?? false;
    } catch {
      return true;
    }
  }

  return {
    state() {
      if (!isBrowser) return 'not_a_browser';
      if (options.privacySignals !== 'anonymous' && hasPrivacySignal(navigator)) return 'opted_out';
      const given = readConsent();
      if (given !== 'granted' && given !== 'pending') return 'consent_denied';
      if (user === null) return 'signed_out';
      if (internal) return 'internal_user';
      if (user === undefined) return 'user_loading';
      return given === 'pending' ? 'consent_pending' : 'open';
    },
    holds: (state) =>
      state === 'consent_pending' || (state === 'user_loading' && options.whileUserLoading !== 'drop'),
    userId: () => (user == null ? null : lastId),
    isOther: (next) => lastId !== null && next !== undefined && idOf(next) !== lastId,
    setUser(next) {
      user = next;
      internal = next != null && isInternal(next);
      if (next !== undefined) lastId = idOf(next);
    },
    setConsent(next) {
      consent = next;
    },
  };
}
