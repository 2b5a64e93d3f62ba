import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TrackerProblem } from '../../src/client/ledger.js';
import type { TrackEventInput } from '../../src/contract/index.js';
import { type GraphqlAnswer, type GraphqlRequest, graphqlFetch } from '../../src/sdk/graphql-fetch.js';
import { offlineKeeping } from '../../src/sdk/offline-keeping.js';
import type { OutgoingEvent, TrackerOptions } from '../../src/sdk/options.js';
import type { Globals } from '../../src/sdk/platform.js';
import { noSession } from '../../src/sdk/tab-session.js';
import type { AnyTrack } from '../../src/sdk/track.js';
import { createTracker } from '../../src/sdk/tracker.js';
import type { Tracker } from '../../src/sdk/tracker-api.js';
import { type Behaviour, createFakeGateway, type GatewayOptions } from './fake-gateway.js';
import { createFakePage, createFakePlatform, type PageOptions } from './fake-page.js';

const start = new Date('2026-03-01T12:00:00.000Z');

beforeEach(() => {
  vi.useFakeTimers({ now: start });
});
afterEach(() => {
  vi.useRealTimers();
});

interface User {
  readonly id: string | number;
  readonly staff?: boolean;
}

function setUp(
  options: Partial<TrackerOptions<User>> = {},
  gatewayOptions: GatewayOptions = {},
  pageOptions: Partial<PageOptions> = {},
) {
  const gateway = createFakeGateway(gatewayOptions);
  const page = createFakePage({ fetch: gateway.fetch, ...pageOptions });
  const problems: TrackerProblem[] = [];
  const tracker: Tracker<User, AnyTrack> = createTracker(
    {
      endpoint: '/graphql',
      appName: 'journeys-admin',
      token: 'a-token',
      user: { id: 'u-1' },
      consent: 'granted',
      onError: (problem) => problems.push(problem),
      ...options,
    },
    page.platform,
  );
  return { gateway, page, tracker, problems };
}

type Scene = ReturnType<typeof setUp>;

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
/** The default `idleMs`, and a millisecond. */
const afterIdle = () => pass(2_001);
const afterStorms = () => pass(20 * 60_000);
const trackMany = (tracker: { readonly track: AnyTrack }, count: number, type = 'clicked') => {
  for (let index = 0; index < count; index += 1) tracker.track(type);
};
const events = ({ gateway }: Pick<Scene, 'gateway'>): readonly TrackEventInput[] =>
  gateway.seen.flatMap(({ input }) => input.events);
const types = (scene: Pick<Scene, 'gateway'>) => events(scene).map(({ eventType }) => eventType);
const sizes = ({ gateway }: Pick<Scene, 'gateway'>) => gateway.seen.map(({ input }) => input.events.length);
const tokens = ({ gateway }: Pick<Scene, 'gateway'>) =>
  gateway.seen.map(({ request }) => request.headers.authorization);
const text = (length: number) => ({ properties: { text: 'x'.repeat(length) } });

const uuidV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('what is sent', () => {
  it('has the fields of the wire, ids of version 7, and the time of tracking, not of sending', async () => {
    const scene = setUp({ appVersion: '1.2.3' });
    scene.tracker.track('journey_create_clicked', {
      properties: { template: true },
      entity: { type: 'journey', id: 'j-1' },
      route: '/journeys/[id]',
      eventVersion: 2,
    });
    await afterIdle();
    expect(scene.gateway.seen[0]?.input).toEqual({
      sentAt: '2026-03-01T12:00:02.000Z',
      events: [
        {
          eventType: 'journey_create_clicked',
          eventVersion: 2,
          appName: 'journeys-admin',
          appVersion: '1.2.3',
          source: 'web',
          host: 'app.example.org',
          route: '/journeys/[id]',
          entityType: 'journey',
          entityId: 'j-1',
          clientEventId: expect.stringMatching(uuidV7),
          sessionId: expect.stringMatching(uuidV7),
          seq: 1,
          occurredAt: '2026-03-01T12:00:00.000Z',
          properties: { template: true },
        },
      ],
    });
  });

  it('names source and host as the options do, and a time that the caller gave', async () => {
    const scene = setUp({ source: 'desktop', host: 'elsewhere.example.org' });
    scene.tracker.track('clicked', { occurredAt: new Date('2026-02-28T00:00:00Z') });
    await afterIdle();
    expect(events(scene)[0]).toMatchObject({
      source: 'desktop',
      host: 'elsewhere.example.org',
      occurredAt: '2026-02-28T00:00:00.000Z',
    });
  });

  it('has one session, a number that grows, and an id of its own for every event', async () => {
    const scene = setUp();
    trackMany(scene.tracker, 12);
    await afterIdle();
    expect(events(scene).map(({ seq }) => seq)).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
    expect(new Set(events(scene).map(({ sessionId }) => sessionId)).size).toBe(1);
    expect(new Set(events(scene).map(({ clientEventId }) => clientEventId)).size).toBe(12);
  });

  it('never has the id of the user', async () => {
    const scene = setUp({ user: { id: 'somebody-in-particular' } });
    scene.tracker.track('clicked');
    await afterIdle();
    expect(JSON.stringify(scene.gateway.seen)).not.toContain('somebody-in-particular');
  });

  it('is what the properties were when tracked, whatever the caller does with them later', async () => {
    const scene = setUp();
    const properties = { count: 1 };
    scene.tracker.track('clicked', { properties });
    properties.count = 2;
    await afterIdle();
    expect(events(scene)[0]?.properties).toEqual({ count: 1 });
  });

  it.each([
    ['right', 0],
    ['37 s slow', -37_251],
    ['40 min fast', 40 * 60_000],
    ['9 h slow', -9 * 3_600_000],
    ['400 days slow', -400 * 86_400_000],
  ])('has the times of a clock that is %s, but in its ids only the day', async (_, errorMs) => {
    const gateway = createFakeGateway();
    const { platform } = createFakePage({ fetch: gateway.fetch });
    const nowMs = Date.parse('2021-05-01T10:00:00.123Z') + errorMs;
    const options = { endpoint: '/graphql', appName: 'web', user: { id: 1 }, consent: 'granted' } as const;
    const tracker = createTracker<User, AnyTrack>(options, { ...platform, now: () => nowMs });
    tracker.track('clicked');
    await afterIdle();
    const [sent] = gateway.seen[0]?.input.events ?? [];
    expect(sent?.occurredAt).toBe(new Date(nowMs).toISOString());
    const day = Date.parse(new Date(nowMs).toISOString().slice(0, 10));
    for (const id of [sent?.clientEventId, sent?.sessionId]) {
      expect(id).toMatch(uuidV7);
      expect(Number.parseInt(id?.replace('-', '').slice(0, 12) ?? '', 16)).toBe(day);
    }
  });

  it('needs no this', async () => {
    const scene = setUp();
    const { track } = scene.tracker;
    track('clicked');
    await afterIdle();
    expect(types(scene)).toEqual(['clicked']);
  });
});

