export type { ChangedDay, ChangedDays } from './changed-days.js';
export type { Clock } from './clock.js';
export type { Coordination, HeldLock } from './coordination.js';
export type {
  EventField,
  EventFilter,
  EventPage,
  EventPosition,
  EventReader,
  FoundEvent,
  PageSpan,
} from './event-reader.js';
export type { EventRetention, ForgettingRules, OldestRemains } from './event-retention.js';
export type { AppendVerdict, EventSink } from './event-sink.js';
export type { EventStats } from './event-stats.js';
export type { EventStore } from './event-store.js';
export type { KnownWords } from './known-words.js';
export type { Life, Readiness } from './life.js';
export type { Log, LogFields } from './log.js';
export type { RateLimiter } from './rate-limiter.js';
export type { RowUpgrade } from './row-upgrade.js';
export { type Reason, StoreUnavailable } from './store-unavailable.js';
