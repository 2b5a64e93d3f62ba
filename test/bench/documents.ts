/** What a client sends for one event. */
export const trackEvent =
  'mutation TrackEvent($input: TrackEventInput!) { trackEvent(input: $input) { clientEventId status reason retryAfterMs } }';

/** What a client sends for a batch. */
export const trackEvents =
  'mutation TrackEvents($input: TrackEventsInput!) { trackEvents(input: $input) { accepted duplicates dropped rejected results { clientEventId status reason retryAfterMs } } }';
