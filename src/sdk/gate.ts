import { attempt } from './core/attempt.js';
import type { Consent, TrackedUser, TrackerOptions } from './options.js';
import type { Globals } from './platform.js';

/** Why events wait in memory, where the options say so. */
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

/** GPC section 3.2 and the DNT attribute of the Tracking Preference Expression. */
export function hasPrivacySignal({ navigator }: Globals): boolean {
  return navigator?.globalPrivacyControl === true || navigator?.doNotTrack === '1';
}

/** Fails closed: what throws or is no known word says `denied`. */
export function readConsent(consent: Consent | (() => Consent)): Consent {
  const given = attempt(() => (typeof consent === 'function' ? consent() : consent), null);
  return given === 'granted' || given === 'pending' ? given : 'denied';
}

/** Whether this user may be tracked at the moment. Fails closed: what is not known says no. */
export function gateState(
  options: Pick<TrackerOptions, 'privacySignals'>,
  globals: Globals,
  consent: Consent,
  user: TrackedUser | null | undefined,
  internal: boolean,
): GateState {
  if (!globals.window) return 'not_a_browser';
  if (options.privacySignals !== 'anonymous' && hasPrivacySignal(globals)) return 'opted_out';
  if (consent === 'denied') return 'consent_denied';
  if (user === null) return 'signed_out';
  if (internal) return 'internal_user';
  if (!user) return 'user_loading';
  return consent === 'pending' ? 'consent_pending' : 'open';
}
