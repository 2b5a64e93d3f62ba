import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { TrackerProblem } from '../../../src/client/ledger.js';
import { createKeeper } from '../../../src/sdk/offline/keeper.js';
import type { OfflineListener, OfflineStore } from '../../../src/sdk/offline/offline-store.js';
import { offlineKeeping } from '../../../src/sdk/offline-keeping.js';
import type { TrackerOptions } from '../../../src/sdk/options.js';
import type { AnyTrack } from '../../../src/sdk/track.js';
import { createTracker } from '../../../src/sdk/tracker.js';
import type { Tracker } from '../../../src/sdk/tracker-api.js';
import { createFakeGateway, type GatewayOptions } from '../fake-gateway.js';
import { createFakePage } from '../fake-page.js';

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-03-01T12:00:00Z') });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Once it is open, keeps everything at once; answers `open` when the test says so. */
class FakeStore implements OfflineStore {
  readonly calls: string[] = [];
  readonly kept = new Set<string>();
  /** Of the last `open`. */
  tell: OfflineListener | undefined;
  open(user: string, deps: OfflineListener): void {
    this.calls.push(`open ${user}`);
    this.tell = deps;
  }
  save(events: readonly { readonly id: string }[]): void {
    if (this.tell) for (const { id } of events) this.kept.add(id);
  }
  remove(ids: readonly string[]): void {
    for (const id of ids) this.kept.delete(id);
  }
  holds(id: string): boolean {
    return this.kept.has(id);
  }
  release(): void {
    this.calls.push('release');
  }
  erase(): void {
    this.calls.push('erase');
    this.kept.clear();
  }
}

function setUp(options: Partial<TrackerOptions> = {}, gatewayOptions: GatewayOptions = {}) {
  const store = new FakeStore();
  const gateway = createFakeGateway(gatewayOptions);
  const page = createFakePage({ fetch: gateway.fetch });
  const tracker: Tracker<{ readonly id: string }, AnyTrack> = createTracker(
    {
      endpoint: '/graphql',
      appName: 'web',
      user: { id: 'u-1' },
      consent: 'granted',
      offline: offlineKeeping((host) => createKeeper(store, host)),
      ...options,
    },
    page.platform,
  );
  /** Every event that was tracked here or came from the store is in one place. */
  function expectBalanced(): void {
    const { tracked, restored = 0, handedOver = 0, dropped, ...stats } = tracker.stats();
    const lost = Object.values(dropped).reduce((sum, count) => sum + count, 0);
    const { accepted, duplicates, queued, inFlight } = stats;
    expect(accepted + duplicates + lost + handedOver + queued + inFlight).toBe(tracked + restored);
  }
  return { store, gateway, page, tracker, expectBalanced };
}

const events = (...ids: readonly string[]) => ids.map((id) => ({ id, json: `{"clientEventId":"${id}"}` }));
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

it('gives the store what waited for permission, and takes out what has its answer', async () => {
  const scene = setUp({ consent: 'pending' });
  scene.tracker.track('clicked');
  expect(scene.store.kept.size).toBe(0);
  expect(scene.store.calls).toEqual([]);
  scene.tracker.setConsent('granted');
  expect(scene.store.kept.size).toBe(1);
  scene.tracker.track('clicked');
  expect(scene.store.kept.size).toBe(2);
  await pass(2_000);
  expect(scene.tracker.stats().accepted).toBe(2);
  expect(scene.store.kept.size).toBe(0);
  scene.expectBalanced();
});

it.each<[string, (scene: ReturnType<typeof setUp>) => void, (scene: ReturnType<typeof setUp>) => void]>([
  [
    'consent is asked for again',
    ({ tracker }) => tracker.setConsent('pending'),
    ({ tracker }) => tracker.setConsent('granted'),
  ],
  [
    'nobody is known any more',
    ({ tracker }) => tracker.setUser(undefined),
    ({ tracker }) => tracker.setUser({ id: 'u-1' }),
  ],
])('gives the store nothing while %s, and all of it afterwards', (_, close, open) => {
  const scene = setUp();
  close(scene);
  scene.tracker.track('clicked');
  scene.tracker.track('clicked');
  expect(scene.tracker.stats().queued).toBe(2);
  expect(scene.store.kept.size).toBe(0);
  open(scene);
  expect(scene.store.kept.size).toBe(2);
});

