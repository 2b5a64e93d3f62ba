'use client';

import { createTracker } from 'signals-client';
import { sessionToken } from './session';

/**
 * The one tracker of the app. Next also loads this module on the server to render the first HTML; there the
 * tracker does nothing. Who is signed in, and whether they agreed, comes from `TrackerProvider`.
 */
export const tracker = createTracker({
  endpoint: '/graphql',
  appName: 'journeys-admin',
  user: undefined,
  consent: 'pending',
  // Asked for once per request, so a renewed token is used at once. With cookies, leave it out.
  token: sessionToken,
  // A reason and a count, never what the event said.
  onError: (problem) => console.warn('signals', problem),
});
