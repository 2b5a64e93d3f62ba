import type { JsonValue } from '../contract/index.js';

/** What may be said of an event besides its type. */
export interface TrackDetails {
  /** What the event type declares in the catalogue; anything else is cut off by the server. */
  readonly properties?: { readonly [key: string]: JsonValue | undefined } | undefined;
  readonly entity?: { readonly type: string; readonly id: string } | undefined;
  /** A route template such as `/journeys/[id]/edit`, not a filled-in path. */
  readonly route?: string | undefined;
  /** Default: now. */
  readonly occurredAt?: Date | undefined;
  readonly eventVersion?: number | undefined;
}

/**
 * Queues one event and returns at once. Never throws, never waits, does no I/O on the caller's stack, whatever
 * it is given; what cannot be sent is counted in `stats().dropped`.
 */
export type AnyTrack = (eventType: string, details?: TrackDetails) => void;

/**
 * Where the types that `signals codegen` writes are hooked in:
 * `declare module 'signals-client' { interface Register { track: SignalsTrack } }`.
 */
// biome-ignore lint/suspicious/noEmptyInterface: filled by the declaration above.
export interface Register {}

/** The catalogue's own `track` where there is one, else one that takes any event. */
export type RegisteredTrack = Register extends { readonly track: infer Track } ? Track : AnyTrack;
