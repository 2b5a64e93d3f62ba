import type { ReactNode } from 'react';
import { useState } from 'react';
import { createTracker } from 'signals-client';
import type { CaptureEditor } from 'signals-client/capture';
import { TrackerProvider, useTrackEvent, useTracker, useTrackView } from 'signals-client/react';
import { useInteractionCapture } from 'signals-client/react/capture';
import { createTestTracker } from 'signals-client/testing';

const tracker = createTracker({ endpoint: '/graphql', appName: 'web', user: undefined, consent: 'pending' });

export function App({ user, children }: { user: { id: number } | null | undefined; children: ReactNode }) {
  return (
    <TrackerProvider tracker={tracker} user={user} consent="granted">
      <Page />
      {children}
    </TrackerProvider>
  );
}

export function Page() {
  const [editor] = useState<CaptureEditor | null>(null);
  const track = useTrackEvent();
  useTrackView('/journeys/[id]', { entity: { type: 'journey', id: '1' } });
  const { flush } = useInteractionCapture(editor, { entity: { type: 'episode', id: '1' } });
  const { queued } = useTracker().stats();
  return (
    <button
      type="button"
      onClick={() => {
        flush();
        track('button_clicked', { properties: { queued } });
      }}
    >
      send
    </button>
  );
}

export const inATest = (
  <TrackerProvider tracker={createTestTracker()}>
    <Page />
  </TrackerProvider>
);

export function Wrong() {
  const track = useTrackEvent();
  // @ts-expect-error details have no such member
  track('button_clicked', { property: {} });
  // @ts-expect-error a view has a route
  useTrackView();
  return (
    <>
      {/* @ts-expect-error the tracker is missing */}
      <TrackerProvider user={null}>text</TrackerProvider>
      {/* @ts-expect-error one of three words */}
      <TrackerProvider tracker={tracker} user={null} consent="yes">
        text
      </TrackerProvider>
    </>
  );
}
