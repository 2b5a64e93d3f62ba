import type { Outbox } from '../client/outbox.js';
import type { Delivery } from './delivery.js';
import { gateState, isHeld } from './gate.js';
import type { GateState } from './gate-state.js';
import { type Identity, identify, isSomebodyElse, unknownUser } from './identity.js';
import type { OfflineKeeper } from './offline-keeping.js';
import type { Consent, TrackedUser, TrackerOptions } from './options.js';
import type { Globals } from './platform.js';
import type { Session } from './session.js';

export interface AccessDeps<User extends TrackedUser> {
  readonly options: TrackerOptions<User>;
  readonly globals: Globals;
  readonly outbox: Outbox;
  readonly delivery: Delivery;
  readonly session: Session;
  readonly keeper: OfflineKeeper | undefined;
  readonly isClosing: () => boolean;
}

/**
 * Knows who is signed in and what they consented to, and sees to it that what the gate says of them is kept to.
 */
export interface Access<User extends TrackedUser> {
  /** What would become of an event that is tracked now. */
  state(): GateState;
  /** Whether events wait in memory in this state. */
  holds(state: GateState): boolean;
  /** The same as `state`; drops what may not be kept any more, and begins or ends what is kept offline. */
  check(): GateState;
  setUser(next: User | null | undefined): void;
  setConsent(next: Consent): void;
}

export function createAccess<User extends TrackedUser>(deps: AccessDeps<User>): Access<User> {
  const { options, globals, outbox, delivery, session, keeper, isClosing } = deps;
  const { privacySignals, whileUserLoading, isInternal } = options;
  let { consent } = options;
  let identity: Identity<User> = unknownUser;

  const state = () => gateState({ ...identity, globals, privacySignals, consent });
  const holds = (now: GateState) => isHeld(now, whileUserLoading);

  /** Nothing of the user or the consent that is over is kept. */
  function forget(): void {
    delivery.forgetToken();
    session.forget();
  }

  function check(): GateState {
    const now = state();
    if (now === 'open' && !isClosing()) keeper?.open(identity.lastId);
    if (now !== 'open' && !holds(now)) outbox.discard(now, true);
    if (now === 'consent_denied') {
      forget();
      keeper?.erase();
    }
    return now;
  }

  function update(): void {
    check();
    outbox.schedule();
  }

  return {
    state,
    holds,
    check,
    setUser(user) {
      const next = identify(identity, user, isInternal);
      const isOther = isSomebodyElse(identity, next);
      // While the last user is still the one: with the last user's token.
      if (isOther) outbox.drain(true);
      identity = next;
      if (isOther) {
        outbox.discard('user_changed', false);
        forget();
        keeper?.forget();
      }
      update();
    },
    setConsent(next) {
      consent = next;
      update();
    },
  };
}
