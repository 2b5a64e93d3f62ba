import { createElement, type ReactNode, useEffect } from 'react';
import type { Consent, TrackedUser, Tracker } from '../sdk/index.js';
import { type AnyTracker, TrackerContext } from './context.js';

export interface TrackerProviderProps<User extends TrackedUser> {
  /**
   * Made by the app, once and outside of React (`createTracker`): it lives as long as the page, however often
   * the tree is mounted. On a server it does nothing.
   */
  readonly tracker: Pick<Tracker<User, never>, 'setUser' | 'setConsent' | 'flush' | 'close' | 'stats'> & {
    readonly track: unknown;
  };
  /** Handed to `setUser` whenever it is another object; left out: the app calls `setUser` itself. */
  readonly user?: User | null | undefined;
  /** Handed to `setConsent` whenever it changes; left out: the app calls `setConsent` itself. */
  readonly consent?: Consent | undefined;
  readonly children?: ReactNode;
}

/** Gives the tree its tracker, and the tracker its user and consent. Tracking never renders anything. */
export function TrackerProvider<User extends TrackedUser>(props: TrackerProviderProps<User>) {
  const { tracker, user, consent } = props;
  const followsUser = 'user' in props;
  // Also when it is another object of the same user: `isInternal` may say something else of it by now.
  useEffect(() => {
    if (followsUser) tracker.setUser(user);
  }, [tracker, followsUser, user]);
  useEffect(() => {
    if (consent !== undefined) tracker.setConsent(consent);
  }, [tracker, consent]);
  return createElement(TrackerContext.Provider, { value: tracker as AnyTracker }, props.children);
}
