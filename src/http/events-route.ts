import type { Authenticator } from '../auth/authenticator.js';
import { signedInOf } from '../auth/caller.js';
import { isObject, type TrackBatchResult, type TrackEventInput } from '../contract/index.js';
import type { TrackAnswer, TrackCall } from '../domain/ingest/track-batch.js';
import { type TrackRequest, toTrackCall } from '../domain/ingest/track-call.js';
import type { Metrics } from '../observability/metrics.js';
import { bodyRefusal, vouchedBody } from './admission.js';
import { isPlainJson, parseJson } from './body.js';
import { createCors } from './cors.js';
import { identify } from './identify.js';
import type { OriginReader } from './origin.js';
import { json, type Reply, refusal } from './reply.js';
import type { Route } from './server.js';

export interface EventsRouteOptions {
  readonly authenticator: Authenticator;
  readonly originOf: OriginReader;
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
      // Who is calling is known before any body is read, so a stranger's takes no room.
      const caller = signedInOf(await identify(request, options));
      if (!caller.ok) return refusal(caller.error);
      const limit = vouchedBody(options.maxBodyBytes);
      const body = await info.body.read(limit);
      if (!body.ok) return refusal(body.error, { message: bodyRefusal(body, limit) });
      const batch = parseBatch(parseJson(body.value));
      if (!batch) return refusal('BAD_USER_INPUT');
      const origin = options.originOf(request, null);
      const sent = { ...batch, author: caller.value, origin, receivedAt: info.receivedAt, deriveIds: true };
      const call = toTrackCall(sent, options.maxBatch);
      if (!call.ok) return refusal(call.error.code, { message: call.error.message });
      const answer = await options.track(call.value);
      return answer.ok ? replyOf(answer.value) : refusal(answer.error);
    },
  };
}

/**
 * `{sentAt?, events: […]}`; what is wrong inside an event is that event's own verdict. An element that is no object
 * says nothing, like one without any field: the steps refuse it for what it lacks.
 */
function parseBatch(value: unknown): Pick<TrackRequest, 'events' | 'sentAt'> | null {
  if (!isObject(value) || !Array.isArray(value.events)) return null;
  const elements: readonly unknown[] = value.events;
  const events = elements.map((element) => (isObject(element) ? element : {})) as readonly unknown[];
  return { events: events as readonly TrackEventInput[], sentAt: value.sentAt };
}

/** 429 when nothing could be taken for want of room, else 202 with a verdict for each. */
function replyOf(result: TrackBatchResult): Reply {
  const waits = result.results.map((item) => item.retryAfterMs);
  if (waits.length > 0 && waits.every((wait) => wait !== null)) {
    return refusal('RATE_LIMITED', { retryAfterMs: Math.max(...(waits as number[])), more: result });
  }
  return json(202, result);
}
