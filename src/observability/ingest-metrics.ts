import type { IngestMetrics } from '../domain/ingest/track-batch.js';
import type { Log } from '../domain/ports/index.js';
import type { Metrics } from './metrics.js';

/** At most one line a minute says that something is missing; the counter says how often. */
const warnEveryMs = 60_000;

const hints = {
  address: 'callers’ addresses are missing: see SIGNALS_CLIENT_IP_SOURCE and what the gateway passes on',
  user_agent:
    'callers’ user agents are missing: the gateway sends its own or none; let it pass on user-agent',
} as const;

const wordLabels = { route: 'route', appVersion: 'app_version', source: 'source' } as const;

/** The pipeline's counting, on the metric catalogue. */
export function ingestMetrics(metrics: Metrics, log: Log, now: () => Date): IngestMetrics {
  const warned = new Map<string, number>();
  return {
    received: (app, eventType) =>
      metrics.count('signals_events_received_total', { app, event_type: eventType }),
    settled: (app, eventType, outcome, reason, rule) =>
      metrics.count('signals_events_total', { app, event_type: eventType, outcome, reason, rule }),
    cutProperties: (app, eventType, count) =>
      metrics.count('signals_properties_cut_total', { app, event_type: eventType }, count),
    otherWord: (app, eventType, word) =>
      metrics.count('signals_other_words_total', { app, event_type: eventType, word: wordLabels[word] }),
    missing(what) {
      metrics.count('signals_origin_missing_total', { what });
      const time = now().getTime();
      if (time - (warned.get(what) ?? Number.NEGATIVE_INFINITY) < warnEveryMs) return;
      warned.set(what, time);
      log.warn({ what }, hints[what]);
    },
  };
}
