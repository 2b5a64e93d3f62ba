'use client';

/** What `signals-client/react` exports. Exactly these names are public; test/sdk/public-names.test.ts lists them. */
export { type AnyTracker, useTracker } from './context.js';
export { TrackerProvider, type TrackerProviderProps } from './provider.js';
export { useTrackEvent, useTrackView } from './use-track.js';
