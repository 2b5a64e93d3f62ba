import type { ChangedDays } from './changed-days.js';
import type { Coordination } from './coordination.js';
import type { EventReader } from './event-reader.js';
import type { EventRetention } from './event-retention.js';
import type { EventSink } from './event-sink.js';
import type { EventStats } from './event-stats.js';
import type { KnownWords } from './known-words.js';
import type { Life } from './life.js';
import type { RowUpgrade } from './row-upgrade.js';

/** All roles of an engine that keeps events. Who uses a store names the roles that it needs, not this. */
export interface EventStore
  extends EventSink,
    KnownWords,
    EventReader,
    EventStats,
    EventRetention,
    RowUpgrade,
    ChangedDays,
    Coordination,
    Life {}
