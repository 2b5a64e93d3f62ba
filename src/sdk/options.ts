import type { TrackEventInput } from '../contract/index.js';
import type { Ledger, TrackerProblem } from './core/ledger.js';
import type { Outbox, Overflow } from './core/outbox.js';
import type { HttpFetch, TokenSource } from './core/transport.js';
import type { SessionFactory } from './session.js';

/** Somebody who is signed in. `id` only tells one from the other: it is never sent and never stored. */
export interface TrackedUser {
  readonly id: string | number;
}

/** `pending`: events wait in memory, nothing is stored or sent. */
export type Consent = 'granted' | 'denied' | 'pending';

/** A GraphQL request of the tracker, for a client that the app has already (see `./sdk/apollo`, `./sdk/urql`). */
export interface GraphqlRequest {
  readonly query: string;
  readonly operationName: string;
  readonly variables: { readonly input: unknown };
  /** Aborted when the tracker has given up waiting. */
  readonly signal: AbortSignal;
  /** Whether the page may be gone before the answer: to be passed on to `fetch`. */
  readonly keepalive: boolean;
}

/** What came back; `status` where the far end answered with an HTTP error. A rejection is a network failure. */
export interface GraphqlResponse {
  readonly data?: unknown;
  readonly errors?: readonly unknown[] | undefined;
  readonly status?: number | undefined;
  readonly retryAfterMs?: number | null;
}

export type GraphqlTransport = (request: GraphqlRequest) => Promise<GraphqlResponse>;

/** An event as it is about to be queued. `clientEventId` cannot be changed. */
export type OutgoingEvent = TrackEventInput;

/** What the tracker lends to whoever keeps its events. */
export interface OfflineHost {
  readonly outbox: Outbox;
  readonly ledger: Ledger;
  /** Milliseconds that never step back. */
  readonly ticks: () => number;
  /** For which a request may take. */
  readonly timeoutMs: number;
}

/** Keeps events that could not be sent yet over a reload or a crash. Nothing here throws. */
export interface OfflineKeeper {
  /** The gate is open for this user; called again and again. */
  open(userId: string): void;
  /** Whether what is in memory is this page's alone to send. */
  maySend(): boolean;
  queued(event: StoredEvent): void;
  /** These have their final answer. */
  done(events: readonly StoredEvent[]): void;
  /** This page sends these no more. Answers how many of them are lost; the others are left to the next page. */
  leaveBehind(events: readonly StoredEvent[]): number;
  /** The page is left, for good or for the back/forward cache. */
  release(): void;
  /** The page came back. */
  back(): void;
  /** The user has changed. */
  forget(): void;
  /** Consent was withdrawn: forgets everything, other pages' events included. */
  erase(): void;
  /** So many events of earlier pages were taken over. */
  restored(): number;
  /** So many events were left to other pages. */
  handedOver(): number;
}

/** Makes the keeper of a tracker; `createOfflineStore` of `./sdk/offline`. */
export type OfflineKeeping = (host: OfflineHost) => OfflineKeeper;

export interface StoredEvent {
  /** Its `clientEventId`. */
  readonly id: string;
  readonly json: string;
}

export interface TrackerOptions<User extends TrackedUser = TrackedUser> {
  /** The gateway's GraphQL endpoint; with `api: 'rest'` the base URL of Signals. May be relative. */
  readonly endpoint: string;
  /** Default `graphql`. `rest` posts to `<endpoint>/v1/events`. */
  readonly api?: 'graphql' | 'rest' | undefined;
  /** Sends through a client that the app has already, in place of `fetch`. */
  readonly transport?: GraphqlTransport | undefined;
  /** The app of the catalogue that the events belong to. */
  readonly appName: string;
  readonly appVersion?: string | undefined;
  /** Default `web`. */
  readonly source?: string | undefined;
  /** Default: the page's own host. */
  readonly host?: string | undefined;
  /** The user's token, or a function that gets a fresh one. Left out: cookies say who it is. */
  readonly token?: TokenSource | undefined;
  /** Default: `omit` with a token, else `same-origin`. */
  readonly credentials?: 'omit' | 'same-origin' | 'include' | undefined;
  /** More headers for the gateway. They are on every request: no personal data. */
  readonly headers?: Readonly<Record<string, string>> | undefined;

  /**
   * Who is signed in. `undefined`: not known yet, and nothing is sent; `null`: nobody, and nothing is tracked.
   * Later: `setUser`.
   */
  readonly user: User | null | undefined;
  /** Users that are not tracked. One that throws says yes. Let the server tell, and ship no list of names. */
  readonly isInternal?: ((user: User) => boolean) | undefined;
  /** What becomes of events while the user is `undefined`. Default `hold`, in memory. */
  readonly whileUserLoading?: 'hold' | 'drop' | undefined;
  /** The state, or a function that tells it, asked before every event and every request; one that throws says `denied`. */
  readonly consent: Consent | (() => Consent);
  /** Hears of every change through `setConsent`. */
  readonly onConsentChange?: ((consent: Consent) => unknown) | undefined;
  /**
   * What Global Privacy Control and Do Not Track mean. Default `drop`: nothing is tracked. `anonymous`: events
   * carry no session id and no sequence number.
   */
  readonly privacySignals?: 'drop' | 'anonymous' | undefined;
  /**
   * Where the session id lives. Default: in memory, one page, one session. `tabSession` of `./sdk/session`: one
   * tab, over reloads, in `sessionStorage`. Either is renewed after 30 idle minutes and at 00:00 UTC, and a
   * duplicated tab gets its own.
   */
  readonly session?: SessionFactory | undefined;
  /** Sees every event before it is queued and may change it; null drops it, and so does throwing. */
  readonly beforeSend?: ((event: OutgoingEvent) => OutgoingEvent | null) | undefined;

  /** Queued events that are sent without waiting for more. Default 10. */
  readonly flushAt?: number | undefined;
  /** Longest wait for company. Default 10,000. */
  readonly flushIntervalMs?: number | undefined;
  /** After so long without a further event what is queued is sent when the browser is idle. Default 2,000. */
  readonly idleMs?: number | undefined;
  /** Most events of a request, no more than the server's limit. Default 50. */
  readonly maxBatch?: number | undefined;
  /** Most events held, those in flight included. Default 1,000. */
  readonly maxQueue?: number | undefined;
  /** Which event gives way when the queue is full. Default `drop-oldest`. */
  readonly overflow?: Overflow | undefined;
  /** How often one event is sent before it is given up; not counted while the browser is offline. Default 10. */
  readonly maxAttempts?: number | undefined;
  /** For one request, the token included. Default 10,000. */
  readonly timeoutMs?: number | undefined;
  /** Default: none, events live in memory. */
  readonly offline?: OfflineKeeping | undefined;
  readonly fetch?: HttpFetch | undefined;
  /**
   * Hears of lost and of repeated events: a reason and a count, no content. May throw or reject without
   * consequence. Called after the caller's stack.
   */
  readonly onError?: ((problem: TrackerProblem) => unknown) | undefined;
}
