import { createTracker } from 'signals-client';
import { createOfflineStore } from 'signals-client/offline';
import { sessionToken } from './session';

/** The one tracker of the app. Who is signed in, and whether they agreed, comes from `TrackerProvider`. */
export const tracker = createTracker({
  endpoint: '/graphql',
  appName: 'journeys-admin',
  user: undefined,
  consent: 'pending',
  // Asked for once per request, so a renewed token is used at once. With cookies, leave it out.
  token: sessionToken,
  // Events outlive a reload and a lost network. Left out, they live in memory and nothing is put on the device.
  offline: createOfflineStore(),
  // A reason and a count, never what the event said.
  onError: (problem) => console.warn('signals', problem),
});