it.each<[string, Partial<TrackerOptions>, GatewayOptions]>([
  ['that gives way itself', { overflow: 'drop-newest', flushAt: 100 }, {}],
  ['that has only flights before it', { flushAt: 1 }, { latencyMs: 5_000 }],
])('keeps no event of a full queue %s', async (_, options, gatewayOptions) => {
  const scene = setUp({ maxQueue: 1, ...options }, gatewayOptions);
  scene.tracker.track('clicked');
  await pass(0);
  scene.tracker.track('clicked');
  expect(scene.tracker.stats().dropped).toEqual({ queue_full: 1 });
  expect(scene.store.kept.size).toBe(1);
});

it('sends at once what an earlier page has left', async () => {
  const scene = setUp();
  scene.store.save(events('a', 'b'));
  scene.store.tell?.onRestored(events('a', 'b'));
  await pass(0);
  expect(scene.gateway.seen[0]?.input.events).toEqual([{ clientEventId: 'a' }, { clientEventId: 'b' }]);
  expect(scene.tracker.stats()).toMatchObject({ tracked: 0, restored: 2, accepted: 2 });
  expect(scene.store.kept.size).toBe(0);
  scene.expectBalanced();
});

it('never has more than 60,000 bytes under way of what an earlier page has left either', async () => {
  const scene = setUp({}, { latencyMs: 100 });
  const large = Array.from({ length: 20 }, (_, index) => {
    const id = `left-${index}`;
    return { id, json: JSON.stringify({ clientEventId: id, properties: { text: 'é'.repeat(2_000) } }) };
  });
  scene.store.tell?.onRestored(large);
  await pass(10_000);
  expect(scene.tracker.stats()).toMatchObject({ restored: 20, accepted: 20 });
  expect(scene.gateway.mostKeepaliveBytes()).toBeLessThanOrEqual(60_000);
});

it('counts what the store had to give up, which no page had in memory, and tells onError', async () => {
  const problems: TrackerProblem[] = [];
  const scene = setUp({ onError: (problem) => problems.push(problem) });
  scene.store.tell?.onLost('expired', 3);
  scene.store.tell?.onLost('offline_full', 2);
  expect(scene.tracker.stats()).toMatchObject({ restored: 5, dropped: { expired: 3, offline_full: 2 } });
  scene.expectBalanced();
  await pass(0);
  expect(problems).toEqual([
    { reason: 'expired', count: 3, willRetry: false },
    { reason: 'offline_full', count: 2, willRetry: false },
  ]);
});

it('has no counts of a store that has had nothing to do', () => {
  const { restored, handedOver } = setUp().tracker.stats();
  expect([restored, handedOver]).toEqual([undefined, undefined]);
});

it('leaves to the next page what this one cannot send', () => {
  const scene = setUp();
  scene.page.goOffline();
  scene.tracker.track('clicked');
  scene.tracker.track('clicked');
  const [first] = scene.store.kept;
  scene.store.kept.delete(first ?? '');
  scene.page.leave({ persisted: false });
  expect(scene.tracker.stats()).toMatchObject({ queued: 0, handedOver: 1, dropped: { shutdown: 1 } });
  expect(scene.store.calls.at(-1)).toBe('release');
  scene.expectBalanced();
});

it('sends nothing after the back/forward cache before it knows what others have taken', async () => {
  const scene = setUp({ flushIntervalMs: 1_000, timeoutMs: 30_000 });
  scene.page.goOffline();
  scene.tracker.track('clicked');
  scene.tracker.track('clicked');
  const [taken = '', own] = scene.store.kept;
  scene.page.leave({ persisted: true });
  scene.page.goOnline();
  scene.page.comeBack();
  expect(scene.store.calls).toEqual(['open u-1', 'release', 'open u-1']);
  await pass(20_000);
  expect(scene.gateway.seen).toHaveLength(0);
  scene.store.kept.delete(taken);
  scene.store.tell?.onTaken([taken]);
  await pass(0);
  expect(scene.gateway.seen[0]?.input.events).toMatchObject([{ clientEventId: own }]);
  expect(scene.tracker.stats()).toMatchObject({ tracked: 2, handedOver: 1, accepted: 1, queued: 0 });
  scene.expectBalanced();
});

