import fc from 'fast-check';
import { createElement as h, StrictMode } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { TrackerProvider, useTrackEvent, useTrackView } from '../../src/react/index.js';
import type { Consent, TrackedUser } from '../../src/sdk/options.js';
import { createTestTracker, type TestTracker } from '../../src/sdk/testing.js';
import type { AnyTrack } from '../../src/sdk/track.js';
import { createTracker } from '../../src/sdk/tracker.js';
import { createTestRoot } from './capture/react-root.js';
import { createFakeGateway } from './fake-gateway.js';
import { createFakePage } from './fake-page.js';

const make = (options: Parameters<typeof createTestTracker>[0] = {}) =>
  createTestTracker<TrackedUser, AnyTrack>(options);
const types = ({ events }: Pick<TestTracker, 'events'>) => events.map(({ eventType }) => eventType);

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('events', () => {
  it('are what the app said and no more, at once and in order', () => {
    const tracker = make();
    const { track } = tracker;
    track('opened');
    track('picked', {
      properties: { language: 'de', kind: undefined },
      entity: { type: 'journey', id: '1' },
      route: '/journeys/[id]',
      eventVersion: 2,
      occurredAt: new Date(5),
    });
    expect(tracker.events).toEqual([
      { eventType: 'opened' },
      {
        eventType: 'picked',
        properties: { language: 'de' },
        entity: { type: 'journey', id: '1' },
        route: '/journeys/[id]',
        eventVersion: 2,
        occurredAt: new Date(5),
      },
    ]);
    expect(Object.keys(tracker.events[0] ?? {})).toEqual(['eventType']);
  });

  it('stay what they were, whatever the app does with its objects later', () => {
    const tracker = make();
    const properties = { count: 1 };
    const occurredAt = new Date(5);
    tracker.track('saved', { properties, occurredAt });
    properties.count = 2;
    occurredAt.setTime(6);
    expect(tracker.events).toEqual([
      { eventType: 'saved', properties: { count: 1 }, occurredAt: new Date(5) },
    ]);
  });

  it('hold no person: what is no detail is left out', () => {
    const tracker = make();
    tracker.track('saved', { user: 'u-1', properties: { count: 1 } } as never);
    expect(tracker.events).toEqual([{ eventType: 'saved', properties: { count: 1 } }]);
  });

  const cycle: { self?: unknown } = {};
  cycle.self = cycle;

  it.each<[string, unknown, string]>([
    ['a cycle', cycle, 'unserialisable'],
    ['a BigInt', 1n, 'unserialisable'],
    ['a megabyte of text', 'x'.repeat(1_000_000), 'too_large'],
  ])('that could not be sent are counted, not thrown: %s', (_, value, reason) => {
    const tracker = make();
    tracker.track('saved', { properties: { value } } as never);
    expect(tracker.stats()).toMatchObject({ tracked: 1, accepted: 0, dropped: { [reason]: 1 } });
  });

  it('with an invalid date, and details that throw, are counted', () => {
    const tracker = make();
    tracker.track('saved', { occurredAt: new Date('nonsense') });
    tracker.track('saved', {
      get route(): string {
        throw new Error('a getter that throws');
      },
    });
    tracker.track('saved', null as never);
    expect(types(tracker)).toEqual(['saved']);
    expect(tracker.stats()).toMatchObject({ tracked: 3, accepted: 1, dropped: { unserialisable: 2 } });
  });

  it('are forgotten by clear, with the counts and what waits; user and consent stay', () => {
    const tracker = make({ consent: 'pending' });
    const { events } = tracker;
    tracker.track('waits');
    tracker.clear();
    tracker.setConsent('granted');
    expect(events).toEqual([]);
    tracker.track('opened');
    tracker.setUser(null);
    tracker.track('signed_out');
    tracker.clear();
    expect(events).toEqual([]);
    const none = { tracked: 0, sent: 0, accepted: 0, duplicates: 0, dropped: {}, queued: 0, inFlight: 0 };
    expect(tracker.stats()).toEqual({ ...none, gate: 'signed_out' });
  });
});

