'use client';

import type { ReactNode } from 'react';
import { TrackerProvider, useTrackView } from 'signals-client/react';
import { ConsentBanner, useConsent } from './consent';
import { useSession } from './session';
import { tracker } from './tracker';
import { TrackerStatus } from './tracker-status';
import { useRouteTemplate } from './use-route-template';

/** Around every page, in the layout: who is signed in, whether they agreed, and one view per page that somebody sees. */
export function Analytics({ children }: { children: ReactNode }) {
  const { user, signIn, signOut } = useSession();
  const [consent, decide] = useConsent();
  return (
    <TrackerProvider tracker={tracker} user={user} consent={consent}>
      {user && <PageViews />}
      {user === undefined && <p>Who are you …</p>}
      {user === null && (
        <button type="button" onClick={signIn}>
          Sign in
        </button>
      )}
      {user && (
        <button type="button" onClick={signOut}>
          Sign out
        </button>
      )}
      <main>{children}</main>
      <footer>
        <ConsentBanner consent={consent} onDecide={decide} />
        <TrackerStatus />
      </footer>
    </TrackerProvider>
  );
}

function PageViews() {
  useTrackView(useRouteTemplate());
  return null;
}
