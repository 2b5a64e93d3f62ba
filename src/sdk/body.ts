import type { TrackerOptions } from './options.js';

const query =
  'mutation TrackEvents($input:TrackEventsInput!){trackEvents(input:$input){results{status reason retryAfterMs field rule}}}';

/** What is posted: the batch, which is JSON, or the mutation with it. */
export const bodyOf = (options: Pick<TrackerOptions, 'api'>, batch: string): string =>
  options.api === 'rest' ? batch : `{"query":"${query}","variables":{"input":${batch}}}`;