describe('the request', () => {
  it('is the mutation, named, posted as JSON to the endpoint as it was given', async () => {
    const scene = setUp({ endpoint: '/graphql?app=1' });
    scene.tracker.track('clicked');
    await afterIdle();
    const { url, request } = scene.gateway.seen[0] ?? {};
    expect(url).toBe('/graphql?app=1');
    expect(request).toMatchObject({
      method: 'POST',
      redirect: 'manual',
      keepalive: true,
      priority: 'low',
      headers: { 'content-type': 'application/json', authorization: 'Bearer a-token' },
    });
    const { query, ...rest } = JSON.parse(request?.body ?? '');
    expect(query).toBe(
      'mutation TrackEvents($input:TrackEventsInput!){trackEvents(input:$input){results{status reason retryAfterMs field rule}}}',
    );
    expect(Object.keys(rest)).toEqual(['variables']);
  });

  it('with api rest is the batch alone', async () => {
    const scene = setUp({ endpoint: '/signals/v1/events', api: 'rest' });
    scene.tracker.track('clicked');
    await afterIdle();
    const { url, request } = scene.gateway.seen[0] ?? {};
    expect(url).toBe('/signals/v1/events');
    expect(Object.keys(JSON.parse(request?.body ?? ''))).toEqual(['sentAt', 'events']);
    expect(scene.tracker.stats().accepted).toBe(1);
  });

  it('leaves it to fetch whether cookies go along', async () => {
    const scene = setUp();
    scene.tracker.track('clicked');
    await afterIdle();
    expect(scene.gateway.seen[0]?.request).not.toHaveProperty('credentials');
  });

  it('has the headers of the app, and no authorization without a token', async () => {
    const scene = setUp({ token: undefined, headers: { 'x-apollo-operation-name': 'TrackEvents' } });
    scene.tracker.track('clicked');
    await afterIdle();
    expect(scene.gateway.seen[0]?.request.headers).toEqual({
      'x-apollo-operation-name': 'TrackEvents',
      'content-type': 'application/json',
    });
  });

  it('has its own content-type and authorization, whatever the headers of the app say', async () => {
    const headers = { 'content-type': 'text/plain', authorization: 'Basic of-the-app' };
    const scene = setUp({ headers });
    scene.tracker.track('clicked');
    await afterIdle();
    expect(scene.gateway.seen[0]?.request.headers).toEqual({
      'content-type': 'application/json',
      authorization: 'Bearer a-token',
    });
  });

  it('goes through the fetch of the options where there is one', async () => {
    const own = createFakeGateway();
    const scene = setUp({ fetch: own.fetch });
    scene.tracker.track('clicked');
    await afterIdle();
    expect([own.seen.length, scene.gateway.seen.length]).toEqual([1, 0]);
  });

  it.each([
    ['x', 50_000],
    ['é', 30_000],
    ['漢', 45_000],
  ])('never has more than 60,000 bytes under way, and uses them: %s', async (letter, least) => {
    const scene = setUp({ flushAt: 100 }, { latencyMs: 100 });
    for (let index = 0; index < 20; index += 1)
      scene.tracker.track('clicked', { properties: { text: letter.repeat(4_000) } });
    await afterStorms();
    expect(scene.tracker.stats().accepted).toBe(20);
    expect(scene.gateway.mostKeepaliveBytes()).toBeLessThanOrEqual(60_000);
    expect(Math.max(...scene.gateway.seen.map(({ bytes }) => bytes))).toBeGreaterThan(least);
    expect(scene.gateway.mostOpen()).toBe(1);
  });

  it('never has more than 60,000 bytes under way either where ten events would just fill them', async () => {
    for (let length = 5_500; length < 5_900; length += 20) {
      const scene = setUp({ flushAt: 10 });
      for (let index = 0; index < 10; index += 1) scene.tracker.track('clicked', text(length));
      await pass(0);
      expect(scene.gateway.mostKeepaliveBytes()).toBeLessThanOrEqual(60_000);
    }
  });

  it('goes without keepalive where somebody else’s beacons leave no room', async () => {
    const scene = setUp({}, { foreignKeepaliveBytes: 65_536 });
    scene.tracker.track('clicked');
    await pass(5_000);
    expect(scene.gateway.seen.map(({ request }) => request.keepalive)).toEqual([true, false]);
    expect(scene.tracker.stats()).toMatchObject({ accepted: 1, dropped: {} });
  });
});

