import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/**
 * Every metric, named here and nowhere else. Labels come from closed sets: names of the catalogue (or
 * `unknown`), outcomes, reasons and codes. Never an id, a route, a hash or a text from a request.
 */
export const metricCatalogue = {
  signals_events_received_total: {
    help: 'Events that came in, by app and event type of the catalogue (or unknown).',
    labels: ['app', 'event_type'],
  },
  signals_events_total: {
    help: 'What became of them. Per app and event type: received = accepted + duplicate + dropped + rejected + failed.',
    labels: ['app', 'event_type', 'outcome', 'reason', 'rule'],
  },
  signals_properties_cut_total: {
    help: 'Undeclared properties that were cut off.',
    labels: ['app', 'event_type'],
  },
  signals_other_words_total: {
    help: 'Routes, versions and sources stored as (other), because their author brought in more than 200 new combinations of words in an hour.',
    labels: ['app', 'event_type', 'word'],
  },
  signals_origin_missing_total: {
    help: 'Calls without a usable address or user agent: a gateway that does not pass them on.',
    labels: ['what'],
  },
  signals_http_requests_total: { help: 'Requests by route and status class.', labels: ['route', 'status'] },
  signals_connections_dropped_total: {
    help: 'Connections that were closed at once, because as many were open as may be.',
    labels: [],
  },
  signals_auth_refused_total: { help: 'Refused callers by reason.', labels: ['why'] },
  signals_append_seconds: { help: 'Time from handing rows to the database until the commit.', labels: [] },
  signals_append_rows: { help: 'Rows that shared one statement.', labels: [] },
  signals_events_pending: { help: 'Events taken but not yet committed.', labels: [] },
  signals_jwks_keys: {
    help: 'Keys at hand to verify tokens with; 0: no token is accepted.',
    labels: [],
  },
  signals_jwks_empty: {
    help: '1 while the key set holds no usable key: tokens get UNAUTHENTICATED. With 0 keys and 0 here they get AUTH_UNAVAILABLE.',
    labels: [],
  },
  signals_jwks_age_seconds: { help: 'Age of the keys that verify tokens.', labels: [] },
  signals_jwks_stale: { help: '1 while old keys are used because new ones cannot be had.', labels: [] },
  signals_salt_generation: {
    help: 'Counts the secrets seen by this process: it grows when the kill switch is pulled.',
    labels: [],
  },
  signals_catalogue_problems: {
    help: 'Problems of the catalogue file as it stands; the last good plan is in use.',
    labels: [],
  },
  signals_job_runs_total: { help: 'Runs of jobs by outcome.', labels: ['job', 'outcome'] },
  signals_job_last_success_seconds: {
    help: 'Seconds since a job last succeeded in this process, or since the process began. A run that is skipped, refused or fails lets it grow; with several replicas the least of them counts.',
    labels: ['job'],
  },
  signals_changed_days: {
    help: 'Days that have changed since they were counted, as this process last found them; statistics read their events one by one.',
    labels: [],
  },
  signals_count_day_seconds: { help: 'Time that counting the last day took in this process.', labels: [] },
  signals_purged_events_total: { help: 'Events deleted by the purge.', labels: [] },
} as const satisfies Record<string, { help: string; labels: readonly string[] }>;

export type MetricName = keyof typeof metricCatalogue;
/** Nothing for a metric without labels. */
type LabelsOf<N extends MetricName> = Labels<N> extends Record<string, never> ? [] : [Labels<N>];
type Labels<N extends MetricName> = { [L in (typeof metricCatalogue)[N]['labels'][number]]: string };

export interface Metrics {
  /** Adds to a counter. */
  count<N extends MetricName>(name: N, labels: Labels<N>, by?: number): void;
  /** Records a duration in seconds or a size. */
  observe(name: 'signals_append_seconds' | 'signals_append_rows', value: number): void;
  /** Asks for the value at every scrape; to be called once for each set of labels. */
  gauge<N extends MetricName>(name: N, read: () => number, ...labels: LabelsOf<N>): void;
  /** Text exposition format of Prometheus. */
  render(): Promise<string>;
  readonly contentType: string;
}

const histogramBuckets = {
  signals_append_seconds: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
  signals_append_rows: [1, 2, 5, 10, 25, 50, 100, 250, 500],
} as const;

/** A registry of its own: two apps in one process do not share numbers. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  // Node's own, under the names that every dashboard knows.
  collectDefaultMetrics({ register: registry });
  const counters = new Map<string, Counter>();
  const counter = (name: MetricName): Counter => {
    const known = counters.get(name);
    if (known) return known;
    const { help, labels } = metricCatalogue[name];
    const made = new Counter({ name, help, labelNames: [...labels], registers: [registry] });
    counters.set(name, made);
    return made;
  };
  const gauges = new Map<string, GaugeReader[]>();
  const histograms = Object.fromEntries(
    Object.entries(histogramBuckets).map(([name, buckets]) => [
      name,
      new Histogram({
        name,
        help: metricCatalogue[name as MetricName].help,
        buckets: [...buckets],
        registers: [registry],
      }),
    ]),
  );
  for (const name of Object.keys(metricCatalogue) as MetricName[]) {
    if (name.endsWith('_total')) counter(name);
  }
  return {
    count: (name, labels, by = 1) => counter(name).inc(labels as Record<string, string>, by),
    observe: (name, value) => histograms[name]?.observe(value),
    gauge: (name, read, ...[labels = {}]) => {
      const readers = gauges.get(name) ?? newGauge(name, registry);
      gauges.set(name, readers);
      readers.push({ labels, read });
    },
    render: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

interface GaugeReader {
  readonly labels: Readonly<Record<string, string>>;
  readonly read: () => number;
}

/** A gauge that asks every reader of the list at every scrape. */
function newGauge(name: MetricName, registry: Registry): GaugeReader[] {
  const { help, labels: labelNames } = metricCatalogue[name];
  const readers: GaugeReader[] = [];
  new Gauge({
    name,
    help,
    labelNames: [...labelNames],
    registers: [registry],
    collect() {
      for (const { labels, read } of readers) this.set(labels, read());
    },
  });
  return readers;
}
