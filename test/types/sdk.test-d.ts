import { describe, expectTypeOf, it } from 'vitest';
import { debugFetch } from '../../src/sdk/debug/index.js';
import type {
  AnyTrack,
  Consent,
  OfflineKeeping,
  OutgoingEvent,
  Register,
  RegisteredTrack,
  Session,
  SessionFactory,
  TrackDetails,
  TrackedUser,
  Tracker,
  TrackerOptions,
  TrackerProblem,
  TrackerStats,
} from '../../src/sdk/index.js';
import { createTracker } from '../../src/sdk/index.js';
import { createOfflineStore } from '../../src/sdk/offline/index.js';
import { noSession, tabSession } from '../../src/sdk/tab-session.js';
import { createTestTracker, type TestEvent, type TestTracker } from '../../src/sdk/testing.js';

const base = { endpoint: '/graphql', appName: 'web', user: null, consent: 'granted' } as const;

/** What cannot be told is a compile error: these functions are never called. */
const never = (_: () => unknown) => {};

describe('track', () => {
  it('takes any event as long as no catalogue is hooked in', () => {
    expectTypeOf<keyof Register>().toBeNever();
    expectTypeOf<RegisteredTrack>().toEqualTypeOf<AnyTrack>();
    expectTypeOf<Tracker['track']>().toEqualTypeOf<AnyTrack>();
    expectTypeOf<AnyTrack>().parameters.toEqualTypeOf<[eventType: string, details?: TrackDetails]>();
    expectTypeOf<AnyTrack>().returns.toBeVoid();
  });

  it('is the catalogue’s own when that is given', () => {
    type Mine = (type: 'saved', details: { readonly properties: { readonly count: number } }) => void;
    expectTypeOf<Tracker<TrackedUser, Mine>['track']>().toEqualTypeOf<Mine>();
    // What code generation declares in `Register` is what it reads.
    type Registered<R> = R extends { readonly track: infer Track } ? Track : AnyTrack;
    expectTypeOf<Registered<{ readonly track: Mine }>>().toEqualTypeOf<Mine>();
  });

  it('takes no person: a user, an address or a token has no place among the details', () => {
    expectTypeOf<keyof TrackDetails>().toEqualTypeOf<
      'properties' | 'entity' | 'route' | 'occurredAt' | 'eventVersion'
    >();
    never(() => createTracker(base).track('saved', { properties: { at: 'home' } }));
    // @ts-expect-error A function is no JSON.
    never(() => createTracker(base).track('saved', { properties: { at: () => 'home' } }));
    // @ts-expect-error Half an entity says nothing.
    never(() => createTracker(base).track('saved', { entity: { type: 'journey' } }));
    // @ts-expect-error A session is the tracker's own affair.
    never(() => createTracker(base).track('saved', { sessionId: 'mine' }));
  });
});

describe('options', () => {
  it('must say who is signed in and what they consented to, if only that it is not known', () => {
    never(() => createTracker({ ...base, user: undefined, consent: 'pending' }));
    const { user: _user, ...withoutUser } = base;
    // @ts-expect-error Without `user` nobody has thought of it.
    never(() => createTracker(withoutUser));
    const { consent: _consent, ...withoutConsent } = base;
    // @ts-expect-error Consent has no default.
    never(() => createTracker(withoutConsent));
    // @ts-expect-error Nor is it a flag.
    never(() => createTracker({ ...base, consent: true }));
    expectTypeOf<TrackerOptions['consent']>().toEqualTypeOf<Consent | (() => Consent)>();
  });

  it('may be given as undefined where they have a default', () => {
    never(() => createTracker({ ...base, token: undefined, flushAt: undefined, session: undefined }));
  });

  it('take for fetch the platform’s own, and one that is put around it', () => {
    never(() => createTracker({ ...base, fetch }));
    never(() =>
      createTracker({ ...base, fetch: (url, init) => fetch(url, { ...init, credentials: 'include' }) }),
    );
    // @ts-expect-error What a GraphQL client is wrapped in is a `fetch` too.
    never(() => createTracker({ ...base, transport: fetch }));
  });

  it('know two answers to Global Privacy Control; what goes without a session is another matter', () => {
    expectTypeOf<TrackerOptions['privacySignals']>().toEqualTypeOf<'drop' | 'ignore' | undefined>();
    never(() => createTracker({ ...base, privacySignals: 'ignore', session: noSession }));
  });

  it('hand the app’s own user to isInternal', () => {
    interface Staff {
      readonly id: number;
      readonly roles: readonly string[];
    }
    never(() => {
      const user: Staff = { id: 1, roles: [] };
      const tracker = createTracker({ ...base, user, isInternal: ({ roles }) => roles.includes('staff') });
      expectTypeOf(tracker).toEqualTypeOf<Tracker<Staff>>();
      tracker.setUser(undefined);
      tracker.setUser(null);
      // @ts-expect-error Not a user of this app.
      tracker.setUser({ id: 2 });
    });
    // @ts-expect-error Nobody to tell from anybody else.
    never(() => createTracker({ ...base, user: { name: 'no id' } }));
  });

  it('let beforeSend see and change everything that is sent, and tell onError no content', () => {
    expectTypeOf<NonNullable<TrackerOptions['beforeSend']>>().toEqualTypeOf<
      (event: OutgoingEvent) => OutgoingEvent | null
    >();
    expectTypeOf<TrackerProblem>().toEqualTypeOf<{
      readonly reason: string;
      readonly count: number;
      readonly willRetry: boolean;
      readonly field?: string | undefined;
      readonly rule?: string | undefined;
    }>();
  });

  it('take a fetch that prints, around any other', () => {
    never(() => createTracker({ ...base, fetch: debugFetch() }));
    never(() => createTracker({ ...base, fetch: debugFetch(fetch, console) }));
  });
});

