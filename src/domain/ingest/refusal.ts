import type { TrackReason, TrackRule } from '../../contract/index.js';

/** Why an event goes no further. It holds names of the contract and of the catalogue, never a value. */
export interface Refusal {
  readonly refused: TrackReason;
  /** A JSON pointer (RFC 6901) into the event; null where nothing is wrong with the event itself. */
  readonly field: string | null;
  readonly rule: TrackRule | null;
}

/** The event breaks a rule, at this place. */
export function reject(reason: TrackReason, field: string, rule: TrackRule): Refusal {
  return { refused: reason, field, rule };
}

/** Nothing is wrong with the event, but it is not kept. */
export function drop(reason: TrackReason): Refusal {
  return { refused: reason, field: null, rule: null };
}

export function isRefusal(outcome: object): outcome is Refusal {
  return 'refused' in outcome;
}
