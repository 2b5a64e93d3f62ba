import type { Ledger } from '../client/ledger.js';
import type { Outbox } from '../client/outbox.js';
import type { GateState } from './gate-state.js';

/** What the tracker lends to whoever keeps its events. */
export interface OfflineHost {
  readonly outbox: Outbox;
  readonly ledger: Ledger;
  /** Milliseconds that never step back. */
  readonly monotonicNow: () => number;
  /** For which a request may take. */
  readonly timeoutMs: number;
}

export interface StoredEvent {
  /** Its `clientEventId`. */
  readonly id: string;
  readonly json: string;
}

/** Keeps events that could not be sent yet over a reload or a crash. Nothing here throws. */
export interface OfflineKeeper {
  /** The gate is open for the user of this id; called again and again. */
  open(userId: unknown): void;
  /** Whether what is in memory may not be this page's alone to send. */
  mustWait(): boolean;
  /** An event was tracked; unless the gate is open, nothing may be stored yet. */
  added(event: StoredEvent, gate: GateState): void;
  /** These have their final answer. */
  done(events: readonly StoredEvent[]): void;
  /** This page sends these no more. Answers how many of them are lost; the others are left to the next page. */
  handOver(events: readonly StoredEvent[]): number;
  /** The page is left, for good or for the back/forward cache. */
  release(): void;
  /** The page came back. */
  resume(): void;
  /** The user has changed. */
  forget(): void;
  /** There is no consent: forgets everything, other pages' events included; called again and again. */
  erase(): void;
}

type CreateKeeper = (host: OfflineHost) => OfflineKeeper;

declare const madeBySignals: unique symbol;

/**
 * Makes the keeper of a tracker. An application gets one from `createOfflineStore` of `signals-client/offline` and cannot write
 * one: what the tracker lends to it may change with every version.
 */
export type OfflineKeeping = CreateKeeper & { readonly [madeBySignals]: true };

/** The only way to make an `OfflineKeeping`. */
export const offlineKeeping = (createKeeper: CreateKeeper): OfflineKeeping => createKeeper as OfflineKeeping;
