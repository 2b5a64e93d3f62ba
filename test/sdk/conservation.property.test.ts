import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Consent, TrackedUser } from '../../src/sdk/options.js';
import type { AnyTrack } from '../../src/sdk/track.js';
import { createTracker } from '../../src/sdk/tracker.js';
import type { Tracker } from '../../src/sdk/tracker-api.js';
import { type Behaviour, createFakeGateway, type SeenRequest } from './fake-gateway.js';
import { createFakePage } from './fake-page.js';

const start = new Date('2026-03-01T12:00:00Z');

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const verdict = fc.constantFrom(
  { status: 'ACCEPTED', reason: null, retryAfterMs: null } as const,
  { status: 'DUPLICATE', reason: null, retryAfterMs: null } as const,
  { status: 'DROPPED', reason: 'RATE_LIMITED', retryAfterMs: 1_500 } as const,
  { status: 'DROPPED', reason: 'OVERLOADED', retryAfterMs: null } as const,
  { status: 'REJECTED', reason: 'PII_VALUE', retryAfterMs: null } as const,
);

const refusal: fc.Arbitrary<Behaviour> = fc.oneof(
  fc
    .record({
      status: fc.constantFrom(0, 301, 400, 401, 404, 413, 413, 422, 425, 429, 500, 503),
      retryAfter: fc.constantFrom('0', '3', 'Sun, 01 Mar 2026 12:00:20 GMT', '999999999999', 'soon'),
    })
    .map((fault): Behaviour => ({ kind: 'status', ...fault })),
  fc
    .record({
      code: fc.constantFrom(
        'BAD_USER_INPUT',
        'UNAUTHENTICATED',
        'RATE_LIMITED',
        'SUBREQUEST_HTTP_ERROR',
        'oh',
      ),
      retryAfterMs: fc.constantFrom(0, 2_500, 1e15),
      data: fc.constantFrom('null', 'absent'),
      status: fc.constantFrom(200, 200, 400, 500),
    })
    .map((fault): Behaviour => ({ kind: 'graphql-error', ...fault })),
);

const behaviour: fc.Arbitrary<Behaviour> = fc.oneof(
  fc.constantFrom<Behaviour>(
    { kind: 'store' },
    { kind: 'store-and-lose-the-answer' },
    { kind: 'network-error' },
    { kind: 'throw-at-once' },
    { kind: 'hang' },
  ),
  fc
    .constantFrom('', '<html>', 'null', '[]', '{"data":{"trackEvents":{"results":[null]}}}', '{"data":7}')
    .map((text): Behaviour => ({ kind: 'garbage', text })),
  refusal,
  refusal.map((inner): Behaviour => ({ kind: 'poison', marker: 'poison', refusal: inner })),
  fc
    .array(verdict, { minLength: 1, maxLength: 5 })
    .map((verdicts): Behaviour => ({ kind: 'mixed', verdicts })),
);

interface Person extends TrackedUser {
  readonly internal?: boolean;
}

const people = {
  A: { id: 'A' },
  B: { id: 'B' },
  internal: { id: 'staff', internal: true },
  nobody: null,
  loading: undefined,
} as const satisfies Record<string, Person | null | undefined>;

type Step =
  | { readonly kind: 'track'; readonly count: number; readonly what: keyof typeof whats }
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'flush' | 'hide' | 'show' | 'comeBack' | 'goOffline' | 'goOnline' }
  | { readonly kind: 'leave'; readonly persisted: boolean }
  | { readonly kind: 'user'; readonly who: keyof typeof people }
  | { readonly kind: 'consent'; readonly consent: Consent };

const whats = {
  plain: {},
  poison: { text: 'poison' },
  large: { text: 'é'.repeat(4_000) },
  tooLarge: { text: 'x'.repeat(1_000_000) },
  hostile: {
    get text(): string {
      throw new Error('a getter that throws');
    },
  },
};

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .record({
        count: fc.integer({ min: 1, max: 15 }),
        what: fc.constantFrom<keyof typeof whats>('plain', 'plain', 'poison', 'large', 'tooLarge', 'hostile'),
      })
      .map((choice): Step => ({ kind: 'track', ...choice })),
  },
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 12_000 }).map((ms): Step => ({ kind: 'pass', ms })) },
  {
    weight: 5,
    arbitrary: fc
      .constantFrom('flush', 'hide', 'show', 'comeBack', 'goOffline', 'goOnline')
      .map((kind): Step => ({ kind })),
  },
  { weight: 1, arbitrary: fc.boolean().map((persisted): Step => ({ kind: 'leave', persisted })) },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom<keyof typeof people>('A', 'A', 'B', 'internal', 'nobody', 'loading')
      .map((who): Step => ({ kind: 'user', who })),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom<Consent>('granted', 'granted', 'pending', 'denied')
      .map((consent): Step => ({ kind: 'consent', consent })),
  },
);

const setting = fc.record({
  plan: fc.array(behaviour, { maxLength: 25 }),
  otherwise: behaviour,
  latencyMs: fc.constantFrom(0, 0, 40, 3_000),
  jitter: fc.double({ min: 0, max: 0.999, noNaN: true }),
  /** How long the app's `token` takes, and whether it answers for who is signed in by then. */
  tokenMs: fc.constantFrom(0, 0, 300, 5_000),
  lateToken: fc.boolean(),
  start: fc.constantFrom<keyof typeof people>('A', 'A', 'loading', 'nobody'),
  options: fc.record({
    flushAt: fc.integer({ min: 1, max: 30 }),
    maxQueue: fc.integer({ min: 1, max: 60 }),
    maxBatch: fc.integer({ min: 1, max: 50 }),
    maxAttempts: fc.integer({ min: 1, max: 4 }),
    overflow: fc.constantFrom('drop-oldest', 'drop-newest'),
    whileUserLoading: fc.constantFrom('hold', 'drop'),
  }),
});
type Setting = typeof setting extends fc.Arbitrary<infer Value> ? Value : never;

