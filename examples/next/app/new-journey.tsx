'use client';

import { useTrackEvent } from 'signals-client/react';

export function NewJourney() {
  const track = useTrackEvent();
  return (
    <button type="button" onClick={() => track('journey_create_clicked', { route: '/' })}>
      New journey
    </button>
  );
}
