import type { QueuedEvent } from './core/outbox.js';
import { post, type TransportDeps } from './core/transport.js';
import { batchReader, type Verdict } from './core/verdict.js';
import type { TrackerOptions } from './options.js';

const query =
  'mutation TrackEvents($input:TrackEventsInput!){trackEvents(input:$input){results{status reason retryAfterMs}}}';

/** Takes a batch to the far end, with this token; see `post`. */
export function carry(
  options: Pick<TrackerOptions, 'endpoint' | 'api' | 'headers'>,
  deps: TransportDeps,
  batch: readonly QueuedEvent[],
  token: TrackerOptions['token'],
  keepalive: boolean,
  mayLeave: (token: string | undefined) => boolean,
): Promise<readonly Verdict[]> {
  const events = batch.map((event) => event.json).join();
  const input = `{"sentAt":"${new Date(deps.now()).toISOString()}","events":[${events}]}`;
  return post(
    deps,
    options.endpoint,
    token,
    options.api === 'rest' ? input : `{"query":"${query}","variables":{"input":${input}}}`,
    batchReader(batch.length),
    mayLeave,
    {
      headers: options.headers,
      keepalive,
      priority: 'low',
    },
  );
}
