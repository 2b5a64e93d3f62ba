// A React app in StrictMode; bundled once with React 19 and once with React 18.
import { StrictMode, useState, version } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { TrackerProvider, useTrackEvent, useTrackView } from 'signals-client/react';
import { drive, theTracker } from './driver.js';

const counts = { renders: 0 };
const tracks = new Set();
let rerender;
let root;

function Screen({ route, journey }) {
  counts.renders += 1;
  const [, setTurn] = useState(0);
  rerender = () => flushSync(() => setTurn((turn) => turn + 1));
  const track = useTrackEvent();
  tracks.add(track);
  const details = { entity: { type: 'journey', id: journey } };
  useTrackView(route, details);
  return (
    <button type="button" onClick={() => track('page_viewed', details)}>
      Call to action
    </button>
  );
}

drive({
  show(route, journey, user) {
    root ??= createRoot(document.querySelector('#root'));
    flushSync(() =>
      root.render(
        <StrictMode>
          <TrackerProvider tracker={theTracker()} user={user} consent="granted">
            <Screen route={route} journey={journey} />
          </TrackerProvider>
        </StrictMode>,
      ),
    );
  },
  version: () => version,
  renders: () => counts.renders,
  identities: () => tracks.size,
  rerender: () => rerender(),
});
