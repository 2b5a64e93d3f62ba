import { attempt } from '../client/attempt.js';
import type { GateState } from './gate-state.js';
import type { TrackedUser, TrackerOptions } from './options.js';
import type { Globals } from './platform.js';

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
