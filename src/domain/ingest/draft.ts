import type { JsonObject, TrackEventInput, TrackReason } from '../../contract/index.js';
import type { Catalogue, EventTypePlan } from '../catalogue.js';
import type { Author, Origin, UserAgentBuckets } from '../event.js';

/** What the user agent of a request tells, read once for all its events. */
export interface Visitor {
  readonly buckets: UserAgentBuckets;
  /** A digest of browser name, major version and system; empty without a user agent. */
  readonly userAgentDigest: string;
  readonly isBot: boolean;
}

/** What is the same for every event of one call. Lives left of `anonymise` only. */
export interface Call {
  readonly author: Author;
  readonly origin: Origin;
  readonly visitor: Visitor;
  /** The one instant that decides `createdAt`, the day and the salt. */
  readonly receivedAt: Date;
  /** Received minus sent, in milliseconds: how far the client's clock is off. Zero when it did not say. */
  readonly clockOffsetMs: number;
  readonly catalogue: Catalogue;
  readonly policy: IngestPolicy;
  /** Makes an id for an event that came without one; null where that is not allowed. */
  readonly deriveClientEventId: ((input: TrackEventInput) => string) | null;
}

/** The operator's choices that steps ask for. */
export interface IngestPolicy {
  readonly maxAgeMs: number;
  readonly retentionMs: number;
  isInternal(author: Author): boolean;
}

/**
 * One event on its way through the steps: what was sent, and what has been checked of it so far.
 * Each field below `input` is set by the step that is named beside it.
 */
export interface Draft {
  readonly input: TrackEventInput;
  plan: EventTypePlan | null; // rejectUnknownEventType
  version: number; // putProperties
  clientEventId: string; // putClientEventId
  appVersion: string | null; // putLabels
  source: string | null; // putLabels
  host: string; // putLabels
  entityType: string | null; // putEntity
  entityId: string | null; // putEntity
  sessionId: string | null; // putSession
  seq: number | null; // putSeq
  route: string | null; // putRoute
  createdAt: Date; // putTimes
  occurredAt: Date | null; // putTimes
  properties: JsonObject | null; // putProperties
  cutProperties: number; // putProperties
  anonymous: boolean; // dropOptedOut: keep it, but without visitor and session
}

/** A fresh draft of what was sent. */
export function draftOf(input: TrackEventInput, receivedAt: Date): Draft {
  return {
    input,
    plan: null,
    version: 1,
    clientEventId: '',
    appVersion: null,
    source: null,
    host: '',
    entityType: null,
    entityId: null,
    sessionId: null,
    seq: null,
    route: null,
    createdAt: receivedAt,
    occurredAt: null,
    properties: null,
    cutProperties: 0,
    anonymous: false,
  };
}

/** The plan of a draft that has passed `rejectUnknownEventType`. Throws on a wrong order of steps, which is a bug. */
export function planOf(draft: Draft): EventTypePlan {
  if (!draft.plan) throw new Error('a step that needs the plan ran before rejectUnknownEventType');
  return draft.plan;
}

/** A step lets the draft pass (null) or ends it with a reason. It never throws for an expected refusal. */
export interface Step {
  readonly name: string;
  run(draft: Draft, call: Call): TrackReason | null;
}
