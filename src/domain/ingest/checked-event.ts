import type { JsonObject } from '../../contract/index.js';
import type { EventTypePlan } from '../catalogue.js';

/** A word of an event that is stored as `(other)` where it is not kept. */
export type OtherWord = 'route' | 'appVersion' | 'source';

/** What the steps have found out about an event that they let pass. Lives left of `anonymise` only. */
export interface CheckedEvent {
  /** The app of the catalogue. */
  readonly appName: string;
  readonly plan: EventTypePlan;
  /** A UUID in lower case, as it was sent or derived. */
  readonly clientEventId: string;
  readonly appVersion: string | null;
  readonly source: string | null;
  /** In lower case; empty where none was sent. It goes no further than the hash. */
  readonly host: string;
  readonly entityType: string | null;
  readonly entityId: string | null;
  /** A UUID in lower case. It goes no further than the hash. */
  readonly sessionId: string | null;
  /** As it was sent, from 0 to `limits.maxSeq`. */
  readonly seq: number | null;
  readonly route: string | null;
  /** The salt day (`YYYY-MM-DD`) on which the event happened. */
  readonly day: string;
  /** The arrival, or for an event of an earlier day the time at which it happened. */
  readonly createdAt: Date;
  readonly occurredAt: Date | null;
  /** The version that the properties were checked against. */
  readonly version: number;
  /** Declared properties only; null where there are none. */
  readonly properties: JsonObject | null;
  /** How many undeclared properties were cut off. */
  readonly cutProperties: number;
  /** A JSON pointer to the first of them; null where none was cut off. */
  readonly firstCut: string | null;
  /** The words that have become `(other)`. */
  readonly otherWords: readonly OtherWord[];
  /** The browser said `Sec-GPC: 1` or `DNT: 1`, and the event type still wants to be counted. */
  readonly optedOut: boolean;
}
