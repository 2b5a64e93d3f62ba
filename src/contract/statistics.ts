/** What events can be grouped by and filtered by in statistics. `field` is the name of the filter's list of values. */
export const eventDimensions = {
  APP: { field: 'appName', meaning: 'The app that the event comes from.' },
  EVENT_TYPE: { field: 'eventType', meaning: 'What happened, by its name in the catalogue.' },
  EVENT_VERSION: { field: 'eventVersion', meaning: 'The version of the event type’s schema.' },
  ROUTE: { field: 'route', meaning: 'The route template.' },
  ENTITY_TYPE: { field: 'entityType', meaning: 'The kind of thing that the event is about.' },
  ENTITY: { field: 'entityId', meaning: 'The thing that the event is about, by its id.' },
  DEVICE: { field: 'deviceType', meaning: 'desktop, mobile, tablet or other.' },
  BROWSER: { field: 'browserFamily', meaning: 'The browser’s family.' },
  OS: { field: 'osFamily', meaning: 'The operating system’s family.' },
  SOURCE: { field: 'source', meaning: 'The kind of client: web, mobile, ide, server …' },
  APP_VERSION: { field: 'appVersion', meaning: 'The app’s own version.' },
} as const satisfies Readonly<Record<string, { readonly field: string; readonly meaning: string }>>;

export type EventDimension = keyof typeof eventDimensions;

/** How a range is cut into buckets, by the civil time of the question’s zone. */
export const statsIntervals = {
  NONE: 'One bucket for the whole range.',
  HOUR: 'Hours of the zone. The hour that a clock change repeats is two buckets.',
  DAY: 'Calendar days of the zone: 23, 24 or 25 hours.',
  WEEK: 'ISO weeks, which begin on Monday.',
  MONTH: 'Calendar months.',
} as const;
export type StatsInterval = keyof typeof statsIntervals;

/** What decides which rows are shown, and in what order. Ties are broken by the key, bytewise. */
export const statsOrders = {
  EVENTS: 'The most events first.',
  VISITORS: 'The most visitors first, by the sum of daily visitors.',
  KEY: 'By the key, bytewise in UTF-8; rows without a value come last.',
} as const;
export type StatsOrder = keyof typeof statsOrders;

/** What a range is compared with. */
export const statsComparisons = {
  PREVIOUS_PERIOD: 'As many days (or hours) just before.',
  PREVIOUS_YEAR: 'The same dates a year before; 28 February for the 29th.',
} as const;
export type StatsComparison = keyof typeof statsComparisons;

export const statsRowKinds = {
  VALUE: 'Events with the values of `key`.',
  NONE: 'Events without any value there.',
  OTHER: 'All events that no other row counts.',
} as const;
export type StatsRowKind = keyof typeof statsRowKinds;

/** Why a bucket does not count a whole interval. The first that holds is named. */
export const statsIncompletes = {
  IN_PROGRESS: 'It is not over yet by the server’s clock.',
  CUT_BY_RANGE: 'The range begins or ends inside.',
  BEFORE_DATA: 'It began before the first day that this question can be answered for.',
} as const;
export type StatsIncomplete = keyof typeof statsIncompletes;

export const statsWarnings = {
  VISITORS_NOT_IN_ZONE:
    'The zone’s days are not those of the daily salt, so that buckets have no visitors and sessions.',
  VISITORS_NOT_IN_INTERVAL:
    'Buckets of this interval have no visitors and sessions: they span several days of the salt, the range is longer than 14 days, or raw rows are gone.',
  FOLDED_DAYS:
    'The range or its comparison touches days whose raw rows are gone: groups of few visitors count in OTHER there.',
  BEFORE_DATA:
    'The range or its comparison begins before the first day that this question can be answered for.',
} as const;
export type StatsWarning = keyof typeof statsWarnings;
