import type { Config } from '../config/index.js';
import { createDayOf } from '../domain/day.js';
import { createInternalUsers } from '../domain/ingest/internal-users.js';
import {
  createTrackBatch,
  type TrackAnswer,
  type TrackBatchDeps,
  type TrackCall,
} from '../domain/ingest/track-batch.js';
import { createWordBudget } from '../domain/ingest/word-budget.js';
import type { KnownWords, Log } from '../domain/ports/index.js';
import { createUserAgentReader } from '../domain/privacy/user-agent/user-agent.js';
import { ingestMetrics } from '../observability/ingest-metrics.js';
import type { Metrics } from '../observability/metrics.js';

/** The write path. */
export type Track = (call: TrackCall) => Promise<TrackAnswer>;

/** What stands outside of the write path; the rest of it follows from the settings. */
export interface IngestDeps
  extends Pick<TrackBatchDeps, 'sink' | 'catalogue' | 'keys' | 'clock' | 'limiter' | 'ownership'> {
  readonly known: KnownWords;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** User agents whose reading is remembered, by a digest. */
const rememberedUserAgents = 5_000;

/** The write path by the settings. */
export function createIngest(config: Config, { known, log, metrics, ...parts }: IngestDeps): Track {
  metrics.gauge('signals_events_pending', () => parts.sink.pending());
  return createTrackBatch({
    ...parts,
    readVisitor: createUserAgentReader({ cacheSize: rememberedUserAgents }),
    metrics: ingestMetrics(metrics, log, () => parts.clock.now()),
    policy: {
      maxAgeMs: config.maxAgeHours * 3_600_000,
      retentionDays: config.retentionDays,
      dayOf: createDayOf(config.dayZone),
      isInternal: createInternalUsers(config.internalUsers),
    },
    words: createWordBudget({ known, clock: parts.clock }),
    identity: config.visitorIdentity,
  });
}
