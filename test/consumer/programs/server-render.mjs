// On a server, where there is no window: importing does nothing, a tracker does nothing, and pages are rendered.
import assert from 'node:assert/strict';
import { createElement as h } from 'react';
import { renderToString } from 'react-dom/server';

assert.equal(typeof window, 'undefined');
assert.equal(typeof document, 'undefined');

const requests = [];
globalThis.fetch = async (...request) => {
  requests.push(request);
  throw new TypeError('no network here');
};
const before = worldNow();

const { createTracker } = await import('signals-client');
const { createOfflineStore } = await import('signals-client/offline');
const { TrackerProvider, useTracker, useTrackEvent, useTrackView } = await import('signals-client/react');
const { useInteractionCapture } = await import('signals-client/react/capture');
await import('signals-client/capture');
await import('signals-client/urql');
await import('signals-client/debug');
const { createTestTracker } = await import('signals-client/testing');
assert.deepEqual(since(before), [], 'importing leaves globals, listeners and timers as they were');

const tracker = createTracker({
  endpoint: '/graphql',
  appName: 'web',
  user: { id: 1 },
  consent: 'granted',
  offline: createOfflineStore(),
  flushAt: 1,
});
tracker.track('button_clicked');
tracker.setUser({ id: 2 });
tracker.setConsent('granted');
await tracker.flush();
const { tracked, sent, queued, inFlight, dropped, gate } = tracker.stats();
assert.deepEqual(
  { tracked, sent, queued, inFlight, dropped: { ...dropped }, gate },
  { tracked: 1, sent: 0, queued: 0, inFlight: 0, dropped: { not_a_browser: 1 }, gate: 'not_a_browser' },
);

function Page() {
  const track = useTrackEvent();
  useTrackView('/journeys/[id]');
  useInteractionCapture(null);
  assert.equal(typeof track, 'function');
  return h('p', null, useTracker().stats().gate);
}
const html = renderToString(h(TrackerProvider, { tracker, user: { id: 1 }, consent: 'granted' }, h(Page)));
assert.equal(html, '<p>not_a_browser</p>');
assert.equal(tracker.stats().tracked, 1, 'rendering tracks nothing');

const testTracker = createTestTracker();
testTracker.track('button_clicked', { route: '/journeys' });
assert.deepEqual(testTracker.events, [{ eventType: 'button_clicked', route: '/journeys' }]);

await tracker.close();
assert.deepEqual(requests, []);
assert.deepEqual(since(before), [], 'nothing is left behind: the process may end');

/** Everything that a module could leave behind by being imported, as words. */
function worldNow() {
  return [
    ...Reflect.ownKeys(globalThis).map((name) => `global ${String(name)}`),
    ...process.eventNames().map((name) => `listener ${String(name)}`),
    ...process.getActiveResourcesInfo().filter((name) => name === 'Timeout' || name === 'Immediate'),
  ];
}

function since(earlier) {
  return worldNow().filter((word) => !earlier.includes(word));
}
