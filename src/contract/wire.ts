import type { TrackReason, TrackStatus } from './reasons.js';

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** One event as an app sends it: the GraphQL input and the REST item alike. */
export interface TrackEventInput {
  readonly eventType: string;
  readonly appName: string;
  /** UUID (version 7 from our SDK); any letter case, one event. May be left out over REST only. */
  readonly clientEventId?: string | null | undefined;
  readonly eventVersion?: number | null | undefined;
  readonly appVersion?: string | null | undefined;
  /** `web`, `mobile`, `ide`, `server` … */
  readonly source?: string | null | undefined;
  /** The host that the app is served from. Part of the visitor hash, never stored. */
  readonly host?: string | null | undefined;
  /** A route template such as `/journeys/[id]/edit`; query and hash are cut off. */
  readonly route?: string | null | undefined;
  readonly entityType?: string | null | undefined;
  readonly entityId?: string | null | undefined;
  /** UUID per tab. Stored only as an HMAC under the day's salt. */
  readonly sessionId?: string | null | undefined;
  readonly seq?: number | null | undefined;
  /** ISO 8601, the client's clock. */
  readonly occurredAt?: string | null | undefined;
  readonly properties?: JsonValue | undefined;
}

/** `POST /v1/events` and the input of `trackEvents`. */
export interface TrackBatchInput {
  /** ISO 8601, the client's clock when it sent the batch: corrects `occurredAt` for a wrong clock. */
  readonly sentAt?: string | null | undefined;
  readonly events: readonly TrackEventInput[];
}

export interface TrackResult {
  /** As sent, in lower case where it is a UUID; derived where it was left out. */
  readonly clientEventId: string;
  readonly status: TrackStatus;
  readonly reason: TrackReason | null;
  readonly retryAfterMs: number | null;
}

export interface TrackBatchResult {
  readonly accepted: number;
  readonly duplicates: number;
  readonly dropped: number;
  readonly rejected: number;
  /** One per input, in order. */
  readonly results: readonly TrackResult[];
}
