/** What `signals-client` exports. Exactly these names are public; test/sdk/public-names.test.ts lists them. */
export type { TrackerProblem } from '../client/ledger.js';
export type { Overflow } from '../client/outbox-options.js';
export type { HttpAnswer, HttpFetch, HttpRequest, TokenSource } from '../client/transport.js';
export type { GateState } from './gate-state.js';
export type { OfflineKeeping } from './offline-keeping.js';
export type { Consent, OutgoingEvent, TrackedUser, TrackerOptions } from './options.js';
export type { Session, SessionFactory } from './session.js';
export type { AnyTrack, Register, RegisteredTrack, TrackDetails } from './track.js';
export { createTracker } from './tracker.js';
export type { Tracker, TrackerStats } from './tracker-api.js';
