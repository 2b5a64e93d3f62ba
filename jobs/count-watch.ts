import type { Metrics } from '../src/observability/metrics.js';

/** What this process knows of the counting of days; shown as metrics. */
export interface CountWatch {
  /** Days that wait to be counted, as a run found them last. */
  waiting(days: number): void;
  /** How long the last day took. */
  took(seconds: number): void;
}

export function createCountWatch(metrics: Metrics): CountWatch {
  let days = 0;
  let seconds = 0;
  metrics.gauge('signals_changed_days', () => days);
  metrics.gauge('signals_count_day_seconds', () => seconds);
  return {
    waiting: (found) => {
      days = found;
    },
    took: (time) => {
      seconds = time;
    },
  };
}
