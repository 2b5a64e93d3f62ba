export { type ErrorCode, errorCodes } from './error-codes.js';
export { limits } from './limits.js';
export {
  retryableReasons,
  type TrackReason,
  type TrackStatus,
  trackReasonNames,
  trackReasons,
  trackStatuses,
} from './reasons.js';
export { type TrackRule, trackRules } from './rules.js';
export type {
  JsonObject,
  JsonValue,
  TrackBatchInput,
  TrackBatchResult,
  TrackEventInput,
  TrackResult,
} from './wire.js';
