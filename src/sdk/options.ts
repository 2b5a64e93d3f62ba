import type { TrackerProblem } from '../client/ledger.js';
import type { OutboxOptions } from '../client/outbox-options.js';
import type { HttpFetch, TokenSource } from '../client/transport.js';
import type { TrackEventInput } from '../contract/index.js';
import type { OfflineKeeping } from './offline-keeping.js';
import type { SessionFactory } from './session.js';

/** Somebody who is signed in. `id` only tells one from the other: it is never sent and never stored. */
export interface TrackedUser {
  readonly id: string | number;
}

/** `pending`: events wait in memory, nothing is stored or sent. */
export type Consent = 'granted' | 'denied' | 'pending';

/** An event as it is about to be queued. `clientEventId` cannot be changed. */
export type OutgoingEvent = TrackEventInput;

export interface TrackerOptions<User extends TrackedUser = TrackedUser> extends OutboxOptions {
  /** The gateway's GraphQL endpoint; with `api: 'rest'` the `/v1/events` of Signals. May be relative. */
  readonly endpoint: string;
  /** Default `graphql`. */
  readonly api?: 'graphql' | 'rest' | undefined;
  /**
   * What a request goes through. Default: the page's own `fetch`, with its own default for cookies. `apolloTransport`
   * of `signals-client/apollo` and `urqlTransport` of `signals-client/urql` send through a client that the app has already.
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
   * Where the session id lives. Default: in memory, one page, one session. `tabSession` of `signals-client/session`: one
   * tab, over reloads, in `sessionStorage`. Either is renewed after 30 idle minutes, and a
   * duplicated tab gets its own. `noSession` of `signals-client/session`: there is none.
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