describe('when it is sent', () => {
  it('does nothing on the stack of the caller, not even at flushAt', async () => {
    const scene = setUp({ flushAt: 2 });
    trackMany(scene.tracker, 2);
    expect(scene.gateway.seen).toHaveLength(0);
    await pass(0);
    expect(sizes(scene)).toEqual([2]);
  });

  it('is flushAt 10 by default', async () => {
    const scene = setUp();
    trackMany(scene.tracker, 9);
    await pass(0);
    expect(scene.gateway.seen).toHaveLength(0);
    trackMany(scene.tracker, 1);
    await pass(0);
    expect(sizes(scene)).toEqual([10]);
  });

  it('is after idleMs without another event', async () => {
    const scene = setUp();
    scene.tracker.track('clicked');
    await pass(1_500);
    scene.tracker.track('clicked');
    await pass(1_999);
    expect(scene.gateway.seen).toHaveLength(0);
    await pass(2);
    expect(sizes(scene)).toEqual([2]);
  });

  it('is after flushIntervalMs at the latest, however steadily events come', async () => {
    const scene = setUp({ flushAt: 100 });
    for (let second = 0; second < 10; second += 1) {
      scene.tracker.track('clicked');
      await pass(999);
    }
    expect(scene.gateway.seen).toHaveLength(0);
    await pass(10);
    expect(sizes(scene)).toEqual([10]);
  });

  it('is at most maxBatch events a request, one request at a time', async () => {
    const scene = setUp({ maxBatch: 20 }, { latencyMs: 50 });
    trackMany(scene.tracker, 45);
    await pass(1_000);
    expect(sizes(scene)).toEqual([20, 20, 5]);
    expect(scene.gateway.mostOpen()).toBe(1);
  });

  it('is 50 events a request by default', async () => {
    const scene = setUp();
    trackMany(scene.tracker, 60);
    await pass(1);
    expect(sizes(scene)).toEqual([50, 10]);
  });

  it('is at flush, which resolves when all that was tracked before has its answer', async () => {
    const scene = setUp({}, { latencyMs: 100 });
    trackMany(scene.tracker, 3);
    const accepted = scene.tracker.flush().then(() => scene.tracker.stats().accepted);
    await pass(100);
    scene.tracker.track('clicked');
    await pass(100);
    expect(await accepted).toBe(3);
  });

  it.each([
    ['its own timeoutMs', { timeoutMs: 300 }, 700, 300],
    ['that of the tracker', undefined, 700, 700],
    ['10 seconds', undefined, undefined, 10_000],
  ])('flush gives up waiting after %s', async (_, options, timeoutMs, ms) => {
    const scene = setUp({ user: undefined, timeoutMs });
    scene.tracker.track('clicked');
    const resolved: string[] = [];
    void scene.tracker.flush(options).then(() => resolved.push('resolved'));
    await pass(ms - 1);
    expect(resolved).toEqual([]);
    await pass(1);
    expect(resolved).toEqual(['resolved']);
    expect(scene.tracker.stats().queued).toBe(1);
  });

  it('flush with nothing to do resolves at once', async () => {
    await setUp().tracker.flush();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a page that is hidden or left', () => {
  it('sends on the stack of the event, once, with keepalive and a token that it has', async () => {
    const scene = setUp();
    trackMany(scene.tracker, 3);
    scene.page.leave({ persisted: false });
    expect(sizes(scene)).toEqual([3]);
    expect(scene.gateway.seen[0]?.request.keepalive).toBe(true);
    await afterStorms();
    expect(scene.tracker.stats()).toMatchObject({ sent: 3, accepted: 3, dropped: {} });
  });

  it('sends beside what is in flight already', async () => {
    const scene = setUp({}, { latencyMs: 5_000 });
    trackMany(scene.tracker, 10);
    await pass(0);
    trackMany(scene.tracker, 2);
    scene.page.hide();
    expect(sizes(scene)).toEqual([10, 2]);
  });

  it('asks for no token at exit when it knows one', async () => {
    let asked = 0;
    const scene = setUp({
      token: async () => {
        asked += 1;
        return `token-${asked}`;
      },
    });
    scene.tracker.track('first');
    await afterIdle();
    scene.tracker.track('second');
    scene.page.hide();
    expect(tokens(scene)).toEqual(['Bearer token-1', 'Bearer token-1']);
    scene.page.show();
    scene.tracker.track('third');
    await afterIdle();
    expect(tokens(scene).at(-1)).toBe('Bearer token-2');
  });

  it('sends what is tracked while it is hidden before the next task', async () => {
    const scene = setUp({}, {}, { hidden: true });
    scene.tracker.track('in_the_background');
    scene.tracker.track('in_the_background');
    expect(scene.gateway.seen).toHaveLength(0);
    await Promise.resolve();
    expect(sizes(scene)).toEqual([2]);
  });

  it('sends what a pagehide handler tracks that comes after ours', async () => {
    const scene = setUp();
    scene.page.listen('pagehide', () => scene.tracker.track('left'));
    scene.page.leave({ persisted: false });
    await Promise.resolve();
    expect(types(scene)).toEqual(['left']);
    await pass(0);
    expect(scene.tracker.stats()).toMatchObject({ accepted: 1, dropped: {} });
  });

  it('counts as shutdown what a handler after ours tracks that cannot leave any more', async () => {
    const scene = setUp();
    scene.page.goOffline();
    scene.page.listen('pagehide', () => scene.tracker.track('left'));
    scene.page.leave({ persisted: false });
    await Promise.resolve();
    expect(scene.tracker.stats()).toMatchObject({ queued: 0, dropped: { shutdown: 1 } });
  });

  it('counts as shutdown what has no room, when it is left for good', async () => {
    const scene = setUp({ flushAt: 100 });
    for (let index = 0; index < 10; index += 1) scene.tracker.track('clicked', text(9_000));
    scene.page.leave({ persisted: false });
    const { sent, queued, dropped } = scene.tracker.stats();
    expect(queued).toBe(0);
    expect(sent).toBe(6);
    expect(dropped).toEqual({ shutdown: 4 });
    expect(scene.gateway.mostKeepaliveBytes()).toBeLessThanOrEqual(60_000);
  });

  it('keeps what has no room while it is only hidden, and sends it when there is', async () => {
    const scene = setUp({ flushAt: 100 });
    for (let index = 0; index < 10; index += 1) scene.tracker.track('clicked', text(9_000));
    scene.page.hide();
    expect(scene.tracker.stats()).toMatchObject({ queued: 4, inFlight: 6 });
    await afterStorms();
    expect(scene.tracker.stats()).toMatchObject({ accepted: 10, dropped: {} });
  });

  it('keeps the queue over the back/forward cache and goes on', async () => {
    const scene = setUp({}, { plan: [{ kind: 'network-error' }] });
    scene.tracker.track('before');
    scene.page.leave({ persisted: true });
    await pass(0);
    scene.page.comeBack();
    scene.tracker.track('after');
    await pass(5_000);
    expect(scene.tracker.stats()).toMatchObject({ tracked: 2, accepted: 2, dropped: {} });
    expect(new Set(events(scene).map(({ sessionId }) => sessionId)).size).toBe(1);
  });

  it('keeps the queue of a page that is back though it was said to be left for good', async () => {
    const scene = setUp();
    scene.page.leave({ persisted: false });
    scene.page.comeBack();
    scene.page.goOffline();
    scene.tracker.track('after');
    scene.page.hide();
    expect(scene.tracker.stats()).toMatchObject({ queued: 1, dropped: {} });
  });

  it('sends at once what had to wait for the network, when it is shown and that is back', async () => {
    const scene = setUp();
    scene.page.goOffline();
    scene.tracker.track('clicked');
    await afterIdle();
    scene.page.hide();
    scene.page.goOnline();
    scene.page.show();
    await pass(0);
    expect(types(scene)).toEqual(['clicked']);
  });

  it('takes no first pageshow for a return', async () => {
    const scene = setUp({}, {}, { hidden: true });
    scene.page.load();
    scene.tracker.track('clicked');
    await Promise.resolve();
    expect(scene.gateway.seen).toHaveLength(1);
  });

  it('overrides a back-off of its own', async () => {
    const scene = setUp({}, { plan: [{ kind: 'network-error' }] }, { random: () => 0.999 });
    scene.tracker.track('clicked');
    await afterIdle();
    scene.page.hide();
    expect(scene.gateway.seen).toHaveLength(2);
  });

  it('has keepalive on its way out also after a failure', async () => {
    const scene = setUp({}, { plan: [{ kind: 'network-error' }] }, { random: () => 0.999 });
    scene.tracker.track('clicked');
    await afterIdle();
    scene.page.hide();
    expect(scene.gateway.seen.map(({ request }) => request.keepalive)).toEqual([true, true]);
  });

  it('overrides a back-off of its own once more when it is left after it was hidden', async () => {
    const scene = setUp({}, { plan: [{ kind: 'network-error' }] }, { random: () => 0.999 });
    scene.page.hide();
    scene.tracker.track('clicked');
    await pass(0);
    scene.page.leave({ persisted: false });
    expect(types(scene)).toEqual(['clicked', 'clicked']);
  });

  it('keeps to a back-off of its own with what is tracked while it is hidden', async () => {
    const scene = setUp({}, { plan: [{ kind: 'network-error' }] }, { random: () => 0.999, hidden: true });
    scene.tracker.track('first');
    await pass(0);
    scene.tracker.track('second');
    await pass(400);
    expect(types(scene)).toEqual(['first']);
    await pass(100);
    expect(types(scene)).toEqual(['first', 'first', 'second']);
  });

  it('sends on the stack of a pagehide that no visibilitychange came before, and at once what comes after it', async () => {
    const scene = setUp();
    scene.tracker.track('before');
    scene.page.leave({ persisted: true, unseen: true });
    scene.tracker.track('after');
    expect(types(scene)).toEqual(['before']);
    await Promise.resolve();
    expect(types(scene)).toEqual(['before', 'after']);
  });

  it('does not override a wait that the far end asked for', async () => {
    const scene = setUp({}, { plan: [{ kind: 'status', status: 429, retryAfter: '60' }] });
    scene.tracker.track('clicked');
    await afterIdle();
    scene.page.hide();
    scene.page.show();
    expect(scene.gateway.seen).toHaveLength(1);
    await pass(60_000);
    expect(scene.tracker.stats().accepted).toBe(1);
  });

  it('sends nothing while the gate is not open', async () => {
    const scene = setUp({ user: undefined });
    trackMany(scene.tracker, 3);
    scene.page.leave({ persisted: false });
    await afterStorms();
    expect(scene.gateway.seen).toHaveLength(0);
    expect(scene.tracker.stats().dropped).toEqual({ shutdown: 3 });
  });
});

describe('the gate', () => {
  const closed: [string, string, Partial<TrackerOptions<User>>, Partial<PageOptions>][] = [
    ['nobody is signed in', 'signed_out', { user: null }, {}],
    ['the user is one of ours', 'internal_user', { user: { id: 1, staff: true } }, {}],
    [
      'isInternal throws',
      'internal_user',
      {
        isInternal() {
          throw new Error('in the app');
        },
      },
      {},
    ],
    ['consent is denied', 'consent_denied', { consent: 'denied' }, {}],
    ['a function says denied', 'consent_denied', { consent: () => 'denied' }, {}],
    [
      'the function throws',
      'consent_denied',
      {
        consent() {
          throw new Error('in the app');
        },
      },
      {},
    ],
    ['the consent is no word that is known', 'consent_denied', { consent: 'yes' as never }, {}],
    ['Global Privacy Control is on', 'opted_out', {}, { globalPrivacyControl: true }],
    ['Do Not Track is on', 'opted_out', {}, { doNotTrack: '1' }],
  ];
  it.each(closed)('drops without a word to anybody when %s', async (_, gate, options, pageOptions) => {
    const scene = setUp({ isInternal: (user) => user.staff === true, ...options }, {}, pageOptions);
    trackMany(scene.tracker, 12);
    scene.page.leave({ persisted: false });
    await afterStorms();
    expect(scene.tracker.stats()).toMatchObject({ gate, sent: 0, queued: 0, dropped: { [gate]: 12 } });
    expect(scene.gateway.seen).toHaveLength(0);
    expect(scene.problems).toEqual([]);
  });

  it.each(['0', 'unspecified', null, undefined, true])('takes Do Not Track %j for no signal', async (dnt) => {
    const scene = setUp({}, {}, { doNotTrack: dnt });
    expect(scene.tracker.stats().gate).toBe('open');
  });

  it.each([{ globalPrivacyControl: true }, { doNotTrack: '1' }])(
    'is open in spite of %j where the app takes it upon itself',
    async (signal) => {
      const scene = setUp({ privacySignals: 'ignore', session: noSession }, {}, signal);
      scene.tracker.track('clicked');
      await afterIdle();
      expect(events(scene)[0]).toMatchObject({ eventType: 'clicked' });
      expect(events(scene)[0]).not.toHaveProperty('sessionId');
      expect(events(scene)[0]).not.toHaveProperty('seq');
    },
  );

  it('is open in a browser that says nothing of signals, network, visibility or host', async () => {
    const gateway = createFakeGateway();
    const window = { addEventListener() {} };
    for (const globals of [{ window }, { window, navigator: {}, document: {}, location: {} }] as Globals[]) {
      const tracker = createTracker<User, AnyTrack>(
        { endpoint: '/graphql', appName: 'web', user: { id: 1 }, consent: 'granted' },
        createFakePlatform(globals, gateway),
      );
      tracker.track('clicked');
      await afterIdle();
      expect(tracker.stats()).toMatchObject({ gate: 'open', accepted: 1 });
    }
    expect(gateway.seen[0]?.input.events[0]).not.toHaveProperty('host');
  });

  it.each<[string, Partial<TrackerOptions<User>>, Partial<PageOptions>]>([
    ['consent_denied', { consent: 'denied', user: null }, { globalPrivacyControl: true }],
    ['opted_out', { consent: 'pending', user: null }, { globalPrivacyControl: true }],
    ['opted_out', { user: { id: 1, staff: true } }, { doNotTrack: '1' }],
    ['signed_out', { consent: 'pending', user: null }, {}],
    ['internal_user', { consent: 'pending', user: { id: 1, staff: true } }, {}],
    ['user_loading', { consent: 'pending', user: undefined }, {}],
  ])('says %s first where that is not all', (gate, options, pageOptions) => {
    const { tracker } = setUp({ isInternal: (user) => user.staff === true, ...options }, {}, pageOptions);
    expect(tracker.stats().gate).toBe(gate);
  });

  it('heeds a signal that is switched on later', async () => {
    const scene = setUp();
    scene.tracker.track('clicked');
    scene.page.setPrivacyControl(true);
    await pass(10_000);
    expect(scene.gateway.seen).toHaveLength(0);
    expect(scene.tracker.stats()).toMatchObject({ gate: 'opted_out', dropped: { opted_out: 1 } });
  });

  it.each<[string, string, Partial<TrackerOptions<User>>, (tracker: Scene['tracker']) => void]>([
    ['user_loading', 'the user', { user: undefined }, (tracker) => tracker.setUser({ id: 'u-1' })],
    ['consent_pending', 'consent', { consent: 'pending' }, (tracker) => tracker.setConsent('granted')],
  ])('holds in state %s and sends when %s is known', async (gate, _, options, open) => {
    const scene = setUp(options);
    trackMany(scene.tracker, 12);
    await pass(60_000);
    expect(scene.gateway.seen).toHaveLength(0);
    expect(scene.tracker.stats()).toMatchObject({ gate, queued: 12, dropped: {} });
    open(scene.tracker);
    await pass(0);
    expect(scene.tracker.stats()).toMatchObject({ gate: 'open', accepted: 12 });
  });

  it('drops while the user is loading where the option says so', async () => {
    const scene = setUp({ user: undefined, whileUserLoading: 'drop' });
    scene.tracker.track('clicked');
    expect(scene.tracker.stats().dropped).toEqual({ user_loading: 1 });
    scene.tracker.setUser({ id: 'u-1' });
    scene.tracker.track('clicked');
    await afterIdle();
    expect(scene.tracker.stats().accepted).toBe(1);
  });

  it('drops while the user is loading also while consent is asked for', () => {
    const scene = setUp({ user: undefined, consent: 'pending', whileUserLoading: 'drop' });
    scene.tracker.track('clicked');
    expect(scene.tracker.stats()).toMatchObject({ queued: 0, dropped: { user_loading: 1 } });
  });

  it('holds while consent is asked for, whatever becomes of events while the user is loading', async () => {
    const scene = setUp({ consent: 'pending', whileUserLoading: 'drop' });
    scene.tracker.track('clicked');
    scene.tracker.setConsent('granted');
    await afterIdle();
    expect(scene.tracker.stats()).toMatchObject({ accepted: 1, dropped: {} });
  });

  it.each<[string, (tracker: Scene['tracker']) => void]>([
    ['signed_out', (tracker) => tracker.setUser(null)],
    ['internal_user', (tracker) => tracker.setUser({ id: 'u-9', staff: true })],
    ['consent_denied', (tracker) => tracker.setConsent('denied')],
  ])('drops what it held when it closes as %s, without a word', async (gate, close) => {
    const scene = setUp({ user: undefined, consent: 'pending', isInternal: (user) => user.staff === true });
    trackMany(scene.tracker, 3);
    close(scene.tracker);
    expect(scene.tracker.stats()).toMatchObject({ gate, queued: 0, dropped: { [gate]: 3 } });
    await pass(0);
    expect(scene.problems).toEqual([]);
  });

  it('asks the function before every event and every request', async () => {
    let consent: 'granted' | 'denied' = 'granted';
    const scene = setUp({ consent: () => consent });
    scene.tracker.track('clicked');
    consent = 'denied';
    await pass(10_000);
    expect(scene.gateway.seen).toHaveLength(0);
    expect(scene.tracker.stats().dropped).toEqual({ consent_denied: 1 });
    consent = 'granted';
    scene.tracker.track('clicked');
    await afterIdle();
    expect(scene.tracker.stats().accepted).toBe(1);
  });

  it('drops what waits as soon as an event is tracked that finds it closed', () => {
    let consent: 'granted' | 'denied' = 'granted';
    const scene = setUp({ consent: () => consent });
    scene.tracker.track('clicked');
    consent = 'denied';
    scene.tracker.track('clicked');
    expect(scene.tracker.stats()).toMatchObject({ queued: 0, dropped: { consent_denied: 2 } });
  });

  it('sends nothing when consent is withdrawn while the token is fetched', async () => {
    const scene = setUp({ token: () => new Promise((resolve) => setTimeout(resolve, 500, 'a-token')) });
    scene.tracker.track('clicked');
    await pass(2_100);
    scene.tracker.setConsent('denied');
    await afterStorms();
    expect(scene.gateway.seen).toHaveLength(0);
    expect(scene.tracker.stats()).toMatchObject({ inFlight: 0, dropped: { closed: 1 } });
  });

  it.each<[string, (tracker: Scene['tracker']) => void, (tracker: Scene['tracker']) => void]>([
    [
      'nobody is known any more',
      (tracker) => tracker.setUser(undefined),
      (tracker) => tracker.setUser({ id: 'u-1' }),
    ],
    [
      'consent is asked for again',
      (tracker) => tracker.setConsent('pending'),
      (tracker) => tracker.setConsent('granted'),
    ],
  ])('holds what waits for a token when %s, and sends it afterwards', async (_, close, open) => {
    const scene = setUp({ token: () => new Promise((resolve) => setTimeout(resolve, 500, 'a-token')) });
    scene.tracker.track('clicked');
    await pass(2_100);
    close(scene.tracker);
    await pass(60_000);
    expect(scene.gateway.seen).toHaveLength(0);
    expect(scene.tracker.stats()).toMatchObject({ queued: 1, inFlight: 0, dropped: {} });
    open(scene.tracker);
    await pass(11_000);
    expect(scene.tracker.stats().accepted).toBe(1);
  });

  it('does not repeat what was in flight when consent was withdrawn', async () => {
    const scene = setUp({}, { plan: [{ kind: 'network-error' }], latencyMs: 100 });
    scene.tracker.track('clicked');
    await afterIdle();
    scene.tracker.setConsent('denied');
    scene.tracker.setConsent('granted');
    await afterStorms();
    expect(scene.gateway.seen).toHaveLength(1);
    expect(scene.tracker.stats().dropped).toEqual({ network: 1 });
  });

  it('begins a new session after consent was withdrawn', async () => {
    const scene = setUp();
    scene.tracker.track('before');
    await afterIdle();
    scene.tracker.setConsent('denied');
    scene.tracker.setConsent('granted');
    scene.tracker.track('after');
    await afterIdle();
    const [before, after] = events(scene);
    expect(after?.sessionId).not.toBe(before?.sessionId);
    expect(after?.seq).toBe(1);
  });

  it('asks for a token at exit after consent was withdrawn: none is kept', async () => {
    let asked = 0;
    const scene = setUp({
      token: async () => {
        asked += 1;
        return `token-${asked}`;
      },
    });
    scene.tracker.track('before');
    await afterIdle();
    scene.tracker.setConsent('denied');
    scene.tracker.setConsent('granted');
    scene.tracker.track('after');
    scene.page.hide();
    await pass(0);
    expect(tokens(scene)).toEqual(['Bearer token-1', 'Bearer token-2']);
  });

  it('has changed when onConsentChange is told', () => {
    const gates: string[] = [];
    const { tracker } = setUp({ onConsentChange: () => gates.push(tracker.stats().gate) });
    tracker.setConsent('denied');
    tracker.setConsent('pending');
    expect(gates).toEqual(['consent_denied', 'consent_pending']);
  });

  it('tells onConsentChange, whatever that does', () => {
    const heard: string[] = [];
    const { tracker } = setUp({
      onConsentChange(consent) {
        heard.push(consent);
        throw new Error('in the app');
      },
    });
    tracker.setConsent('denied');
    tracker.setConsent('granted');
    expect(heard).toEqual(['denied', 'granted']);
  });

  it('is closed outside of a browser: it counts and does nothing else', async () => {
    const gateway = createFakeGateway();
    const globals: Globals = {};
    const tracker: Tracker<User, AnyTrack> = createTracker(
      {
        endpoint: '/graphql',
        appName: 'web',
        user: { id: 'u-1' },
        consent: 'granted',
      },
      createFakePlatform(globals, gateway),
    );
    trackMany(tracker, 3);
    tracker.setUser({ id: 'u-2' });
    tracker.setConsent('pending');
    await tracker.flush();
    await tracker.close();
    expect(tracker.stats()).toMatchObject({ tracked: 3, queued: 0, dropped: { not_a_browser: 3 } });
    expect(gateway.seen).toHaveLength(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is closed for createTracker in Node, and nothing is written to globalThis', async () => {
    const before = Reflect.ownKeys(globalThis);
    const tracker = createTracker<User, AnyTrack>({
      endpoint: '/graphql',
      appName: 'web',
      user: { id: 'u-1' },
      consent: 'granted',
    });
    tracker.track('clicked');
    await tracker.close();
    expect(tracker.stats().dropped).toEqual({ not_a_browser: 1 });
    expect(Reflect.ownKeys(globalThis)).toEqual(before);
  });
});

describe('another user', () => {
  const whoever = () => {
    let current = 'u-1';
    return {
      token: () => `token-of-${current}`,
      become: (scene: Scene, id: string | null) => {
        current = id ?? 'nobody';
        scene.tracker.setUser(id === null ? null : { id });
      },
    };
  };

  it('finds what the last one did sent with the last one’s token', async () => {
    const { token, become } = whoever();
    const scene = setUp({ token });
    scene.tracker.track('first');
    await afterIdle();
    scene.tracker.track('second');
    become(scene, 'u-2');
    scene.tracker.track('third');
    await afterIdle();
    expect(types(scene)).toEqual(['first', 'second', 'third']);
    expect(tokens(scene)).toEqual(['Bearer token-of-u-1', 'Bearer token-of-u-1', 'Bearer token-of-u-2']);
  });

  it('does not go out with the token that was known of the last one', async () => {
    const { token, become } = whoever();
    const scene = setUp({ token });
    scene.tracker.track('first');
    await afterIdle();
    become(scene, 'u-2');
    scene.tracker.track('second');
    scene.page.hide();
    await pass(0);
    expect(tokens(scene)).toEqual(['Bearer token-of-u-1', 'Bearer token-of-u-2']);
  });

  it('finds what the last one did sent in spite of a back-off', async () => {
    const scene = setUp({}, { plan: [{ kind: 'network-error' }] }, { random: () => 0.999 });
    scene.tracker.track('clicked');
    await afterIdle();
    scene.tracker.setUser({ id: 'u-2' });
    expect(types(scene)).toEqual(['clicked', 'clicked']);
    await pass(0);
    expect(scene.tracker.stats()).toMatchObject({ accepted: 1, dropped: {} });
  });

  it('never gives a token to what the last one did, when none was known yet', async () => {
    const { token, become } = whoever();
    const scene = setUp({ token });
    scene.tracker.track('first');
    become(scene, 'u-2');
    await afterStorms();
    expect(tokens(scene)).not.toContain('Bearer token-of-u-2');
    expect(scene.tracker.stats()).toMatchObject({ queued: 0, inFlight: 0, dropped: { closed: 1 } });
  });

  it('never gives a token that comes after the change to what the last one did', async () => {
    let current = 'u-1';
    const scene = setUp({
      token: async () => {
        await new Promise((resolve) => setTimeout(resolve, 500));
        return `token-of-${current}`;
      },
    });
    scene.tracker.track('first');
    await pass(2_100);
    current = 'u-2';
    scene.tracker.setUser({ id: 'u-2' });
    await afterStorms();
    expect(scene.gateway.seen).toHaveLength(0);
    expect(scene.tracker.stats()).toMatchObject({ inFlight: 0, dropped: { closed: 1 } });
  });

  it('does not go out with a token of the last one that came after the change', async () => {
    const scene = setUp({
      token: () => {
        const token = `token-of-${current}`;
        return new Promise((resolve) => setTimeout(resolve, 500, token));
      },
    });
    let current = 'u-1';
    scene.tracker.track('first');
    await pass(2_100);
    current = 'u-2';
    scene.tracker.setUser({ id: 'u-2' });
    await pass(1_000);
    scene.tracker.track('second');
    scene.page.hide();
    await afterStorms();
    const ofSecond = scene.gateway.seen.filter(({ request }) => request.body.includes('second'));
    expect(ofSecond.map(({ request }) => request.headers.authorization)).toEqual(['Bearer token-of-u-2']);
  });

  it('finds what had no room dropped as user_changed, and told', async () => {
    const scene = setUp({ flushAt: 100 });
    for (let index = 0; index < 10; index += 1) scene.tracker.track('clicked', text(9_000));
    scene.tracker.setUser({ id: 'u-2' });
    await afterStorms();
    expect(scene.tracker.stats()).toMatchObject({ accepted: 6, dropped: { user_changed: 4 } });
    expect(scene.problems).toEqual([{ reason: 'user_changed', count: 4, willRetry: false }]);
  });

  it('does not repeat what the last one had in flight', async () => {
    const scene = setUp({}, { plan: [{ kind: 'network-error' }], latencyMs: 100 });
    scene.tracker.track('clicked');
    await afterIdle();
    scene.tracker.setUser({ id: 'u-2' });
    await afterStorms();
    expect(scene.gateway.seen).toHaveLength(1);
    expect(scene.tracker.stats().dropped).toEqual({ network: 1 });
  });

  it('has a session of its own', async () => {
    const scene = setUp();
    scene.tracker.track('first');
    scene.tracker.setUser({ id: 'u-2' });
    scene.tracker.track('second');
    await afterIdle();
    const [first, second] = events(scene);
    expect(second?.sessionId).not.toBe(first?.sessionId);
    expect(second?.seq).toBe(1);
  });

  it('is not the same one again, nor one not known for a moment', async () => {
    const scene = setUp({ user: { id: 7 } });
    scene.tracker.track('first');
    scene.tracker.setUser({ id: '7' });
    scene.tracker.setUser(undefined);
    scene.tracker.track('second');
    scene.tracker.setUser({ id: 7 });
    await pass(10_000);
    expect(events(scene).map(({ seq }) => seq)).toEqual([1, 2]);
    expect(scene.tracker.stats().dropped).toEqual({});
  });

  it('is asked about anew each time, one of ours and the same one or not', () => {
    const { tracker } = setUp({ isInternal: (user) => user.staff === true });
    const gateOf = (staff: boolean) => {
      tracker.setUser({ id: 'u-1', staff });
      return tracker.stats().gate;
    };
    expect([true, false, true].map(gateOf)).toEqual(['internal_user', 'open', 'internal_user']);
  });

  it('is told from the last one also with a moment in between in which nobody was known', async () => {
    const scene = setUp();
    scene.tracker.setUser(undefined);
    scene.tracker.track('whose');
    scene.tracker.setUser({ id: 'u-2' });
    await afterStorms();
    expect(scene.gateway.seen).toHaveLength(0);
    expect(scene.tracker.stats().dropped).toEqual({ user_changed: 1 });
  });
});

describe('beforeSend', () => {
  it('may change an event, but not its id', async () => {
    const shown: OutgoingEvent[] = [];
    const scene = setUp({
      beforeSend(event) {
        shown.push(event);
        return { ...event, route: '/changed', clientEventId: 'an-id-of-its-own' };
      },
    });
    scene.tracker.track('clicked', { route: '/' });
    await afterIdle();
    expect(shown[0]).toMatchObject({ eventType: 'clicked', route: '/', seq: 1 });
    expect(events(scene)[0]).toMatchObject({ route: '/changed', clientEventId: shown[0]?.clientEventId });
  });

  it('may answer an event that nobody can change', async () => {
    const scene = setUp({ beforeSend: (event) => Object.freeze({ ...event, route: '/frozen' }) });
    scene.tracker.track('clicked');
    await afterIdle();
    expect(events(scene)[0]).toMatchObject({ route: '/frozen' });
  });

  it.each<[string, () => OutgoingEvent | null]>([
    ['answers null', () => null],
    ['answers nothing', () => undefined as never],
    [
      'throws',
      () => {
        throw new Error('in the app');
      },
    ],
  ])('drops the event when it %s', async (_, beforeSend) => {
    const scene = setUp({ beforeSend });
    scene.tracker.track('clicked');
    await pass(10_000);
    expect(scene.gateway.seen).toHaveLength(0);
    expect(scene.tracker.stats().dropped).toEqual({ before_send: 1 });
  });
});

describe('a full queue', () => {
  it.each([
    ['drop-oldest', ['3', '4', '5']],
    ['drop-newest', ['1', '2', '3']],
  ] as const)('with %s keeps the right events', async (overflow, kept) => {
    const scene = setUp({ maxQueue: 3, overflow });
    for (const type of ['1', '2', '3', '4', '5']) scene.tracker.track(type);
    await afterIdle();
    expect(types(scene)).toEqual(kept);
    expect(scene.tracker.stats().dropped).toEqual({ queue_full: 2 });
  });

  it('is 1,000 events by default, what is in flight included', async () => {
    const scene = setUp({}, { plan: [{ kind: 'hang' }] });
    trackMany(scene.tracker, 10);
    await pass(0);
    trackMany(scene.tracker, 1_000);
    expect(scene.tracker.stats()).toMatchObject({ inFlight: 10, queued: 990, dropped: { queue_full: 10 } });
  });
});

describe('failures', () => {
  const passing: [string, Behaviour][] = [
    ['a network error', { kind: 'network-error' }],
    ['a fetch that throws', { kind: 'throw-at-once' }],
    ['a hung endpoint', { kind: 'hang' }],
    ...[0, 408, 425, 429, 500, 502, 503, 504].map((status): [string, Behaviour] => [
      `a ${status}`,
      { kind: 'status', status },
    ]),
    ['a portal that answers 200 with a page', { kind: 'garbage', text: '<html>' }],
    ['an answer with too few results', { kind: 'garbage', text: '{"data":{"trackEvents":{"results":[]}}}' }],
    ['RATE_LIMITED for the request', { kind: 'graphql-error', code: 'RATE_LIMITED' }],
    ['a code that is not known', { kind: 'graphql-error', code: 'SUBREQUEST_HTTP_ERROR' }],
    ['an error without a code but with data', { kind: 'graphql-error' }],
    [
      'RATE_LIMITED for every event',
      { kind: 'mixed', verdicts: [{ status: 'DROPPED', reason: 'RATE_LIMITED' }] },
    ],
  ];
  it.each(passing)('%s is tried again with the same events', async (_, behaviour) => {
    const scene = setUp({}, { plan: [behaviour] });
    trackMany(scene.tracker, 3);
    await afterStorms();
    expect(scene.tracker.stats()).toMatchObject({ tracked: 3, sent: 6, accepted: 3, dropped: {} });
    expect(scene.gateway.seen[1]?.input.events).toEqual(scene.gateway.seen[0]?.input.events);
  });

  it.each(passing)('%s that lasts is given up after maxAttempts, and counted', async (_, otherwise) => {
    const scene = setUp({ maxAttempts: 3 }, { otherwise });
    trackMany(scene.tracker, 2);
    await afterStorms();
    expect(Object.values(scene.tracker.stats().dropped)).toEqual([2]);
    expect(scene.gateway.seen).toHaveLength(3);
    expect(scene.problems.map(({ count, willRetry }) => ({ count, willRetry }))).toEqual([
      { count: 2, willRetry: true },
      { count: 2, willRetry: true },
      { count: 2, willRetry: false },
    ]);
  });

  it('is tried 10 times by default', async () => {
    const scene = setUp({}, { otherwise: { kind: 'network-error' } });
    scene.tracker.track('clicked');
    await afterStorms();
    expect(scene.gateway.seen).toHaveLength(10);
    expect(scene.tracker.stats().dropped).toEqual({ network: 1 });
  });

  it.each<[Behaviour, string]>([
    [{ kind: 'status', status: 401 }, 'http_401'],
    [{ kind: 'status', status: 403 }, 'http_403'],
    [{ kind: 'status', status: 404 }, 'http_404'],
    [{ kind: 'graphql-error', code: 'UNAUTHENTICATED' }, 'UNAUTHENTICATED'],
    [{ kind: 'graphql-error', code: 'UNAUTHENTICATED', status: 401, data: 'absent' }, 'UNAUTHENTICATED'],
    [{ kind: 'graphql-error', code: 'FORBIDDEN' }, 'FORBIDDEN'],
    [{ kind: 'graphql-error', code: 'GRAPHQL_VALIDATION_FAILED', status: 400 }, 'GRAPHQL_VALIDATION_FAILED'],
    [{ kind: 'graphql-error', code: 'PERSISTED_QUERY_NOT_FOUND' }, 'PERSISTED_QUERY_NOT_FOUND'],
  ])('%j is final', async (behaviour, reason) => {
    const scene = setUp({}, { plan: [behaviour] });
    trackMany(scene.tracker, 3);
    await afterStorms();
    expect(scene.gateway.seen).toHaveLength(1);
    expect(scene.tracker.stats().dropped).toEqual({ [reason]: 3 });
  });

  it.each<[Behaviour, string]>([
    [{ kind: 'status', status: 400 }, 'http_400'],
    [{ kind: 'status', status: 413 }, 'http_413'],
    [{ kind: 'status', status: 422 }, 'http_422'],
    [{ kind: 'graphql-error', code: 'BAD_USER_INPUT' }, 'BAD_USER_INPUT'],
    [{ kind: 'graphql-error', code: 'REQUEST_ENTITY_TOO_LARGE' }, 'REQUEST_ENTITY_TOO_LARGE'],
    [{ kind: 'graphql-error', data: 'absent' }, 'bad_answer'],
  ])('%j costs only the event that brought it', async (refusal, reason) => {
    const scene = setUp({ maxAttempts: 2 }, { otherwise: { kind: 'poison', marker: 'poison', refusal } });
    trackMany(scene.tracker, 20);
    scene.tracker.track('poison');
    trackMany(scene.tracker, 25);
    await afterStorms();
    expect(scene.tracker.stats()).toMatchObject({ accepted: 45, dropped: { [reason]: 1 } });
    // Every event is in about log2(50) batches, and no more, before the one is found.
    expect(scene.gateway.seen.length).toBeLessThan(20);
  });

  it('a lost answer makes a duplicate, never a second event', async () => {
    const scene = setUp({}, { plan: [{ kind: 'store-and-lose-the-answer' }] });
    trackMany(scene.tracker, 4);
    await afterStorms();
    expect(scene.tracker.stats()).toMatchObject({ accepted: 0, duplicates: 4, dropped: {} });
    expect(scene.gateway.stored.size).toBe(4);
  });

  it('sends again only what the server could not take for the moment, and counts its words', async () => {
    const verdicts = [
      { status: 'ACCEPTED' },
      { status: 'DROPPED', reason: 'OVERLOADED' },
      { status: 'REJECTED', reason: 'PII_KEY' },
      { status: 'DUPLICATE' },
    ] as const;
    const scene = setUp({}, { plan: [{ kind: 'mixed', verdicts }] });
    for (const type of ['1', '2', '3', '4']) scene.tracker.track(type);
    await afterStorms();
    expect(types(scene)).toEqual(['1', '2', '3', '4', '2']);
    expect(scene.tracker.stats()).toMatchObject({ accepted: 2, duplicates: 1, dropped: { PII_KEY: 1 } });
  });

  it.each<[string, Behaviour, number]>([
    ['Retry-After in seconds', { kind: 'status', status: 503, retryAfter: '30' }, 30_000],
    [
      'Retry-After as a date',
      { kind: 'status', status: 429, retryAfter: 'Sun, 01 Mar 2026 12:00:45 GMT' },
      45_000,
    ],
    ['a code’s retryAfterMs', { kind: 'graphql-error', code: 'RATE_LIMITED', retryAfterMs: 25_000 }, 25_000],
    [
      'an event’s retryAfterMs',
      { kind: 'mixed', verdicts: [{ status: 'DROPPED', reason: 'RATE_LIMITED', retryAfterMs: 20_000 }] },
      20_000,
    ],
    ['an hour at most', { kind: 'status', status: 429, retryAfter: '999999999' }, 3_600_000],
  ])('waits as long as %s says, also at flushAt, at flush and when hidden', async (_, behaviour, waitMs) => {
    const scene = setUp({ flushAt: 1 }, { plan: [behaviour] });
    scene.tracker.track('clicked');
    await pass(0);
    trackMany(scene.tracker, 30);
    void scene.tracker.flush();
    scene.page.hide();
    scene.page.show();
    await pass(waitMs - 1);
    expect(scene.gateway.seen).toHaveLength(1);
    await pass(1);
    expect(scene.gateway.seen).toHaveLength(2);
    await scene.tracker.close();
  });

  it('waits longer after every failure, by chance', async () => {
    const scene = setUp({}, { otherwise: { kind: 'network-error' } }, { random: () => 0.999 });
    const at: number[] = [];
    const gateway = createFakeGateway({
      otherwise: { kind: 'network-error' },
      onRequest: () => at.push(Date.now()),
    });
    const tracker = setUp({ fetch: gateway.fetch }, {}, { random: () => 0.999 }).tracker;
    tracker.track('clicked');
    await afterStorms();
    const waits = at.slice(1).map((time, index) => time - (at[index] ?? 0));
    // 0.999 of 500, 1,000 … as a timer has them.
    expect(waits).toEqual([500, 999, 1_998, 3_996, 7_992, 15_984, 29_970, 29_970, 29_970]);
    await scene.tracker.close();
  });

  it('gives a request timeoutMs, the token included', async () => {
    const scene = setUp({
      token: () => new Promise<string>(() => {}),
      timeoutMs: 300,
      maxAttempts: 1,
    });
    scene.tracker.track('clicked');
    await pass(2_299);
    expect(scene.tracker.stats().inFlight).toBe(1);
    await pass(1);
    expect(scene.tracker.stats()).toMatchObject({ inFlight: 0, dropped: { timeout: 1 } });
  });

  it('sends nothing with a token that comes after the time was up', async () => {
    const scene = setUp({
      token: () => new Promise((resolve) => setTimeout(resolve, 301, 'a-token')),
      timeoutMs: 300,
      maxAttempts: 1,
    });
    scene.tracker.track('clicked');
    await afterStorms();
    expect(scene.gateway.seen).toHaveLength(0);
    expect(scene.tracker.stats()).toMatchObject({ sent: 1, dropped: { timeout: 1 } });
  });

  it.each<[string, () => string | Promise<string>]>([
    [
      'throws',
      () => {
        throw new Error('in the app');
      },
    ],
    ['rejects', () => Promise.reject(new Error('in the app'))],
    ['answers nothing', () => ''],
  ])('retries a token source that %s, and gives up', async (_, token) => {
    const scene = setUp({ token, maxAttempts: 2 });
    scene.tracker.track('clicked');
    await afterStorms();
    expect(scene.gateway.seen).toHaveLength(0);
    expect(scene.tracker.stats()).toMatchObject({ sent: 2, dropped: { no_token: 1 } });
  });

  it('uses up no attempt while the browser is offline, and goes on within flushIntervalMs of being online', async () => {
    const scene = setUp({ maxAttempts: 1, flushIntervalMs: 3_000 });
    scene.page.goOffline();
    trackMany(scene.tracker, 3);
    void scene.tracker.flush();
    scene.page.hide();
    scene.page.show();
    await pass(10 * 60_000);
    expect(scene.tracker.stats()).toMatchObject({ sent: 0, queued: 3, dropped: {} });
    scene.page.goOnline();
    await pass(3_000);
    expect(scene.tracker.stats().accepted).toBe(3);
  });
});

describe('a GraphQL client of the app', () => {
  const stored = ({ variables }: GraphqlRequest): GraphqlAnswer => {
    const { events: batch } = variables.input as { readonly events: readonly TrackEventInput[] };
    const results = batch.map(() => ({ status: 'ACCEPTED' }));
    return answerOf({ trackEvents: { results } });
  };
  const answerOf = (data: unknown, errors?: readonly unknown[], response?: Response): GraphqlAnswer => ({
    data,
    errors,
    response,
  });
  const failed = (status: number, headers: Record<string, string> = {}) =>
    answerOf(undefined, undefined, new Response(null, { status, headers }));

  function setUpClient(answer: (request: GraphqlRequest, count: number) => Promise<GraphqlAnswer>) {
    const requests: GraphqlRequest[] = [];
    const scene = setUp({
      maxAttempts: 3,
      timeoutMs: 1_000,
      fetch: graphqlFetch((request) => {
        requests.push(request);
        return answer(request, requests.length);
      }),
    });
    return { ...scene, requests };
  }

  it('gets the operation as a client needs it, and its verdicts count', async () => {
    const { tracker, requests, gateway } = setUpClient(async (request) => stored(request));
    trackMany(tracker, 2);
    await afterIdle();
    expect(requests[0]?.keepalive).toBe(true);
    expect(requests[0]?.query).toMatch(/^mutation TrackEvents/);
    expect(requests[0]?.variables.input).toMatchObject({ sentAt: '2026-03-01T12:00:02.000Z' });
    expect(tracker.stats().accepted).toBe(2);
    expect(gateway.seen).toHaveLength(0);
  });

  it.each([
    [undefined, false],
    [false, false],
    [true, true],
  ])('is told of keepalive %s as %s', async (keepalive, told) => {
    const heard: boolean[] = [];
    const send = graphqlFetch(async (request) => {
      heard.push(request.keepalive);
      return answerOf(null);
    });
    const { signal } = new AbortController();
    const given = keepalive === undefined ? {} : { keepalive };
    await send('', { method: 'POST', headers: {}, body: '{}', signal, redirect: 'manual', ...given });
    expect(heard).toEqual([told]);
  });

  it.each<[string, (request: GraphqlRequest) => Promise<GraphqlAnswer>, string]>([
    ['a rejection', () => Promise.reject(new Error('no network')), 'network'],
    [
      'a throw',
      () => {
        throw new Error('no client');
      },
      'network',
    ],
    ['no answer object', async () => undefined as never, 'network'],
    ['a hang', () => new Promise(() => {}), 'timeout'],
    ['a 503', async () => failed(503), 'http_503'],
    ['data that is none', async () => answerOf(null), 'bad_answer'],
    ['a code', async () => answerOf(null, [{ extensions: { code: 'OVERLOADED' } }]), 'OVERLOADED'],
  ])('tries again after %s, and gives up', async (_, answer, reason) => {
    const { tracker, requests } = setUpClient(answer);
    tracker.track('clicked');
    await afterStorms();
    expect(requests).toHaveLength(3);
    expect(tracker.stats()).toMatchObject({ inFlight: 0, dropped: { [reason]: 1 } });
  });

  it('is told when the tracker has given up waiting', async () => {
    const { tracker, requests } = setUpClient(() => new Promise(() => {}));
    tracker.track('clicked');
    await pass(2_999);
    expect(requests[0]?.signal.aborted).toBe(false);
    await pass(1);
    expect(requests[0]?.signal.aborted).toBe(true);
  });

  it.each([
    ['30', 30_000],
    ['999999999', 3_600_000],
    // No wait: the tracker's own back-off, half of 500.
    ['soon', 250],
    ['-1', 250],
  ])('that asks for %s s is waited for, an hour at most', async (retryAfter, waitMs) => {
    const { tracker, requests } = setUpClient(async (request, count) =>
      count === 1 ? failed(429, { 'retry-after': retryAfter }) : stored(request),
    );
    tracker.track('clicked');
    await pass(2_000 + waitMs - 1);
    expect(requests).toHaveLength(1);
    await pass(1);
    expect(requests).toHaveLength(2);
  });

  it.each([401, 403])('that says %i is final', async (status) => {
    const { tracker, requests } = setUpClient(async () => failed(status));
    tracker.track('clicked');
    await afterStorms();
    expect(requests).toHaveLength(1);
    expect(tracker.stats().dropped).toEqual({ [`http_${status}`]: 1 });
  });
});

describe('hostile callers', () => {
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  const throwing = {
    get text(): string {
      throw new Error('a getter that throws');
    },
  };
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  it.each<[string, unknown, string]>([
    ['a cycle', { properties: circular }, 'unserialisable'],
    ['a BigInt', { properties: { big: 1n } }, 'unserialisable'],
    ['a property that throws', { properties: throwing }, 'unserialisable'],
    ['a revoked proxy', { properties: revoked.proxy }, 'unserialisable'],
    ['details that are a revoked proxy', revoked.proxy, 'unserialisable'],
    [
      'details that throw',
      {
        get route(): string {
          throw new Error('a getter that throws');
        },
      },
      'unserialisable',
    ],
    ['a date that is none', { occurredAt: new Date('nonsense') }, 'unserialisable'],
    ['an occurredAt that is no date', { occurredAt: 'yesterday' }, 'unserialisable'],
    ['a megabyte of text', text(1_000_000), 'too_large'],
    ['a route of a megabyte', { route: 'x'.repeat(1_000_000) }, 'too_large'],
  ])('%s is counted, not thrown', async (_, details, reason) => {
    const scene = setUp();
    scene.tracker.track('clicked', details as never);
    expect(scene.tracker.stats().dropped).toEqual({ [reason]: 1 });
    scene.tracker.track('clicked', null as never);
    await afterIdle();
    expect(scene.problems).toEqual([{ reason, count: 1, willRetry: false }]);
    expect(scene.tracker.stats()).toMatchObject({ tracked: 2, accepted: 1 });
  });

  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('in the app');
      },
    ],
    ['rejects', () => Promise.reject(new Error('in the app'))],
  ])('survives an onError that %s', async (_, onError) => {
    const scene = setUp({ onError }, { plan: [{ kind: 'status', status: 404 }] });
    scene.tracker.track('clicked');
    await afterIdle();
    scene.tracker.track('clicked');
    await afterIdle();
    expect(scene.tracker.stats()).toMatchObject({ accepted: 1, dropped: { http_404: 1 } });
  });

  it('tells onError which field breaks which rule, and nothing of an event that is stored', async () => {
    const pii = { status: 'REJECTED', reason: 'PII_VALUE', field: '/properties/note', rule: 'pii.email' };
    const cut = { status: 'ACCEPTED', reason: null, field: '/properties/other', rule: 'unknown' };
    const odd = { status: 'REJECTED', reason: 'PII_VALUE', field: 'a@example.org', rule: 'a@example.org' };
    const text = JSON.stringify({ data: { trackEvents: { results: [pii, pii, cut, odd] } } });
    const scene = setUp({}, { plan: [{ kind: 'garbage', text }] });
    trackMany(scene.tracker, 4);
    await afterIdle();
    const problem = { reason: 'PII_VALUE', willRetry: false };
    expect(scene.problems).toEqual([
      { ...problem, count: 2, field: '/properties/note', rule: 'pii.email' },
      { ...problem, count: 1 },
    ]);
    expect(scene.tracker.stats()).toMatchObject({ accepted: 1, dropped: { PII_VALUE: 3 } });
  });

  it('tells onError of a burst once, after the stack of the caller, and nothing of the events', async () => {
    const scene = setUp({ maxQueue: 10 });
    for (let index = 0; index < 30; index += 1)
      scene.tracker.track('secret_type', { properties: { secret: 'secret' } });
    expect(scene.problems).toEqual([]);
    await pass(0);
    expect(scene.problems).toEqual([{ reason: 'queue_full', count: 20, willRetry: false }]);
  });
});