/** A page, a far end, an app with somebody signed in, and what must never happen. */
function setUp({ options, ...given }: Setting) {
  const offences: string[] = [];
  let tracked = 0;
  let signedIn: Person | null | undefined = people[given.start];
  /** What the tracker knows of it. */
  let known = signedIn;
  let consent: Consent = 'granted';
  const gateway = createFakeGateway({ ...given, onRequest: inspect });
  const page = createFakePage({
    fetch: gateway.fetch,
    random: () => given.jitter,
  });

  function inspect({ request, input }: SeenRequest): void {
    const { authorization } = request.headers;
    if (consent !== 'granted') offences.push(`sent with consent ${consent}`);
    if (!known || known.internal) offences.push(`sent while the user was ${known?.id}`);
    for (const { properties } of input.events) {
      const { owner } = properties as { readonly owner: string };
      if (owner !== 'nobody yet' && authorization !== `Bearer token-of-${owner}`)
        offences.push(`event of ${owner} sent with ${authorization}`);
    }
  }

  async function token(): Promise<string> {
    const asker = signedIn;
    if (given.tokenMs > 0) await new Promise((resolve) => setTimeout(resolve, given.tokenMs));
    return `token-of-${(given.lateToken ? signedIn : asker)?.id}`;
  }

  const tracker: Tracker<Person, AnyTrack> = createTracker(
    {
      endpoint: '/graphql',
      appName: 'web',
      token,
      user: signedIn,
      consent: 'granted',
      isInternal: (user: Person) => user.internal === true,
      timeoutMs: 4_000,
      ...options,
    },
    page.platform,
  );

  function expectConservation(): void {
    const { dropped, accepted, duplicates, queued, inFlight, ...stats } = tracker.stats();
    const lost = Object.values(dropped).reduce((sum, count) => sum + count, 0);
    expect(stats.tracked).toBe(tracked);
    expect(accepted + duplicates + lost + queued + inFlight).toBe(tracked);
    expect(queued + inFlight).toBeLessThanOrEqual(options.maxQueue);
    expect(gateway.stored.size).toBeLessThanOrEqual(tracked);
    expect(offences).toEqual([]);
    expect(gateway.repeated).toEqual([]);
    expect(gateway.mostKeepaliveBytes()).toBeLessThanOrEqual(60_000);
  }

  return {
    page,
    gateway,
    tracker,
    expectConservation,
    track(what: keyof typeof whats) {
      tracked += 1;
      const owner = signedIn?.id ?? 'nobody yet';
      const properties = Object.defineProperties({ owner }, Object.getOwnPropertyDescriptors(whats[what]));
      tracker.track('page_viewed', { properties });
    },
    /** As in the example of the docstring: the app's own state is another's already when the tracker is told. */
    signIn(who: keyof typeof people) {
      signedIn = people[who];
      tracker.setUser(signedIn);
      known = signedIn;
    },
    setConsent(next: Consent) {
      consent = next;
      tracker.setConsent(next);
    },
    async pass(ms: number) {
      for (let passed = 0; passed <= ms; passed += 1_000) {
        await vi.advanceTimersByTimeAsync(Math.min(1_000, ms - passed));
        expectConservation();
      }
    },
  };
}

async function take(next: Step, scene: ReturnType<typeof setUp>, waited: Promise<void>[]): Promise<void> {
  switch (next.kind) {
    case 'track':
      for (let count = 0; count < next.count; count += 1) scene.track(next.what);
      return;
    case 'pass':
      return scene.pass(next.ms);
    case 'flush':
      waited.push(scene.tracker.flush());
      return;
    case 'leave':
      return scene.page.leave(next);
    case 'user':
      return scene.signIn(next.who);
    case 'consent':
      return scene.setConsent(next.consent);
    default:
      return scene.page[next.kind]();
  }
}

it('accounts for every event and breaks none of its promises, whatever the page, the user and the far end do', async () => {
  await fc.assert(
    fc.asyncProperty(
      setting,
      fc.array(step, { minLength: 1, maxLength: 25 }),
      fc.integer({ min: 0, max: 20_000 }),
      async (given, steps, closeMs) => {
        // A run that failed leaves its timers behind; the next is to be its own.
        vi.clearAllTimers();
        vi.setSystemTime(start);
        const scene = setUp(given);
        const waited: Promise<void>[] = [];
        for (const next of steps) {
          await take(next, scene, waited);
          scene.expectConservation();
        }
        const closed = scene.tracker.close({ timeoutMs: closeMs });
        scene.track('plain');
        await scene.pass(closeMs);
        await Promise.all([closed, ...waited]);
        expect(scene.tracker.stats()).toMatchObject({ queued: 0, inFlight: 0, gate: 'closed' });
        expect(scene.page.listeners()).toEqual([]);
        const { sent } = scene.tracker.stats();
        // The longest that a request, or the app's token, can still be under way.
        await scene.pass(6_000);
        expect(vi.getTimerCount() - scene.gateway.timers()).toBe(0);
        await scene.pass(60_000);
        expect(scene.tracker.stats().sent).toBe(sent);
      },
    ),
    { numRuns: 300 },
  );
});
