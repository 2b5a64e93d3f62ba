import { createContext, useContext } from 'react';
import type { AnyTrack, TrackedUser, Tracker } from '../sdk/index.js';

/** A tracker whose catalogue nobody has asked for yet. */
export type AnyTracker = Tracker<TrackedUser, AnyTrack>;

export const TrackerContext = createContext<AnyTracker | null>(null);

const nowhere: AnyTracker = {
  track() {},
  setUser() {},
  setConsent() {},
  flush: () => Promise.resolve(),
  close: () => Promise.resolve(),
  stats: () => ({
    tracked: 0,
    restored: 0,
    sent: 0,
    accepted: 0,
    duplicates: 0,
    dropped: {},
    handedOver: 0,
    queued: 0,
    inFlight: 0,
    gate: 'closed',
  }),
};

/** The provider's tracker; outside of a provider one that does nothing, because telemetry must not break a page. */
export function useTracker(): AnyTracker {
  return useContext(TrackerContext) ?? nowhere;
}
