import {
  limits,
  type TrackBatchResult,
  type TrackEventInput,
  type TrackReason,
  type TrackResult,
  trackReasonNames,
  trackReasons,
  trackStatuses,
} from '../../contract/index.js';
import { toTrackCall } from '../../domain/ingest/track-call.js';
import type { Builder } from '../builder.js';
import { type GraphQLContext, signedIn } from '../context.js';
import { codedError } from '../errors.js';

/** The write side: `trackEvent` and `trackEvents`. Refusals are data; errors mean that nothing was acknowledged. */
export function registerTrackEvents(builder: Builder): void {
  const payload = trackEventPayload(builder);
  const input = trackEventInput(builder);
  trackEventField(builder, payload, input);
  trackEventsField(builder, trackEventsPayload(builder, payload), trackEventsInput(builder, input));
}

function trackStatus(builder: Builder) {
  return builder.enumType('TrackStatus', {
    description: 'What became of an event. Treat a value you do not know as DROPPED.',
    values: trackStatuses,
  });
}

function trackReason(builder: Builder) {
  return builder.enumType('TrackReason', {
    description: 'Why an event was not stored. Treat a value you do not know as final.',
    values: Object.fromEntries(
      trackReasonNames.map((name) => [
        name,
        { description: `${trackReasons[name].status}: ${trackReasons[name].meaning}` },
      ]),
    ) as Record<TrackReason, { description: string }>,
  });
}

function trackEventPayload(builder: Builder) {
  const status = trackStatus(builder);
  const reason = trackReason(builder);
  return builder.objectRef<TrackResult>('TrackEventPayload').implement({
    fields: (t) => ({
      clientEventId: t.exposeID('clientEventId', {
        description: 'As sent; empty where what was sent is no UUID.',
      }),
      status: t.field({ type: status, resolve: (result) => result.status }),
      reason: t.field({ type: reason, nullable: true, resolve: (result) => result.reason }),
      retryAfterMs: t.exposeInt('retryAfterMs', {
        nullable: true,
        description:
          'Milliseconds after which sending the same event again can succeed; null where it cannot.',
      }),
      field: t.exposeString('field', {
        nullable: true,
        description:
          'A JSON pointer into the event to what is wrong with it, such as /properties/language. Never a value.',
      }),
      rule: t.exposeString('rule', {
        nullable: true,
        description:
          'The rule that was broken there, of the table in the documentation: pattern, required, pii.email … An ACCEPTED event that lost undeclared properties names the first of them, with the rule unknown.',
      }),
    }),
  });
}

function trackEventsPayload(builder: Builder, payload: ReturnType<typeof trackEventPayload>) {
  return builder.objectRef<TrackBatchResult>('TrackEventsPayload').implement({
    fields: (t) => ({
      accepted: t.exposeInt('accepted'),
      duplicates: t.exposeInt('duplicates'),
      dropped: t.exposeInt('dropped'),
      rejected: t.exposeInt('rejected'),
      results: t.field({
        type: [payload],
        description: 'One per input, in order.',
        resolve: (result) => [...result.results],
      }),
    }),
  });
}

/**
 * Loosely typed on purpose: a value that GraphQL cannot coerce refuses the whole request, a value that the pipeline
 * refuses costs one event.
 */
function trackEventInput(builder: Builder) {
  return builder.inputType('TrackEventInput', {
    fields: (t) => ({
      eventType: t.string({
        required: true,
        description: 'A name of the catalogue; never an enum, so that old bundles live.',
      }),
      appName: t.string({ required: true }),
      clientEventId: t.id({
        required: true,
        description: 'UUID of version 4, 5, 7 (from our SDK) or 8. Any letter case, one event.',
      }),
      eventVersion: t.int(),
      appVersion: t.string(),
      source: t.string({ description: 'web, mobile, ide, server …' }),
      host: t.string({ description: 'The host that the app is served from. Hashed, never stored.' }),
      route: t.string({ description: 'A route template; query and hash are cut off.' }),
      entityType: t.string(),
      entityId: t.id(),
      sessionId: t.id({ description: 'UUID per tab. Stored only as a hash that changes every day.' }),
      seq: t.float({ description: `Client sequence number, a whole number from 0 to ${limits.maxSeq}.` }),
      occurredAt: t.string({ description: 'ISO 8601 with offset, the client’s clock.' }),
      sentAt: t.string({
        description:
          'The client’s clock when it sent the request: corrects occurredAt. The sentAt of a batch goes before it.',
      }),
      properties: t.field({ type: 'JSON', description: 'Checked against the event type’s schema.' }),
    }),
  });
}

function trackEventsInput(builder: Builder, input: ReturnType<typeof trackEventInput>) {
  return builder.inputType('TrackEventsInput', {
    fields: (t) => ({
      events: t.field({ type: [input], required: true }),
      sentAt: t.string({ description: 'The client’s clock when it sent the batch: corrects occurredAt.' }),
    }),
  });
}

function trackEventField(
  builder: Builder,
  payload: ReturnType<typeof trackEventPayload>,
  inputType: ReturnType<typeof trackEventInput>,
): void {
  builder.mutationField('trackEvent', (t) =>
    t.field({
      type: payload,
      description: 'Takes one event. The answer comes after the commit.',
      authScopes: { signedIn: true },
      args: { input: t.arg({ type: inputType, required: true }) },
      resolve: async (_root, { input }, context) => {
        const [result] = (await track(context, [input], null)).results;
        if (!result) throw codedError('INTERNAL_SERVER_ERROR');
        return result;
      },
    }),
  );
}

function trackEventsField(
  builder: Builder,
  payload: ReturnType<typeof trackEventsPayload>,
  inputType: ReturnType<typeof trackEventsInput>,
): void {
  builder.mutationField('trackEvents', (t) =>
    t.field({
      type: payload,
      description: 'Takes a batch. Every event has its own verdict; the answer comes after the commit.',
      authScopes: { signedIn: true },
      args: { input: t.arg({ type: inputType, required: true }) },
      resolve: (_root, { input }, context) => track(context, input.events, input.sentAt),
    }),
  );
}

function tooManyInAll(maxBatch: number): string {
  return `All tracking fields of a request hold at most ${maxBatch} events together. This field does not fit any more; what stands before it is stored.`;
}

async function track(
  context: GraphQLContext,
  events: readonly TrackEventInput[],
  sentAt: string | null | undefined,
): Promise<TrackBatchResult> {
  const { services, origin, receivedAt, eventRoom } = context;
  const sent = { author: signedIn(context), origin, receivedAt, events, sentAt, deriveIds: false };
  const call = toTrackCall(sent, services.maxBatch);
  if (!call.ok) throw codedError(call.error.code, call.error.message);
  if (!eventRoom.take(events.length)) throw codedError('BATCH_TOO_LARGE', tooManyInAll(services.maxBatch));
  const answer = await services.track(call.value);
  if (!answer.ok) throw codedError(answer.error);
  return answer.value;
}
