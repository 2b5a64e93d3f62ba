import type { Ledger } from '../client/ledger.js';
import type { Outbox } from '../client/outbox.js';
import type { Compose } from './compose.js';
import type { GateState } from './gate-state.js';
import type { OfflineKeeper } from './offline-keeping.js';
import type { AnyTrack, TrackDetails } from './track.js';

export interface TrackingDeps {
  readonly ledger: Ledger;
  readonly outbox: Outbox;
  readonly keeper: OfflineKeeper | undefined;
  /** What becomes of an event now. */
  readonly checkGate: () => GateState;
  /** Whether events wait in memory in this state. */
  readonly holds: (state: GateState) => boolean;
  readonly compose: Compose;
  readonly onQueued: () => void;
}

/** `track` of a tracker: queues an event, or counts why not. */
export function createTrack(deps: TrackingDeps): AnyTrack {
  const { ledger, outbox, keeper, checkGate, holds, compose, onQueued } = deps;

  function enqueue(eventType: string, details: TrackDetails): void {
    const gate = checkGate();
    if (gate !== 'open' && !holds(gate)) {
      ledger.report(gate, { isQuiet: true });
      return;
    }
    const event = compose(eventType, details);
    if (typeof event === 'string') {
      ledger.report(event);
      return;
    }
    // First: where the queue is full, this may be the one that gives way.
    keeper?.added(event, gate);
    outbox.push(event);
    outbox.schedule();
    onQueued();
  }

  return (eventType, details) => {
    ledger.counts.tracked += 1;
    try {
      enqueue(eventType, details ?? {});
    } catch {
      // A getter or proxy of the caller's threw, before anything was queued.
      ledger.report('unserialisable');
    }
  };
}
