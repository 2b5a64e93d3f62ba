'use client';

import { useParams, usePathname } from 'next/navigation';
import { routeTemplate } from './route-template';

/** The template of the page that is shown, for `useTrackView` and for the `route` of an event. */
export function useRouteTemplate(): string | null {
  return routeTemplate(usePathname(), useParams());
}
