import { TrackerProvider } from 'signals-client/react';
import { ConsentBanner, useConsent } from './consent';
import { Journeys } from './Journeys';
import { useSession } from './session';
import { TrackerStatus } from './TrackerStatus';
import { tracker } from './tracker';

export function App() {
  const { user, signIn, signOut } = useSession();
  const [consent, decide] = useConsent();
  return (
    <TrackerProvider tracker={tracker} user={user} consent={consent}>
      <main>
        <h1>Journeys</h1>
        {user === undefined && <p>Who are you …</p>}
        {user === null && (
          <button type="button" onClick={signIn}>
            Sign in
          </button>
        )}
        {user && (
          <>
            <Journeys />
            <p>
              <button type="button" onClick={signOut}>
                Sign out
              </button>
            </p>
          </>
        )}
      </main>
      <footer>
        <ConsentBanner consent={consent} onDecide={decide} />
        <TrackerStatus />
      </footer>
    </TrackerProvider>
  );
}
