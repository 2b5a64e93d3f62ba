import { useSyncExternalStore } from 'react';
import { useTrackEvent, useTrackView } from 'signals-client/react';

const journeys = [
  { id: '0b2f6f1e-5a51-4b0e-9a53-0d7b7a1f6c01', title: 'First steps' },
  { id: '7d0c3f52-8d1c-4c57-8b0a-3f6f0f3c9a02', title: 'Going deeper' },
];

/** A router of three lines; yours knows the template too: `matches.at(-1)?.route.path` and the like. */
function useHash() {
  return useSyncExternalStore(
    (changed) => {
      addEventListener('hashchange', changed);
      return () => removeEventListener('hashchange', changed);
    },
    () => location.hash,
  );
}

export function Journeys() {
  const hash = useHash();
  const journey = journeys.find(({ id }) => hash === `#/journeys/${id}`);
  return journey ? <Editor key={journey.id} {...journey} /> : <List />;
}

function List() {
  const track = useTrackEvent();
  useTrackView('/journeys');
  return (
    <>
      <button type="button" onClick={() => track('journey_create_clicked', { route: '/journeys' })}>
        New journey
      </button>
      <ul>
        {journeys.map(({ id, title }) => (
          <li key={id}>
            <a href={`#/journeys/${id}`}>{title}</a>
          </li>
        ))}
      </ul>
    </>
  );
}

function Editor({ id, title }: { id: string; title: string }) {
  const track = useTrackEvent();
  // The template, not the address: which journey it was is said by `entity`, where it matters.
  const route = '/journeys/[id]';
  useTrackView(route);
  const about = { route, entity: { type: 'journey', id } } as const;
  return (
    <>
      <h2>{title}</h2>
      <button type="button" onClick={() => track('editor_analytics_overlay_opened', about)}>
        Analytics
      </button>
      <label>
        Translate to{' '}
        <select
          defaultValue=""
          onChange={({ target }) =>
            track('ai_translation_language_picked', { ...about, properties: { language: target.value } })
          }
        >
          <option value="" disabled>
            …
          </option>
          <option value="es">Spanish</option>
          <option value="sw">Swahili</option>
        </select>
      </label>
      <p>
        <a href="#/journeys">All journeys</a>
      </p>
    </>
  );
}
