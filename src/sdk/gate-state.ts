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
