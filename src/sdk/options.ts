import type { Ledger, TrackerProblem } from '../client/ledger.js';
import type { Outbox, OutboxOptions } from '../client/outbox.js';
import type { HttpFetch, TokenSource } from '../client/transport.js';
import type { TrackEventInput } from '../contract/index.js';
import type { GateState } from './gate-state.js';
import type { SessionFactory } from './session.js';

/** Somebody who is signed in. `id` only tells one from the other: it is never sent and never stored. */
export interface TrackedUser {
  readonly id: string | number;
}

/** `pending`: events wait in memory, nothing is stored or sent. */
export type Consent = 'granted' | 'denied' | 'pending';

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

/**
 * Keeps events that could not be sent yet over a reload or a crash. Nothing here throws. For `./sdk/offline` alone:
 * most of these names are shortened in what is published.
 */
export interface OfflineKeeper {
  /** The gate is open for the user of this id; called again and again. */
  open(userId: unknown): void;
  /** Whether what is in memory may not be this page's alone to send. */
  mustWait(): boolean;
  /** An event was tracked; unless the gate is open, nothing may be stored yet. */
  queued(event: StoredEvent, gate: GateState): void;
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
  /** There is no consent: forgets everything, other pages' events included; called again and again. */
  erase(): void;
}

/** Makes the keeper of a tracker; `createOfflineStore` of `./sdk/offline`. */
export type OfflineKeeping = (host: OfflineHost) => OfflineKeeper;

export interface StoredEvent {
  /** Its `clientEventId`. */
  readonly id: string;
  readonly json: string;
}

export interface TrackerOptions<User extends TrackedUser = TrackedUser> extends OutboxOptions {
  /** The gateway's GraphQL endpoint; with `api: 'rest'` the `/v1/events` of Signals. May be relative. */
  readonly endpoint: string;
  /** Default `graphql`. */
  readonly api?: 'graphql' | 'rest' | undefined;
  /**
   * What a request goes through. Default: the page's own `fetch`, with its own default for cookies. `apolloTransport`
   * of `./sdk/apollo` and `urqlTransport` of `./sdk/urql` send through a client that the app has already.
   */
  readonly fetch?: HttpFetch | undefined;
  /** The app of the catalogue that the events belong to. */
  readonly appName: string;
  readonly appVersion?: string | undefined;
  /** Default `web`. */
  readonly source?: string | undefined;
  /** Default: the page's own host. */
  readonly host?: string | undefined;
  /** The user's token, or a function that gets a fresh one. Left out: cookies say who it is. */
  readonly token?: TokenSource | undefined;
  /** More headers for the gateway, named in lower case. They are on every request: no personal data. */
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
   * What Global Privacy Control and Do Not Track mean. Default `drop`: nothing is tracked. `ignore`: nothing here;
   * the app knows better, or leaves out what links events with `session: noSession`.
   */
  readonly privacySignals?: 'drop' | 'ignore' | undefined;
  /**
   * Where the session id lives. Default: in memory, one page, one session. `tabSession` of `./sdk/session`: one
   * tab, over reloads, in `sessionStorage`. Either is renewed after 30 idle minutes, and a
   * duplicated tab gets its own. `noSession` of `./sdk/session`: there is none.
   */
  readonly session?: SessionFactory | undefined;
  /** Sees every event before it is queued and may change it; null drops it, and so does throwing. */
  readonly beforeSend?: ((event: OutgoingEvent) => OutgoingEvent | null) | undefined;

  /** For one request, the token included. Default 10,000. */
  readonly timeoutMs?: number | undefined;
  /** Default: none, events live in memory. */
  readonly offline?: OfflineKeeping | undefined;
  /**
   * Hears of lost and of repeated events: a reason and a count, which field breaks which rule where the server said
   * so, no content. May throw or reject without consequence. Called after the caller's stack.
   */
  readonly onError?: ((problem: TrackerProblem) => unknown) | undefined;
}
