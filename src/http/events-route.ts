import type { Authenticator } from '../auth/authenticator.js';
import { authorOf } from '../auth/caller.js';
import { isObject, type TrackBatchResult, type TrackEventInput } from '../contract/index.js';
import { toInstant } from '../domain/ingest/steps/times.js';
import type { TrackAnswer, TrackCall } from '../domain/ingest/track-batch.js';
import type { Metrics } from '../observability/metrics.js';
import { isPlainJson, parseJson, readBody } from './body.js';
import { createCors } from './cors.js';
import { identify } from './identify.js';
import type { createOriginReader } from './origin.js';
import { json, type Reply, refusal } from './reply.js';
import type { Route } from './server.js';

export interface EventsRouteOptions {
  readonly authenticator: Authenticator;
  readonly originOf: ReturnType<typeof createOriginReader>;
  readonly track: (call: TrackCall) => Promise<TrackAnswer>;
  readonly metrics: Metrics;
  readonly maxBodyBytes: number;
  readonly maxBatch: number;
  /** Serialised origins whose pages may post; none unless given. */
  readonly corsOrigins?: readonly string[];
}

/** `POST /v1/events`: the same pipeline for clients without GraphQL. */
export function eventsRoute(options: EventsRouteOptions): Route {
  return {
    path: '/v1/events',
    metric: 'events',
    methods: ['POST'],
    cors: createCors(options.corsOrigins ?? []),
    async handle(request, info) {
      if (!isPlainJson(request)) return refusal('UNSUPPORTED_MEDIA_TYPE');
      const body = await readBody(request, options.maxBodyBytes);
      if (!body.ok) return refusal(body.code);
      const identity = await identify(request, null, false, options.authenticator, options.metrics);
      if (!identity.ok) return refusal(identity.code);
      if (identity.caller.kind === 'anonymous') return refusal('UNAUTHENTICATED');
      const batch = parseBatch(parseJson(body.text));
      if (!batch) return refusal('BAD_USER_INPUT');
      if (batch.events.length > options.maxBatch) return refusal('BATCH_TOO_LARGE');
      const answer = await options.track({
        author: authorOf(identity.caller),
        origin: options.originOf(request, null),
        events: batch.events,
        sentAt: batch.sentAt,
        deriveIds: true,
        receivedAt: info.receivedAt,
      });
      return answer.ok ? replyOf(answer.result) : refusal(answer.code);
    },
  };
}

interface Batch {
  readonly events: readonly TrackEventInput[];
  readonly sentAt: Date | null;
}

/**
 * `{sentAt?, events: […]}`; what is wrong inside an event is that event's own verdict. An element that is no object
 * says nothing, like one without any field: the steps refuse it for what it lacks.
 */
function parseBatch(value: unknown): Batch | null {
  if (!isObject(value) || !Array.isArray(value.events)) return null;
  const elements: readonly unknown[] = value.events;
  const events = elements.map((element) => (isObject(element) ? element : {})) as readonly unknown[];
  const sentAt = value.sentAt == null ? null : toInstant(value.sentAt);
  if (value.sentAt != null && !sentAt) return null;
  return { events: events as readonly TrackEventInput[], sentAt };
}

/** 429 when nothing could be taken for want of room, else 202 with a verdict for each. */
function replyOf(result: TrackBatchResult): Reply {
  const waits = result.results.map((item) => item.retryAfterMs);
  if (waits.length > 0 && waits.every((wait) => wait !== null)) {
    return refusal('RATE_LIMITED', Math.max(...(waits as number[])), result);
  }
  return json(202, result);
}
