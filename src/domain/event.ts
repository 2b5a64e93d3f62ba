import type { JsonObject } from '../contract/index.js';

/** Browser, system and device of a visitor, coarse enough to describe thousands. Null where no user agent came along. */
export interface UserAgentBuckets {
  readonly deviceType: string | null;
  readonly browserFamily: string | null;
  readonly osFamily: string | null;
}

/**
 * The words that many events share. They are stored once per distinct combination, so an event row costs
 * eight bytes for all ten (docs/adr/0003-storage-layout.md).
 */
export interface EventDimensions extends UserAgentBuckets {
  readonly appName: string;
  readonly eventType: string;
  readonly eventVersion: number;
  readonly appVersion: string | null;
  readonly source: string | null;
  readonly route: string | null;
  readonly entityType: string | null;
}

/** Everything that is stored of an event. No address, user agent, subject or session id has a place here. */
export interface StoredEvent {
  /** UUID version 8, an HMAC over (author, clientEventId): the same event always has the same id. */
  readonly id: string;
  readonly createdAt: Date;
  readonly occurredAt: Date | null;
  /** UUID in lower case, without its maker's clock. Null: the visitor opted out. */
  readonly clientEventId: string | null;
  readonly dimensions: EventDimensions;
  readonly entityId: string | null;
  /** 32 lower-case hex digits (128 bits). Null: the visitor is not known, or opted out. */
  readonly userHash: string | null;
  /** 32 lower-case hex digits (128 bits), under the same day's salt. */
  readonly sessionHash: string | null;
  /** Shifted by an amount of the day and session: order and gaps are the client's, the number is not. */
  readonly seq: number | null;
  /** Only declared properties; null where there are none. */
  readonly properties: JsonObject | null;
}

/** An event with nothing raw in it, on its way to the store. */
export interface AnonymousFields extends StoredEvent {
  /** The salt day (`YYYY-MM-DD`) of the event; no column of its own. Rows of two days are never written together. */
  readonly day: string;
}

declare const anonymous: unique symbol;

/** The only type that a store takes. `anonymise` alone makes it, field by field. */
export type AnonymousEvent = AnonymousFields & { readonly [anonymous]: true };

/** Where a request came from. Lives left of `anonymise` only. */
export interface Origin {
  /** Canonical text of the caller's address; null where it is not known. */
  readonly ip: string | null;
  /** At most 512 characters; null where there was none or where the gateway sent its own. */
  readonly userAgent: string | null;
  /** The browser said `Sec-GPC: 1` or `DNT: 1`. */
  readonly optedOut: boolean;
}

/** Who sends events, as much as the pipeline has to know. Lives left of `anonymise` only. */
export interface Author {
  /** The token's `sub`. */
  readonly subject: string;
  /** The token's `email`, only to be held against the list of internal users. */
  readonly email: string | null;
  /** A server emitter: its user agent and address are not a visitor's; no bot filter, no rate limit. */
  readonly isService: boolean;
  /** May import history. */
  readonly mayBackfill: boolean;
}
