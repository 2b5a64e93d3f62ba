import type { Authenticator } from '../auth/authenticator.js';
import { signedInOf } from '../auth/caller.js';
import { limits, type TrackBatchResult } from '../contract/index.js';
import type { TrackAnswer, TrackCall } from '../domain/ingest/track-batch.js';
import { toTrackCall } from '../domain/ingest/track-call.js';
import type { Metrics } from '../observability/metrics.js';
import { contentProblem } from './content-type.js';
import { createCors } from './cors.js';
import { toBatch } from './events-body.js';
import { identify } from './identify.js';
import { parseJson } from './json-body.js';
import type { OriginReader } from './origin.js';
import { json, type Reply, refusal } from './reply.js';
import type { Route } from './server.js';

export interface EventsRouteOptions {
  readonly authenticator: Authenticator;
  readonly originOf: OriginReader;
  readonly track: (call: TrackCall) => Promise<TrackAnswer>;
  readonly metrics: Metrics;
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
      const problem = contentProblem(request);
      if (problem) return refusal(problem);
      // Who is calling is known before any body is read, so a stranger's takes no room.
      const caller = signedInOf(await identify(request, options));
      if (!caller.ok) return refusal(caller.error);
      const body = await info.body.read({ maxBytes: limits.maxBodyBytes, pool: 'vouched' });
      if (!body.ok) return refusal(body.error);
      const parsed = parseJson(body.value);
      if (!parsed.ok) return refusal(parsed.error);
      const batch = toBatch(parsed.value);
      if (!batch.ok) return refusal(batch.error);
      const origin = options.originOf(request, null);
      const sent = {
        ...batch.value,
        author: caller.value,
        origin,
        receivedAt: info.receivedAt,
        deriveIds: true,
      };
      const call = toTrackCall(sent, options.maxBatch);
      if (!call.ok) return refusal(call.error.code, { message: call.error.message });
      const answer = await options.track(call.value);
      return answer.ok ? replyOf(answer.value) : refusal(answer.error);
    },
  };
}

/** 429 when nothing could be taken for want of room, else 202 with a verdict for each. */
function replyOf(result: TrackBatchResult): Reply {
  const waits = result.results.map((item) => item.retryAfterMs);
  if (waits.length > 0 && waits.every((wait) => wait !== null)) {
    return refusal('RATE_LIMITED', { retryAfterMs: Math.max(...(waits as number[])), more: result });
  }
  return json(202, result);
}
