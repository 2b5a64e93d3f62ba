export { type ErrorCode, errorCodes } from './error-codes.js';
export { isContainer, isObject, isPlainObject, type JsonObject, type JsonValue } from './json.js';
export { limits } from './limits.js';
export { readingLimits } from './reading-limits.js';
export {
  retryableReasons,
  type TrackReason,
  type TrackStatus,
  trackReasonNames,
  trackReasons,
  trackStatuses,
} from './reasons.js';
export { type RefusalCause, refusalCauses, refusalWords } from './refusal-causes.js';
export type { Failure, Result, Success } from './result.js';
export { type TrackRule, trackRules } from './rules.js';
export {
  type EventDimension,
  eventDimensions,
  type StatsComparison,
  type StatsIncomplete,
  type StatsInterval,
  type StatsOrder,
  type StatsRowKind,
  type StatsWarning,
  statsComparisons,
  statsIncompletes,
  statsIntervals,
  statsOrders,
  statsRowKinds,
  statsWarnings,
} from './statistics.js';
export type {
  TrackBatchInput,
  TrackBatchResult,
  TrackEventInput,
  TrackResult,
} from './wire.js';
export { otherWord } from './words.js';
