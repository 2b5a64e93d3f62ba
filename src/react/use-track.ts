import { useEffect, useRef } from 'react';
import type { RegisteredTrack, TrackDetails } from '../sdk/index.js';
import { useTracker } from './context.js';

/**
 * The provider's `track`: the same function at every render, safe in any dependency list, and calling it renders
 * nothing. `Track`: the type that `signals codegen` wrote, where it is not registered.
 */
export function useTrackEvent<Track = RegisteredTrack>(): Track {
  return useTracker().track as Track;
}

/**
 * Tracks that a view was shown: one event when it is first shown and whenever `route` changes, also under
 * StrictMode, which mounts everything twice. Null: no view yet. `route` is a template (`/journeys/[id]`), never a
 * filled-in path. `details` are those of the moment of the event; a change of them alone is no further view.
 */
export function useTrackView(
  route: string | null | undefined,
  details?: Omit<TrackDetails, 'route'> & { readonly eventType?: string },
): void {
  const { track } = useTracker();
  const latest = useRef(details);
  useEffect(() => {
    latest.current = details;
  });
  useEffect(() => {
    if (route == null) return;
    let shown = true;
    // StrictMode takes the first mount back on the same stack.
    queueMicrotask(() => {
      if (!shown) return;
      const { eventType = 'page_viewed', ...rest } = latest.current ?? {};
      track(eventType, { ...rest, route });
    });
    return () => {
      shown = false;
    };
  }, [track, route]);
}