describe('close', () => {
  it('sends what is queued and takes no more', async () => {
    const scene = setUp();
    trackMany(scene.tracker, 3);
    const closed = scene.tracker.close();
    scene.tracker.track('too_late');
    await pass(0);
    await closed;
    expect(scene.tracker.stats()).toMatchObject({ gate: 'closed', accepted: 3, dropped: { closed: 1 } });
  });

  it('lets go of the page, and leaves no timer', async () => {
    const scene = setUp();
    expect([...scene.page.listeners()].sort()).toEqual(['pagehide', 'pageshow', 'visibilitychange']);
    scene.tracker.track('clicked');
    const closed = scene.tracker.close();
    await pass(0);
    await closed;
    expect(scene.page.listeners()).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('gives up at its deadline, counts what is left, and sends nothing afterwards', async () => {
    const scene = setUp({}, { otherwise: { kind: 'hang' } });
    trackMany(scene.tracker, 60);
    const closed = scene.tracker.close({ timeoutMs: 500 });
    await pass(500);
    await closed;
    expect(scene.tracker.stats()).toMatchObject({ queued: 0, inFlight: 0, dropped: { shutdown: 60 } });
    await afterStorms();
    expect(scene.gateway.seen).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leaves nothing of a request that hangs', async () => {
    const scene = setUp({}, { otherwise: { kind: 'hang' } });
    scene.tracker.track('clicked');
    const closed = scene.tracker.close({ timeoutMs: 500 });
    await pass(500);
    await closed;
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leaves no timer of what could not be sent, and tells nobody of another try', async () => {
    const scene = setUp({}, { otherwise: { kind: 'hang' } });
    trackMany(scene.tracker, 10);
    await pass(0);
    scene.page.goOffline();
    scene.tracker.track('clicked');
    const closed = scene.tracker.close({ timeoutMs: 500 });
    await pass(500);
    await closed;
    expect(vi.getTimerCount()).toBe(0);
    await pass(0);
    expect(scene.problems).toEqual([{ reason: 'shutdown', count: 11, willRetry: false }]);
  });

  it('called twice is one closing', async () => {
    const { tracker } = setUp();
    const first = tracker.close();
    expect(tracker.close({ timeoutMs: 1 })).toBe(first);
    await first;
  });

  it('is the end: no user, consent or page brings it back', async () => {
    const scene = setUp();
    await scene.tracker.close();
    scene.tracker.setUser({ id: 'u-2' });
    scene.tracker.setConsent('granted');
    scene.tracker.track('clicked');
    scene.page.hide();
    await scene.tracker.flush();
    await afterStorms();
    expect(scene.gateway.seen).toHaveLength(0);
    expect(scene.tracker.stats()).toMatchObject({ gate: 'closed', queued: 0, dropped: { closed: 1 } });
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('what keeps events offline', () => {
  /** Keeps every event at once and notes what it was told. */
  function setUpOffline(options: Partial<TrackerOptions<User>> = {}, pageOptions: Partial<PageOptions> = {}) {
    const told: string[] = [];
    const kept = new Set<string>();
    const scene = setUp(
      {
        offline: offlineKeeping(({ ledger }) => ({
          open: (user) => told.push(`open ${user}`),
          mustWait: () => false,
          added: ({ id }) => kept.add(id),
          done: (gone) => {
            for (const { id } of gone) kept.delete(id);
          },
          handOver(events) {
            const lost = events.filter(({ id }) => !kept.has(id)).length;
            ledger.counts.handedOver = (ledger.counts.handedOver ?? 0) + events.length - lost;
            return lost;
          },
          release: () => told.push('release'),
          resume: () => told.push('resume'),
          forget: () => told.push('forget'),
          erase: () => told.push('erase'),
        })),
        ...options,
      },
      {},
      pageOptions,
    );
    return { ...scene, told, kept };
  }

  it('is given every event, told of every answer, and left what cannot be sent', async () => {
    const scene = setUpOffline({ flushAt: 100 });
    for (let index = 0; index < 10; index += 1) scene.tracker.track('clicked', text(9_000));
    expect(scene.kept.size).toBe(10);
    scene.page.leave({ persisted: false });
    await pass(0);
    expect(scene.kept.size).toBe(4);
    expect(scene.told.at(-1)).toBe('release');
    expect(scene.tracker.stats()).toMatchObject({ tracked: 10, accepted: 6, handedOver: 4, dropped: {} });
  });

  it('is not opened before the gate is, and not after close', async () => {
    const scene = setUpOffline({ user: undefined });
    scene.tracker.track('clicked');
    expect(scene.told).toEqual([]);
    scene.tracker.setUser({ id: 'u-1' });
    expect(scene.told[0]).toBe('open u-1');
    const closed = scene.tracker.close();
    await pass(0);
    await closed;
    const before = scene.told.length;
    expect(scene.told.at(-1)).toBe('release');
    scene.tracker.setUser({ id: 'u-2' });
    scene.tracker.setConsent('granted');
    scene.tracker.track('clicked');
    expect(scene.told.slice(before).filter((call) => call.startsWith('open'))).toEqual([]);
  });

  it('has it let go at the end of close, not before what is queued has had its time', async () => {
    const scene = setUpOffline();
    scene.page.goOffline();
    scene.tracker.track('clicked');
    const closed = scene.tracker.close({ timeoutMs: 500 });
    await pass(499);
    expect(scene.told).not.toContain('release');
    await pass(1);
    await closed;
    expect(scene.told.filter((call) => call === 'release')).toHaveLength(1);
    expect(scene.tracker.stats()).toMatchObject({ queued: 0, handedOver: 1, dropped: {} });
  });

  it('is erased, and not left anything, when close finds consent withdrawn', async () => {
    let consent: 'granted' | 'denied' = 'granted';
    const scene = setUpOffline({ consent: () => consent });
    scene.page.goOffline();
    scene.tracker.track('clicked');
    const closed = scene.tracker.close({ timeoutMs: 500 });
    await pass(499);
    consent = 'denied';
    await pass(1);
    await closed;
    expect(scene.told).toContain('erase');
    expect(scene.tracker.stats()).toMatchObject({
      queued: 0,
      handedOver: 0,
      dropped: { consent_denied: 1 },
    });
  });

  it('hears of a return and is opened anew after that, but not of the first pageshow', () => {
    const scene = setUpOffline();
    scene.page.load();
    expect(new Set(scene.told)).toEqual(new Set(['open u-1']));
    scene.page.leave({ persisted: true });
    // As browsers do it: visible first.
    scene.page.show();
    scene.told.length = 0;
    scene.page.comeBack();
    expect(scene.told).toEqual(['resume', 'open u-1']);
  });

  it('is told of another user before that user’s is opened', () => {
    const scene = setUpOffline();
    scene.tracker.setUser({ id: 'u-2' });
    expect(scene.told.slice(scene.told.indexOf('forget'))).toEqual(['forget', 'open u-2']);
  });

  it('erases everything when consent is denied', () => {
    const scene = setUpOffline();
    scene.tracker.track('clicked');
    scene.tracker.setConsent('denied');
    expect(scene.told.at(-1)).toBe('erase');
  });

  it('erases everything when consent is denied by somebody who opted out by a signal as well', () => {
    const scene = setUpOffline({}, { globalPrivacyControl: true });
    scene.tracker.setConsent('denied');
    expect(scene.told).toContain('erase');
  });

  it('is left as it is by a signal alone', () => {
    const scene = setUpOffline();
    scene.page.setPrivacyControl(true);
    scene.tracker.track('clicked');
    expect(scene.tracker.stats().gate).toBe('opted_out');
    expect(scene.told).not.toContain('erase');
  });
});

describe('stats', () => {
  it('is a copy that nobody can change', () => {
    const { tracker } = setUp({ user: null });
    tracker.track('clicked');
    const { dropped } = tracker.stats();
    Object.assign(dropped, { signed_out: 99 });
    expect(tracker.stats().dropped).toEqual({ signed_out: 1 });
  });

  it('starts from nothing', () => {
    expect(setUp().tracker.stats()).toEqual({
      tracked: 0,
      sent: 0,
      accepted: 0,
      duplicates: 0,
      dropped: {},
      queued: 0,
      inFlight: 0,
      gate: 'open',
    });
  });
});