it('sends nothing either when it leaves again before it knows', async () => {
  const scene = setUp();
  scene.page.goOffline();
  scene.tracker.track('clicked');
  scene.page.leave({ persisted: true });
  scene.page.goOnline();
  scene.page.comeBack();
  scene.page.listen('pagehide', () => scene.tracker.track('left'));
  scene.page.leave({ persisted: true });
  await pass(0);
  expect(scene.gateway.seen).toHaveLength(0);
});

it('waits for nobody after the back/forward cache where nothing was kept before', async () => {
  const scene = setUp({ consent: 'pending' });
  scene.tracker.track('clicked');
  scene.page.leave({ persisted: true });
  scene.page.comeBack();
  scene.tracker.setConsent('granted');
  await pass(2_000);
  expect(scene.tracker.stats().accepted).toBe(1);
});

it('does not hurry what was tracked just now when it knows what others have taken', async () => {
  const scene = setUp();
  scene.page.leave({ persisted: true });
  scene.page.comeBack();
  scene.tracker.track('clicked');
  scene.store.tell?.onTaken([]);
  await pass(1_999);
  expect(scene.gateway.seen).toHaveLength(0);
  await pass(1);
  expect(scene.tracker.stats().accepted).toBe(1);
});

it('counts what is in flight by its answer, whoever has taken it meanwhile', async () => {
  const scene = setUp({}, { latencyMs: 500 });
  scene.tracker.track('clicked');
  const [id = ''] = scene.store.kept;
  scene.page.leave({ persisted: true });
  expect(scene.tracker.stats().inFlight).toBe(1);
  scene.page.comeBack();
  scene.store.tell?.onTaken([id]);
  scene.expectBalanced();
  await pass(1_000);
  expect(scene.tracker.stats()).toMatchObject({ tracked: 1, accepted: 1, queued: 0, inFlight: 0 });
  scene.expectBalanced();
});

it('waits no longer than for a request for a store that does not say', async () => {
  const scene = setUp({ flushIntervalMs: 1_000, timeoutMs: 5_000 });
  scene.page.goOffline();
  scene.tracker.track('clicked');
  scene.page.leave({ persisted: true });
  scene.page.goOnline();
  scene.page.comeBack();
  await pass(4_999);
  expect(scene.gateway.seen).toHaveLength(0);
  await pass(1_001);
  expect(scene.tracker.stats()).toMatchObject({ accepted: 1, queued: 0 });
});

it('releases what is the last user’s before it opens for the next', () => {
  const scene = setUp();
  scene.tracker.setUser({ id: 'u-2' });
  scene.tracker.setUser(null);
  scene.tracker.setUser({ id: 'u-2' });
  expect(scene.store.calls).toEqual(['open u-1', 'release', 'open u-2', 'release', 'open u-2']);
});

it('erases once, however often it is asked, and again when something was kept since', () => {
  const scene = setUp();
  const erasures = () => scene.store.calls.filter((call) => call === 'erase').length;
  scene.tracker.setConsent('denied');
  for (let index = 0; index < 3; index += 1) scene.tracker.track('clicked');
  scene.tracker.setConsent('denied');
  expect(erasures()).toBe(1);
  expect(scene.store.kept.size).toBe(0);
  scene.tracker.setConsent('granted');
  scene.tracker.track('clicked');
  expect(scene.store.kept.size).toBe(1);
  scene.tracker.setConsent('denied');
  expect(erasures()).toBe(2);
  expect(scene.store.kept.size).toBe(0);
  scene.expectBalanced();
});

it('erases what earlier pages have left where there was never consent', () => {
  expect(setUp({ consent: 'denied' }).store.calls).toEqual(['erase']);
});
