import type { Outbox } from '../client/outbox.js';
import type { Delivery } from './delivery.js';
import type { Gate } from './gate.js';
import type { GateState } from './gate-state.js';
import type { OfflineKeeper } from './offline-keeping.js';
import type { Consent, TrackedUser } from './options.js';
import type { Session } from './session.js';

export interface AccessDeps<User extends TrackedUser> {
  readonly gate: Gate<User>;
  readonly outbox: Outbox;
  readonly delivery: Delivery;
  readonly session: Session;
  readonly keeper: OfflineKeeper | undefined;
  readonly isClosing: () => boolean;
}

/** Sees to it that the gate's answer is kept to: whoever asks makes what follows from it happen. */
export interface Access<User extends TrackedUser> {
  /** What becomes of an event now. Drops what may not be kept any more, and begins or ends what is kept offline. */
  check(): GateState;
  setUser(next: User | null | undefined): void;
  setConsent(next: Consent): void;
}

export function createAccess<User extends TrackedUser>(deps: AccessDeps<User>): Access<User> {
  const { gate, outbox, delivery, session, keeper, isClosing } = deps;

  /** Nothing of the user or the consent that is over is kept. */
  function forget(): void {
    delivery.forgetToken();
    session.forget();
  }

  function check(): GateState {
    const state = gate.state();
    if (state === 'open' && !isClosing()) keeper?.open(gate.identity.lastId());
    if (state !== 'open' && !gate.holds(state)) outbox.discard(state, true);
    if (state === 'consent_denied') {
      forget();
      keeper?.erase();
    }
    return state;
  }

  function update(): void {
    check();
    outbox.schedule();
  }

  return {
    check,
    setUser(next) {
      const isSomebodyElse = gate.identity.isSomebodyElse(next);
      // While the last user is still the one: with the last user's token.
      if (isSomebodyElse) outbox.drain(true);
      gate.identity.set(next);
      if (isSomebodyElse) {
        outbox.discard('user_changed', false);
        forget();
        keeper?.forget();
      }
      update();
    },
    setConsent(next) {
      gate.setConsent(next);
      update();
    },
  };
}
