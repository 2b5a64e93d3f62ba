import { attempt } from '../client/attempt.js';
import type { GateState } from './gate-state.js';
import type { TrackedUser, TrackerOptions } from './options.js';
import type { Globals } from './platform.js';

export interface GateInput extends Pick<TrackerOptions, 'consent' | 'privacySignals'> {
  readonly globals: Globals;
  readonly user: TrackedUser | null | undefined;
  readonly isInternal: boolean;
}

/**
 * Whether this user may be tracked at the moment. Fails closed: what is not known says no, and so does a consent
 * that throws or is no known word.
 */
export function gateState({ globals, privacySignals, consent, user, isInternal }: GateInput): GateState {
  if (!globals.window) return 'not_a_browser';
  const given = attempt(() => (typeof consent === 'function' ? consent() : consent));
  if (given !== 'granted' && given !== 'pending') return 'consent_denied';
  if (privacySignals !== 'ignore' && hasPrivacySignal(globals)) return 'opted_out';
  if (user === null) return 'signed_out';
  if (isInternal) return 'internal_user';
  if (!user) return 'user_loading';
  return given === 'pending' ? 'consent_pending' : 'open';
}

/** GPC section 3.2 and the DNT attribute of the Tracking Preference Expression. */
const hasPrivacySignal = ({ navigator }: Globals): boolean =>
  Boolean(navigator?.globalPrivacyControl) || navigator?.doNotTrack === '1';

/** Whether events wait in memory in this state. */
export const isHeld = (state: GateState, whileUserLoading: TrackerOptions['whileUserLoading']): boolean =>
  state === 'consent_pending' || (state === 'user_loading' && whileUserLoading !== 'drop');
