// An application for browsers without React, and without any dependency but ours: what is right compiles, what is
// wrong does not. `@ts-expect-error` fails where there is no error.
import {
  type Consent,
  createTracker,
  type HttpFetch,
  type OutgoingEvent,
  type TrackDetails,
  type Tracker,
  type TrackerOptions,
  type TrackerProblem,
} from 'signals-client';
import { attachInteractionCapture, type CaptureEditor } from 'signals-client/capture';
import { type DebugConsole, type DebugRow, debugFetch } from 'signals-client/debug';
import { createOfflineStore } from 'signals-client/offline';
import { noSession, tabSession } from 'signals-client/session';
import { createTestTracker, type TestEvent, type TestTracker } from 'signals-client/testing';

interface User {
  readonly id: string;
  readonly isStaff: boolean;
}

/** Cookies go to other origins too. */
const withCookies: HttpFetch = (url, request) => fetch(url, { ...request, credentials: 'include' });

export const tracker: Tracker<User> = createTracker<User>({
  endpoint: '/graphql',
  appName: 'web',
  user: undefined,
  consent: () => 'pending',
  token: async () => 'token',
  isInternal: (user) => user.isStaff,
  beforeSend: (event: OutgoingEvent) => (event.eventType === 'secret' ? null : event),
  onError: ({ reason, count, willRetry, field, rule }: TrackerProblem) =>
    console.debug(reason, count, willRetry, field, rule),
  offline: createOfflineStore({ name: 'web', maxBytes: 100_000, maxAgeMs: 3_600_000 }),
  fetch: debugFetch(withCookies),
});

/** The console of an application that writes into its own page. */
const lines: DebugRow[] = [];
const page: DebugConsole = {
  group: () => {},
  groupCollapsed: () => {},
  table: (rows) => lines.push(...rows),
  groupEnd: () => {},
};
export const printing = [
  debugFetch(),
  debugFetch(fetch),
  debugFetch(fetch, page),
  debugFetch(fetch, console),
];

/** In an application's tests. */
const testTracker: TestTracker<User> = createTestTracker<User>({ user: { id: '1', isStaff: false } });
testTracker.track('button_clicked', { properties: { place: 'header' } });
export const tested: readonly TestEvent[] = testTracker.events;
export const asTracker: Tracker<User> = testTracker;
// @ts-expect-error what was tracked is read, not written
testTracker.events.push({ eventType: 'a' });
// @ts-expect-error a test says who is there, not where events go
createTestTracker({ endpoint: '/graphql' });
// @ts-expect-error a console has groups
debugFetch(fetch, { log: () => {} });

/** A type for `track` may be given where none is registered. */
type OwnTrack = (eventType: 'opened' | 'closed') => void;
export const own = createTracker<User, OwnTrack>({
  endpoint: '/graphql',
  appName: 'web',
  user: null,
  consent: 'granted',
});
own.track('opened');
/** The page's own, and all that may be said of a session. */
export const others = [tabSession, noSession].map((session) =>
  createTracker({
    endpoint: '/v1/events',
    api: 'rest',
    appName: 'web',
    user: null,
    consent: 'granted',
    fetch,
    session,
    privacySignals: 'ignore',
  }),
);
// @ts-expect-error not an event of its type
own.track('other');

export async function goodCalls(editor: CaptureEditor): Promise<number> {
  const details: TrackDetails = { properties: { place: 'header', count: 1, absent: undefined } };
  tracker.track('button_clicked');
  tracker.track('button_clicked', details);
  tracker.track('button_clicked', { entity: { type: 'journey', id: '1' }, route: '/a/[id]' });
  tracker.track('button_clicked', { occurredAt: new Date(), eventVersion: 2 });
  const { track } = tracker;
  track('needs_no_this');
  tracker.setUser({ id: '1', isStaff: false });
  tracker.setUser(null);
  tracker.setUser(undefined);
  const consent: Consent = 'denied';
  tracker.setConsent(consent);
  const capture = attachInteractionCapture(editor, { track, entity: { type: 'episode', id: '1' } });
  capture.flush();
  capture.detach();
  await tracker.flush();
  await tracker.close({ timeoutMs: 100 });
  const { tracked, sent, accepted, duplicates, queued, inFlight } = tracker.stats();
  const { restored = 0, handedOver = 0 } = tracker.stats();
  const lost = Object.values(tracker.stats().dropped).reduce((sum, count) => sum + count, 0);
  return tracked + restored + sent + accepted + duplicates + handedOver + queued + inFlight + lost;
}

export function badCalls(options: TrackerOptions<User>): void {
  // @ts-expect-error the event type is missing
  tracker.track();
  // @ts-expect-error a number is no event type
  tracker.track(1);
  // @ts-expect-error details have no such member
  tracker.track('a', { property: {} });
  // @ts-expect-error a property must be JSON
  tracker.track('a', { properties: { call: () => 1 } });
  // @ts-expect-error an entity has an id
  tracker.track('a', { entity: { type: 'journey' } });
  // @ts-expect-error ISO texts are not taken
  tracker.track('a', { occurredAt: '2026-01-01T00:00:00Z' });
  // @ts-expect-error one of three words
  tracker.setConsent('yes');
  // @ts-expect-error a user of this application has isStaff
  tracker.setUser({ id: '1' });
  // @ts-expect-error the user must be said, if only as undefined
  createTracker({ endpoint: '/graphql', appName: 'web', consent: 'granted' });
  // @ts-expect-error consent must be said
  createTracker({ endpoint: '/graphql', appName: 'web', user: null });
  // @ts-expect-error there is `drop`, and `ignore`, which may go with `noSession`
  createTracker({ ...options, privacySignals: 'anonymous' });
  // @ts-expect-error a GraphQL client is wrapped for `fetch`
  createTracker({ ...options, transport: withCookies });
  // @ts-expect-error nothing of it can be changed from outside
  tracker.track = () => {};
  // @ts-expect-error a store of something else
  createTracker({ ...options, offline: { save: () => {} } });
  // @ts-expect-error bytes are a number
  createOfflineStore({ maxBytes: '1 MB' });
}

/** Absent and undefined mean the same, whether or not the application has exactOptionalPropertyTypes. */
export function undefinedIsAbsent(route: string | undefined, appVersion: string | undefined): void {
  tracker.track('button_clicked', { route, entity: undefined, properties: undefined, occurredAt: undefined });
  createTracker({
    endpoint: '/graphql',
    appName: 'web',
    user: null,
    consent: 'granted',
    appVersion,
    offline: undefined,
  });
}
