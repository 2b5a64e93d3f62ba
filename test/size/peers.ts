/** A tracker that is measured: the program in peers/ makes one and tracks one event. */
export interface Peer {
  /** Its program: peers/<program>.js. */
  readonly program: string;
  readonly label: string;
  /** The package that holds it; null: ours. */
  readonly package: string | null;
  /** What is in these bytes and what is not, in one sentence. */
  readonly about: string;
}

/** Said of the versions in package.json, by their source. A newer version needs a new look, not only a number. */
export const peers: readonly Peer[] = [
  {
    program: 'signals',
    label: '`signals-client`',
    package: null,
    about:
      'Batches, bounded queue, retries with jitter and `Retry-After`, verdicts per event, keepalive budget when the page goes, consent, GPC and DNT, sessions, counted losses; no page views of its own, no identity, no feature flags, no replay.',
  },
  {
    program: 'signals-offline',
    label: '… with `/offline`',
    package: null,
    about: 'The same, and what was not sent outlives a reload.',
  },
  {
    program: 'plausible',
    label: '`@plausible-analytics/tracker`',
    package: '@plausible-analytics/tracker',
    about:
      'Page views, time and scroll depth, outbound links, downloads and forms by themselves; one request per event, no batch, no queue, no retry, no consent state.',
  },
  {
    program: 'openpanel',
    label: '`@openpanel/web`',
    package: '@openpanel/web',
    about:
      'Profiles, groups, screen views and a replay that is loaded when wanted (not counted); one request per event, three retries without jitter, no batch, no persistence.',
  },
  {
    program: 'snowplow',
    label: '`@snowplow/browser-tracker`',
    package: '@snowplow/browser-tracker',
    about:
      'Page views, activity, identities, contexts, anonymous modes, plugins and a queue in `localStorage`; one event per request unless set otherwise, no backoff.',
  },
  {
    program: 'segment',
    label: '`@segment/analytics-next`',
    package: '@segment/analytics-next',
    about:
      'Identities, middleware, a queue in `localStorage`, retries, and the engine that loads other vendors’ integrations; batches on request, consent in a package of its own.',
  },
  {
    program: 'posthog-slim',
    label: '`posthog-js` slim',
    package: 'posthog-js',
    about:
      'Identities, sessions, batches, retries with jitter and consent, without the extensions of the next row; unbounded queue that does not outlive the page.',
  },
  {
    program: 'amplitude',
    label: '`@amplitude/analytics-browser`',
    package: '@amplitude/analytics-browser',
    about:
      'Identities, sessions, attribution, capture of clicks, forms and page views, remote settings, batches, retries and a queue in `localStorage`; no exit flush unless the application wires it.',
  },
  {
    program: 'posthog',
    label: '`posthog-js`',
    package: 'posthog-js',
    about:
      'Slim’s, and autocapture, feature flags, surveys, experiments and more; the replay recorder is loaded later (not counted).',
  },
];
