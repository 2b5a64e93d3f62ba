/** What other packages may import. Exactly these names are public; test/node-client/public-names.test.ts lists them. */

export type { TrackerProblem, TrackerStats } from '../client/ledger.js';
export type { Overflow } from '../client/outbox-options.js';
export type { HttpAnswer, HttpFetch, HttpRequest, TokenSource } from '../client/transport.js';
export {
  type ErrorCode,
  errorCodes,
  type JsonObject,
  type JsonValue,
  limits,
  type TrackBatchInput,
  type TrackBatchResult,
  type TrackEventInput,
  type TrackReason,
  type TrackResult,
  type TrackStatus,
  trackReasonNames,
  trackReasons,
  trackStatuses,
} from '../contract/index.js';
export type { TrackerOptions } from './options.js';
export { createTracker } from './tracker.js';
export type { TrackDetails, Tracker } from './tracker-api.js';
