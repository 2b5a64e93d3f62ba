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
    help: 'Keys at hand to verify tokens with; 0: tokens get AUTH_UNAVAILABLE.',
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
  signals_purged_events_total: { help: 'Events deleted by the purge.', labels: [] },
} as const satisfies Record<string, { help: string; labels: readonly string[] }>;

export type MetricName = keyof typeof metricCatalogue;
type Labels<N extends MetricName> = { [L in (typeof metricCatalogue)[N]['labels'][number]]: string };

export interface Metrics {
  /** Adds to a counter. */
  count<N extends MetricName>(name: N, labels: Labels<N>, by?: number): void;
  /** Records a duration in seconds or a size. */
  observe(name: 'signals_append_seconds' | 'signals_append_rows', value: number): void;
  /** Asks for the value at every scrape. */
  gauge(name: MetricName, read: () => number): void;
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
  collectDefaultMetrics({ register: registry, prefix: 'signals_' });
  const counters = new Map<string, Counter>();
  const counter = (name: MetricName): Counter => {
    const known = counters.get(name);
    if (known) return known;
    const { help, labels } = metricCatalogue[name];
    const made = new Counter({ name, help, labelNames: [...labels], registers: [registry] });
    counters.set(name, made);
    return made;
  };
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
    gauge: (name, read) => {
      new Gauge({
        name,
        help: metricCatalogue[name].help,
        registers: [registry],
        collect() {
          this.set(read());
        },
      });
    },
    render: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
