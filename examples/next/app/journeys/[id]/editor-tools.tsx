'use client';

import { useTrackEvent } from 'signals-client/react';
import { useRouteTemplate } from '../../../analytics/use-route-template';

export function EditorTools({ id }: { id: string }) {
  const track = useTrackEvent();
  // The template, not the address: which journey it was is said by `entity`, where it matters.
  const about = { route: useRouteTemplate() ?? undefined, entity: { type: 'journey', id } } as const;
  return (
    <>
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
    </>
  );
}
