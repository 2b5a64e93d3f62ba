import { attempt } from './core/attempt.js';
import type { TrackedUser, TrackerOptions } from './options.js';
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

/**
 * Whether this user may be tracked at the moment. Fails closed: what is not known says no, and so does a consent
 * that throws or is no known word.
 */
export function gateState(
  options: Pick<TrackerOptions, 'privacySignals'>,
  globals: Globals,
  consent: TrackerOptions['consent'],
  user: TrackedUser | null | undefined,
  internal: boolean,
): GateState {
  if (!globals.window) return 'not_a_browser';
  const given = attempt(() => (typeof consent === 'function' ? consent() : consent));
  if (given !== 'granted' && given !== 'pending') return 'consent_denied';
  // GPC section 3.2 and the DNT attribute of the Tracking Preference Expression.
  const { navigator } = globals;
  const signalled = navigator?.globalPrivacyControl || navigator?.doNotTrack === '1';
  if (signalled && options.privacySignals !== 'ignore') return 'opted_out';
  if (user === null) return 'signed_out';
  if (internal) return 'internal_user';
  if (!user) return 'user_loading';
  return given === 'pending' ? 'consent_pending' : 'open';
}