describe('user and consent', () => {
  it('are there unless the test says something else', () => {
    expect(make().stats().gate).toBe('open');
    expect(make({ user: undefined }).stats().gate).toBe('user_loading');
    expect(make({ user: null }).stats().gate).toBe('signed_out');
    expect(make({ consent: () => 'denied' }).stats().gate).toBe('consent_denied');
  });

  it('let wait what may not be sent yet', () => {
    const tracker = make({ user: undefined, consent: 'pending' });
    tracker.track('first');
    tracker.setUser({ id: 1 });
    tracker.track('second');
    expect(tracker.events).toEqual([]);
    expect(tracker.stats()).toMatchObject({ queued: 2, gate: 'consent_pending' });
    tracker.setConsent('granted');
    expect(types(tracker)).toEqual(['first', 'second']);
  });

  it('drop what may not be sent at all', () => {
    const tracker = make({ consent: 'pending' });
    tracker.track('waits');
    tracker.setConsent('denied');
    tracker.track('after');
    expect(tracker.events).toEqual([]);
    expect(tracker.stats().dropped).toEqual({ consent_denied: 2 });
  });

  it('drop what another user did before anything could be sent', () => {
    const tracker = make({ consent: 'pending', user: { id: 1 } });
    tracker.track('first');
    tracker.setUser({ id: '1' });
    expect(tracker.stats().queued).toBe(1);
    tracker.setUser({ id: 2 });
    tracker.setConsent('granted');
    expect(tracker.events).toEqual([]);
    expect(tracker.stats().dropped).toEqual({ user_changed: 1 });
  });

  it('take the first user that is told for the one who was there', () => {
    const tracker = make({ consent: 'pending' });
    tracker.track('first');
    tracker.setUser({ id: 1 });
    tracker.setConsent('granted');
    expect(types(tracker)).toEqual(['first']);
  });

  it('with whileUserLoading drop nothing waits for the user', () => {
    const tracker = make({ user: undefined, whileUserLoading: 'drop' });
    tracker.track('early');
    expect(tracker.stats()).toMatchObject({ queued: 0, dropped: { user_loading: 1 } });
  });
});

it('takes nothing after close, and drops what waits', async () => {
  const tracker = make({ consent: 'pending' });
  tracker.track('waits');
  await tracker.flush();
  await Promise.all([tracker.close(), tracker.close()]);
  tracker.track('late');
  tracker.setConsent('granted');
  expect(tracker.events).toEqual([]);
  expect(tracker.stats()).toMatchObject({ dropped: { shutdown: 1, closed: 1 }, gate: 'closed' });
});

it('touches neither network nor timer nor page', async () => {
  for (const name of ['fetch', 'setTimeout', 'setInterval', 'queueMicrotask', 'window', 'document'])
    vi.stubGlobal(name, undefined);
  const tracker = make();
  tracker.track('opened');
  await tracker.close();
  expect(types(tracker)).toEqual(['opened']);
});

/** One thing that an app does. */
type Step =
  | { readonly do: 'track' }
  | { readonly do: 'user'; readonly id: number | null | undefined }
  | { readonly do: 'consent'; readonly consent: Consent };

const steps = fc.array(
  fc.oneof<fc.Arbitrary<Step>[]>(
    fc.constant({ do: 'track' }),
    fc.record({ do: fc.constant('user'), id: fc.constantFrom(1, 2, null, undefined) }),
    fc.record({
      do: fc.constant('consent'),
      consent: fc.constantFrom<Consent>('granted', 'pending', 'denied'),
    }),
  ),
  { maxLength: 30 },
);

it('lets through and drops what the real tracker does, and its counts add up', async () => {
  vi.useFakeTimers();
  await fc.assert(
    fc.asyncProperty(steps, fc.constantFrom<Consent>('granted', 'pending'), async (todo, consent) => {
      const gateway = createFakeGateway();
      const page = createFakePage({ fetch: gateway.fetch });
      const options = { endpoint: '/graphql', appName: 'web', user: undefined, consent } as const;
      const real = createTracker<TrackedUser, AnyTrack>(options, page.platform);
      const test = make({ user: undefined, consent });
      for (const step of todo) {
        for (const tracker of [real, test]) {
          if (step.do === 'track') tracker.track('clicked');
          else if (step.do === 'user')
            tracker.setUser(step.id ? { id: step.id } : (step.id as null | undefined));
          else tracker.setConsent(step.consent);
        }
        // The real one needs time to send; the other has sent already.
        await vi.advanceTimersByTimeAsync(60_000);
        const { gate, tracked, accepted, queued, dropped, duplicates, inFlight } = test.stats();
        expect(real.stats()).toMatchObject({
          gate,
          tracked,
          accepted,
          queued,
          dropped,
          duplicates,
          inFlight,
        });
        const lost = Object.values(dropped).reduce((sum, count) => sum + count, 0);
        expect(accepted + lost + queued).toBe(tracked);
        expect(test.events).toHaveLength(accepted);
      }
      const closing = real.close();
      await vi.advanceTimersByTimeAsync(60_000);
      await closing;
    }),
    { numRuns: 200 },
  );
});

it('is the tracker of a provider', async () => {
  const tracker = createTestTracker();
  let click = () => {};
  function Journeys(): null {
    const track = useTrackEvent<AnyTrack>();
    useTrackView('/journeys');
    click = () => track('journey_create_clicked');
    return null;
  }
  const root = createTestRoot();
  const render = (user: TrackedUser | undefined, consent: Consent) =>
    root.render(
      h(StrictMode, null, h(TrackerProvider<TrackedUser>, { tracker, user, consent }, h(Journeys))),
    );
  await render(undefined, 'pending');
  expect(tracker.events).toEqual([]);
  await render({ id: 1 }, 'granted');
  click();
  expect(tracker.events).toEqual([
    { eventType: 'page_viewed', route: '/journeys' },
    { eventType: 'journey_create_clicked' },
  ]);
  await root.unmount();
});