describe('what only this package can make', () => {
  it('a session comes from tabSession or noSession, and can be passed on', () => {
    for (const session of [tabSession, noSession]) {
      expectTypeOf(session).toExtend<SessionFactory>();
      never(() => createTracker({ ...base, session }));
    }
    never(() => createTracker({ ...base, session: (newId, now) => tabSession(newId, now) }));
    // @ts-expect-error An object with the same steps is no session.
    never(() => createTracker({ ...base, session: () => ({ next: () => ({}), forget() {} }) }));
    expectTypeOf<Omit<Session, 'next'>>().not.toExtend<Session>();
    expectTypeOf<Pick<Session, 'next' | 'forget' | 'leave' | 'enter'>>().not.toExtend<Session>();
  });

  it('what keeps events offline comes from createOfflineStore', () => {
    expectTypeOf(createOfflineStore).returns.toEqualTypeOf<OfflineKeeping>();
    never(() => createTracker({ ...base, offline: createOfflineStore() }));
    const kept = {
      open() {},
      mustWait: () => false,
      added() {},
      done() {},
      handOver: () => 0,
      release() {},
      resume() {},
      forget() {},
      erase() {},
    };
    // @ts-expect-error A function that makes such an object is none.
    never(() => createTracker({ ...base, offline: () => kept }));
    expectTypeOf<() => ReturnType<OfflineKeeping>>().not.toExtend<OfflineKeeping>();
  });
});

describe('the tracker for tests', () => {
  it('is a tracker, with the catalogue’s own track where that is given', () => {
    type Mine = (type: 'saved', details: { readonly properties: { readonly count: number } }) => void;
    interface Staff {
      readonly id: number;
      readonly roles: readonly string[];
    }
    expectTypeOf<TestTracker>().toExtend<Tracker>();
    expectTypeOf<TestTracker<Staff, Mine>>().toExtend<Tracker<Staff, Mine>>();
    expectTypeOf<TestTracker['track']>().toEqualTypeOf<RegisteredTrack>();
    expectTypeOf<TestTracker<Staff, Mine>['track']>().toEqualTypeOf<Mine>();
    expectTypeOf<TestTracker['events']>().toEqualTypeOf<readonly TestEvent[]>();
    // @ts-expect-error A user of this app has roles.
    never(() => createTestTracker<Staff, Mine>({ user: { id: 1 } }));
    // @ts-expect-error It has no endpoint: there is no network.
    never(() => createTestTracker({ endpoint: '/graphql' }));
  });
});

describe('stats', () => {
  it('are counts, and read-only', () => {
    expectTypeOf<Tracker['stats']>().returns.toEqualTypeOf<TrackerStats>();
    never((stats = createTracker(base).stats()) => {
      // @ts-expect-error A copy, not a control.
      stats.tracked = 0;
      // @ts-expect-error Its parts too.
      stats.dropped.queue_full = 0;
    });
    expectTypeOf<TrackerStats['dropped']>().toEqualTypeOf<Readonly<Record<string, number>>>();
    // With an offline store alone.
    type Kept = 'restored' | 'handedOver';
    expectTypeOf<TrackerStats[Kept]>().toEqualTypeOf<number | undefined>();
    type Counts = Exclude<keyof TrackerStats, Kept | 'dropped' | 'gate'>;
    expectTypeOf<TrackerStats[Counts]>().toEqualTypeOf<number>();
  });
});
