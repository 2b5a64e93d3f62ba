import type { JsonValue } from './json.js';
import type { TrackReason, TrackStatus } from './reasons.js';
import type { TrackRule } from './rules.js';

/** One event as an app sends it: the GraphQL input and the REST item alike. */
export interface TrackEventInput {
  readonly eventType: string;
  readonly appName: string;
  /** UUID of version 4, 5, 7 (from our SDK) or 8; any letter case, one event. May be left out over REST only. */
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
  /** A whole number from 0 to 2^30 − 1. */
  readonly seq?: number | null | undefined;
  /** ISO 8601, the client's clock. */
  readonly occurredAt?: string | null | undefined;
  /** ISO 8601, the client's clock when it sent the request. The `sentAt` of a batch goes before it. */
  readonly sentAt?: string | null | undefined;
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
  /**
   * Where the event breaks the rule: a JSON pointer (RFC 6901) into the event, such as `/properties/language`;
   * empty where it is the event as a whole, null where nothing is wrong with it. It holds names of the catalogue and harmless names only, never a value.
   */
  readonly field: string | null;
  /**
   * Which rule it breaks. An event that is `ACCEPTED` without some of its properties names the first of them, with
   * the rule `unknown`.
   */
  readonly rule: TrackRule | null;
}

export interface TrackBatchResult {
  readonly accepted: number;
  readonly duplicates: number;
  readonly dropped: number;
  readonly rejected: number;
  /** One per input, in order. */
  readonly results: readonly TrackResult[];
}
