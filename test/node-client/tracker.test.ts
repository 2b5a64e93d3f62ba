import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTracker, type TrackerOptions, type TrackerProblem } from '../../src/node-client/index.js';
import { type Behaviour, createFakeSignals } from './fake-signals.js';

const start = new Date('2026-03-01T12:00:00.000Z');

beforeEach(() => {
  vi.useFakeTimers({ now: start });
});
afterEach(() => {
  vi.useRealTimers();
});

function setUp(plan: readonly Behaviour[] = [], options: Partial<TrackerOptions> = {}) {
  const signals = createFakeSignals(plan);
  const problems: TrackerProblem[] = [];
  const tracker = createTracker({
    endpoint: 'https://signals.example.org/',
    token: 'a-token',
    appName: 'conversations',
    fetch: signals.fetch,
    random: () => 0.5,
    onError: (problem) => problems.push(problem),
    ...options,
  });
  return { signals, tracker, problems };
}

const trackMany = (tracker: { track(type: string): void }, count: number) => {
  for (let index = 0; index < count; index += 1) tracker.track('message_sent');
};

/** Lets fake time run until the promise is settled. */
const passing = async (work: Promise<void>) => {
  await vi.advanceTimersByTimeAsync(20_000);
  await work;
};

const afterStorms = async () => {
  await vi.advanceTimersByTimeAsync(10 * 60_000);
};

describe('what is sent', () => {
  it('has the fields of the wire, an id of version 7, and the time of tracking, not of sending', async () => {
    const { signals, tracker } = setUp([], { appVersion: '1.2.3', host: 'app.example.org' });
    tracker.track('conversation_started', {
      properties: { scenarioSlug: 'maths' },
      entity: { type: 'scenario', id: 's-1' },
      route: '/scenarios/[slug]',
      sessionId: '0b0e0f4e-3a57-4d1c-8f8e-0c6d5a8f0a11',
      eventVersion: 1,
    });
    await vi.advanceTimersByTimeAsync(1_000);
    const request = signals.seen[0];
    expect(request?.url).toBe('https://signals.example.org/v1/events');
    expect(request?.headers).toMatchObject({
      authorization: 'Bearer a-token',
      'content-type': 'application/json',
    });
    expect(request?.body).toEqual({
      sentAt: '2026-03-01T12:00:01.000Z',
      events: [
        {
          eventType: 'conversation_started',
          appName: 'conversations',
          clientEventId: expect.stringMatching(
            /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
          ),
          eventVersion: 1,
          appVersion: '1.2.3',
          source: 'server',
          host: 'app.example.org',
          route: '/scenarios/[slug]',
          entityType: 'scenario',
          entityId: 's-1',
          sessionId: '0b0e0f4e-3a57-4d1c-8f8e-0c6d5a8f0a11',
          occurredAt: '2026-03-01T12:00:00.000Z',
          properties: { scenarioSlug: 'maths' },
        },
      ],
    });
  });

  it('is what the properties were when tracked, whatever the caller does with them later', async () => {
    const { signals, tracker } = setUp();
    const properties = { length: 1 };
    tracker.track('message_sent', { properties });
    properties.length = 2;
    await passing(tracker.close());
    expect(signals.seen[0]?.body.events[0]?.properties).toEqual({ length: 1 });
  });

  it('keeps an id and a time that the caller gave', async () => {
    const { signals, tracker } = setUp();
    const clientEventId = '01890a5d-ac96-774b-bcce-b302099a8057';
    tracker.track('message_sent', { clientEventId, occurredAt: new Date('2026-02-28T00:00:00Z') });
    await passing(tracker.close());
    expect(signals.seen[0]?.body.events[0]).toMatchObject({
      clientEventId,
      occurredAt: '2026-02-28T00:00:00.000Z',
    });
  });

  it.each([
    ['right', 0],
    ['37 s slow', -37_251],
    ['40 min fast', 40 * 60_000],
    ['9 h slow', -9 * 3_600_000],
    ['400 days slow', -400 * 86_400_000],
  ])('has in its id only the day of a clock that is %s', async (_, errorMs) => {
    const now = new Date(start.getTime() + errorMs);
    const { signals, tracker } = setUp([], { clock: { now: () => now } });
    tracker.track('message_sent');
    await passing(tracker.close());
    const [sent] = signals.seen[0]?.body.events ?? [];
    expect(sent?.occurredAt).toBe(now.toISOString());
    const timeOfId = Number.parseInt(sent?.clientEventId?.replace('-', '').slice(0, 12) ?? '', 16);
    expect(timeOfId).toBe(Date.parse(now.toISOString().slice(0, 10)));
  });

  it('asks for a token once per request', async () => {
    let asked = 0;
    const { signals, tracker } = setUp([{ kind: 'status', status: 503 }], {
      token: async () => {
        asked += 1;
        return `token-${asked}`;
      },
    });
    tracker.track('message_sent');
    await afterStorms();
    expect(signals.seen.map((request) => request.headers.authorization)).toEqual([
      'Bearer token-1',
      'Bearer token-2',
    ]);
  });
});

describe('when it is sent', () => {
  it('does nothing on the stack of the caller, not even at flushAt', async () => {
    const { signals, tracker } = setUp([], { flushAt: 2 });
    trackMany(tracker, 2);
    expect(signals.seen).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(0);
    expect(signals.seen).toHaveLength(1);
  });

  it('waits flushIntervalMs for company, however often that comes', async () => {
    const { signals, tracker } = setUp([], { flushIntervalMs: 700 });
    for (let ms = 0; ms < 699; ms += 233) {
      tracker.track('message_sent');
      await vi.advanceTimersByTimeAsync(233);
    }
    expect(signals.seen).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(signals.seen.map((request) => request.body.events.length)).toEqual([3]);
  });

  it('does not wait less because nothing else happens', async () => {
    const { signals, tracker } = setUp([], { flushIntervalMs: 60_000 });
    tracker.track('message_sent');
    await vi.advanceTimersByTimeAsync(59_999);
    expect(signals.seen).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(signals.seen).toHaveLength(1);
  });

  it('has one request in flight at a time and at most 200 events in it', async () => {
    const { signals, tracker } = setUp();
    trackMany(tracker, 450);
    await afterStorms();
    expect(signals.seen.map((request) => request.body.events.length)).toEqual([200, 200, 50]);
    expect(signals.mostOpen()).toBe(1);
    expect(tracker.stats()).toMatchObject({ tracked: 450, sent: 450, accepted: 450, queued: 0, inFlight: 0 });
  });

  it('keeps every body within 512 KiB of bytes, not of characters', async () => {
    const { signals, tracker } = setUp();
    // 500,000 characters, 1,500,000 bytes.
    for (let index = 0; index < 100; index += 1)
      tracker.track('message_sent', { properties: { text: '€'.repeat(5_000) } });
    await afterStorms();
    expect(tracker.stats().accepted).toBe(100);
    expect(signals.seen).toHaveLength(3);
    for (const request of signals.seen) expect(request.bytes).toBeLessThanOrEqual(524_288);
    // There was no room for one more.
    for (const request of signals.seen.slice(0, -1)) expect(request.bytes).toBeGreaterThan(524_288 - 16_000);
  });

  it('flush resolves when what was tracked before it is done with, later events or not', async () => {
    const { tracker } = setUp();
    trackMany(tracker, 3);
    const flushed = tracker.flush();
    const accepted = flushed.then(() => tracker.stats().accepted);
    await vi.advanceTimersByTimeAsync(0);
    tracker.track('message_sent');
    expect(await accepted).toBe(3);
    expect(tracker.stats().queued).toBe(1);
  });

  it('flush and close with nothing to do resolve at once', async () => {
    const { tracker } = setUp();
    await passing(tracker.flush());
    await passing(tracker.close());
    expect(tracker.stats()).toEqual({
      tracked: 0,
      sent: 0,
      accepted: 0,
      duplicates: 0,
      dropped: {},
      queued: 0,
      inFlight: 0,
    });
  });
});

describe('failures', () => {
  const transient: [string, Behaviour][] = [
    ['a network error', { kind: 'network-error' }],
    ['a fetch that throws', { kind: 'throw-at-once' }],
    ['a hung endpoint', { kind: 'hang' }],
    ...[408, 425, 429, 500, 502, 503, 504].map((status): [string, Behaviour] => [
      `a ${status}`,
      { kind: 'status', status },
    ]),
    ['a portal that answers 202 with a page', { kind: 'garbage', text: '<html>' }],
    ['an answer with too few results', { kind: 'garbage', text: '{"results":[]}' }],
  ];
  it.each(transient)('%s is tried again with the same ids', async (_, behaviour) => {
    const { signals, tracker } = setUp([behaviour]);
    trackMany(tracker, 3);
    await afterStorms();
    expect(tracker.stats()).toMatchObject({ tracked: 3, sent: 6, accepted: 3, dropped: {} });
    expect(signals.seen[1]?.body.events).toEqual(signals.seen[0]?.body.events);
  });

  it.each(transient)('%s that lasts is given up after maxAttempts, and counted', async (_, behaviour) => {
    const { signals, tracker, problems } = setUp(Array<Behaviour>(20).fill(behaviour), { maxAttempts: 3 });
    trackMany(tracker, 2);
    await afterStorms();
    const dropped = Object.values(tracker.stats().dropped);
    expect(dropped).toEqual([2]);
    expect(signals.seen).toHaveLength(3);
    expect(problems.map(({ count, willRetry }) => ({ count, willRetry }))).toEqual([
      { count: 2, willRetry: true },
      { count: 2, willRetry: true },
      { count: 2, willRetry: false },
    ]);
  });

  it.each([401, 403, 404, 405, 409, 415, 301])('a %i is final', async (status) => {
    const { signals, tracker } = setUp([{ kind: 'status', status }]);
    trackMany(tracker, 2);
    await afterStorms();
    expect(signals.seen).toHaveLength(1);
    expect(tracker.stats().dropped).toEqual({ NOT_IN_THE_TABLE: 2 });
  });

  it('names a refusal by the server’s own code', async () => {
    const { tracker } = setUp([{ kind: 'status', status: 401, code: 'UNAUTHENTICATED' }]);
    tracker.track('message_sent');
    await passing(tracker.close());
    expect(tracker.stats().dropped).toEqual({ UNAUTHENTICATED: 1 });
  });

  it('a lost answer makes a duplicate, never a second event', async () => {
    const { signals, tracker } = setUp([{ kind: 'store-and-lose-the-answer' }]);
    trackMany(tracker, 4);
    await afterStorms();
    expect(tracker.stats()).toMatchObject({ accepted: 0, duplicates: 4, dropped: {} });
    expect(signals.stored.size).toBe(4);
  });

  it('a 413 halves the batch until it fits, without using up attempts', async () => {
    const tooLarge: Behaviour = { kind: 'status', status: 413 };
    const { signals, tracker } = setUp([tooLarge, tooLarge], { flushAt: 8, maxAttempts: 1 });
    trackMany(tracker, 8);
    await afterStorms();
    expect(signals.seen.map((request) => request.body.events.length)).toEqual([8, 4, 2, 4, 2]);
    expect(tracker.stats()).toMatchObject({ accepted: 8, dropped: {} });
  });

  it.each([400, 422])('a %i costs only the event that brought it, found by halving', async (status) => {
    const poisoned = createFakeSignals();
    const { tracker } = setUp([], {
      fetch: async (url, request) =>
        request.body.includes('"poison"')
          ? { status, headers: { get: () => null }, text: async () => '{}' }
          : poisoned.fetch(url, request),
    });
    trackMany(tracker, 20);
    tracker.track('message_sent', { properties: { text: 'poison' } });
    trackMany(tracker, 20);
    await afterStorms();
    expect(tracker.stats()).toMatchObject({ accepted: 40, dropped: { [`http_${status}`]: 1 } });
  });

  it('a single event refused as too large is dropped with the reason', async () => {
    const tooLarge: Behaviour = { kind: 'status', status: 413, code: 'REQUEST_ENTITY_TOO_LARGE' };
    const { tracker } = setUp([tooLarge, tooLarge]);
    trackMany(tracker, 2);
    await afterStorms();
    expect(tracker.stats()).toMatchObject({ accepted: 1, dropped: { REQUEST_ENTITY_TOO_LARGE: 1 } });
  });

  it('sends again only the events that the server could not take for the moment', async () => {
    const { signals, tracker } = setUp([
      {
        kind: 'mixed',
        verdicts: [
          { status: 'ACCEPTED', reason: null, retryAfterMs: null },
          { status: 'DROPPED', reason: 'OVERLOADED', retryAfterMs: 4_000 },
          { status: 'REJECTED', reason: 'PII_KEY', retryAfterMs: null },
          { status: 'DUPLICATE', reason: null, retryAfterMs: null },
        ],
      },
    ]);
    trackMany(tracker, 8);
    await vi.advanceTimersByTimeAsync(1_000 + 3_999);
    expect(signals.seen).toHaveLength(1);
    expect(tracker.stats()).toMatchObject({ accepted: 2, duplicates: 2, dropped: { PII_KEY: 2 }, queued: 2 });
    await vi.advanceTimersByTimeAsync(1);
    expect(signals.seen[1]?.body.events).toEqual([
      signals.seen[0]?.body.events[1],
      signals.seen[0]?.body.events[5],
    ]);
    expect(tracker.stats()).toMatchObject({ accepted: 4, queued: 0 });
  });

  it.each([
    ['seconds', '7'],
    ['a date', 'Sun, 01 Mar 2026 12:00:08 GMT'],
  ])('waits as long as Retry-After says in %s', async (_, retryAfter) => {
    const { signals, tracker } = setUp([{ kind: 'status', status: 429, retryAfter }]);
    tracker.track('message_sent');
    await vi.advanceTimersByTimeAsync(1_000 + 6_999);
    expect(signals.seen).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(signals.seen).toHaveLength(2);
  });

  it('backs off by twice as much after every failure in a row, also for new events', async () => {
    const { signals, tracker } = setUp(Array<Behaviour>(4).fill({ kind: 'network-error' }), {
      maxAttempts: 9,
    });
    const sentAt: number[] = [];
    tracker.track('message_sent');
    for (let ms = 0; ms < 8_000; ms += 50) {
      await vi.advanceTimersByTimeAsync(50);
      tracker.track('message_sent');
      while (sentAt.length < signals.seen.length) sentAt.push(ms + 50);
    }
    // Half of 500, 1,000, 2,000 and 4,000 ms, because random() is 0.5 here.
    const waits = sentAt.slice(1, 5).map((at, index) => at - (sentAt[index] ?? 0));
    expect(waits).toEqual([250, 500, 1_000, 2_000]);
  });

  it.each<[string, TrackerOptions['token']]>([
    [
      'throws',
      () => {
        throw new Error('vault sealed');
      },
    ],
    ['rejects', () => Promise.reject(new Error('vault sealed'))],
    ['answers nothing', () => ''],
  ])('a token source that %s is retried, then counted', async (_, token) => {
    const { signals, tracker } = setUp([], { token, maxAttempts: 2 });
    tracker.track('message_sent');
    await afterStorms();
    expect(signals.seen).toHaveLength(0);
    expect(tracker.stats().dropped).toEqual({ no_token: 1 });
  });

  it('a token source that hangs is given up after timeoutMs', async () => {
    const { tracker } = setUp([], {
      token: () => new Promise<string>(() => {}),
      maxAttempts: 1,
      timeoutMs: 300,
    });
    tracker.track('message_sent');
    await vi.advanceTimersByTimeAsync(1_299);
    expect(tracker.stats().inFlight).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(tracker.stats()).toMatchObject({ inFlight: 0, dropped: { timeout: 1 } });
  });
});

describe('hostile callers', () => {
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  const throwing = {
    get length(): number {
      throw new Error('a getter that throws');
    },
  };
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  const hostile: [string, unknown, string][] = [
    ['a cycle', { properties: circular }, 'unserialisable'],
    ['a BigInt', { properties: { big: 1n } }, 'unserialisable'],
    ['a getter that throws', { properties: throwing }, 'unserialisable'],
    ['a revoked proxy', { properties: revoked.proxy }, 'unserialisable'],
    ['details that are a revoked proxy', revoked.proxy, 'unserialisable'],
    [
      'toJSON that throws',
      {
        properties: {
          toJSON: () => {
            throw new Error('no');
          },
        },
      },
      'unserialisable',
    ],
    ['a date that is none', { occurredAt: new Date('nonsense') }, 'unserialisable'],
    ['an occurredAt that is no date', { occurredAt: 'yesterday' }, 'unserialisable'],
    ['a route that is a number', { route: 7 }, 'unserialisable'],
    ['an entity id that is an object', { entity: { type: 'video', id: {} } }, 'unserialisable'],
    ['ten megabytes of text', { properties: { text: 'x'.repeat(10_000_000) } }, 'too_large'],
    ['an array of ten million holes', { properties: { holes: new Array(10_000_000) } }, 'too_large'],
  ];
  it.each(hostile)('%s is counted, not thrown', async (_, details, reason) => {
    const { signals, tracker } = setUp();
    const track: (type: string, details: unknown) => void = tracker.track as never;
    track('message_sent', details);
    expect(tracker.stats().dropped).toEqual({ [reason]: 1 });
    tracker.track('message_sent');
    await passing(tracker.close());
    expect(signals.seen[0]?.body.events).toHaveLength(1);
  });

  it('a property that is called length is one like any other', async () => {
    const { signals, tracker } = setUp();
    tracker.track('message_sent', { properties: { length: 20_000 } });
    await passing(tracker.close());
    expect(tracker.stats()).toMatchObject({ accepted: 1, dropped: {} });
    expect(signals.seen[0]?.body.events[0]?.properties).toEqual({ length: 20_000 });
  });

  it('an event type that is no text is counted', () => {
    const { tracker } = setUp();
    const track: (type: unknown) => void = tracker.track as never;
    track(Symbol('message_sent'));
    track(undefined);
    expect(tracker.stats().dropped).toEqual({ unserialisable: 2 });
  });

  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('in the handler');
      },
    ],
    ['rejects', () => Promise.reject(new Error('in the handler'))],
  ])('survives an onError that %s', async (_, onError) => {
    const { tracker } = setUp([{ kind: 'status', status: 400 }], { onError });
    tracker.track('message_sent');
    await afterStorms();
    tracker.track('message_sent');
    await afterStorms();
    expect(tracker.stats()).toMatchObject({ accepted: 1, dropped: { NOT_IN_THE_TABLE: 1 } });
  });

  it('tells onError which field breaks which rule', async () => {
    const pii = { status: 'REJECTED', reason: 'PII_VALUE', field: '/properties/note', rule: 'pii.email' };
    const text = JSON.stringify({ results: [pii, { ...pii, field: 'no pointer', rule: null }, pii] });
    const { tracker, problems } = setUp([{ kind: 'garbage', text }]);
    trackMany(tracker, 3);
    await passing(tracker.close());
    const problem = { reason: 'PII_VALUE', willRetry: false };
    expect(problems).toEqual([
      { ...problem, count: 2, field: '/properties/note', rule: 'pii.email' },
      { ...problem, count: 1 },
    ]);
  });

  it('tells onError of a burst once, after the stack of the caller', async () => {
    const { tracker, problems } = setUp([], { maxQueue: 10 });
    trackMany(tracker, 30);
    expect(problems).toEqual([]);
    await vi.advanceTimersByTimeAsync(0);
    expect(problems).toEqual([{ reason: 'queue_full', count: 20, willRetry: false }]);
  });

  it.each([
    ['endpoint', { endpoint: 'signals.example.org' }],
    ['endpoint', { endpoint: 'ftp://signals.example.org' }],
    ['endpoint', { endpoint: 'https://user:secret@signals.example.org' }],
    ['flushAt', { flushAt: 0 }],
    ['maxQueue', { maxQueue: 1.5 }],
    ['timeoutMs', { timeoutMs: 2 ** 31 }],
    ['maxAttempts', { maxAttempts: Number.NaN }],
  ])('says at once that %s cannot work', (name, options) => {
    expect(() => setUp([], options)).toThrow(new RegExp(name));
    expect(() => setUp([], options)).not.toThrow(/secret/);
  });
});

describe('a full queue', () => {
  it.each([
    ['drop-oldest', [3, 4, 5]],
    ['drop-newest', [1, 2, 3]],
  ] as const)('with %s keeps the right events', async (overflow, kept) => {
    const { signals, tracker } = setUp([], { maxQueue: 3, overflow });
    for (const length of [1, 2, 3, 4, 5]) tracker.track('message_sent', { properties: { length } });
    expect(tracker.stats()).toMatchObject({ queued: 3, dropped: { queue_full: 2 } });
    await passing(tracker.close());
    expect(signals.seen[0]?.body.events.map((event) => event.properties)).toEqual(
      kept.map((length) => ({ length })),
    );
  });

  it('counts what is in flight towards the bound', async () => {
    const { tracker } = setUp([{ kind: 'hang' }], { maxQueue: 4, flushAt: 3 });
    trackMany(tracker, 3);
    await vi.advanceTimersByTimeAsync(0);
    trackMany(tracker, 3);
    expect(tracker.stats()).toMatchObject({ queued: 1, inFlight: 3, dropped: { queue_full: 2 } });
  });

  it('lets a flush end whose events were pushed out', async () => {
    const { tracker } = setUp([{ kind: 'network-error' }], { maxQueue: 2, flushAt: 2, random: () => 0.999 });
    trackMany(tracker, 2);
    await vi.advanceTimersByTimeAsync(0);
    const flushed = tracker.flush();
    trackMany(tracker, 2);
    await flushed;
    expect(tracker.stats()).toMatchObject({ queued: 2, dropped: { queue_full: 2 } });
  });
});

describe('close', () => {
  it('sends what is queued and takes no more', async () => {
    const { tracker } = setUp();
    trackMany(tracker, 3);
    await passing(tracker.close());
    tracker.track('message_sent');
    expect(tracker.stats()).toMatchObject({ tracked: 4, accepted: 3, dropped: { closed: 1 } });
  });

  it('gives up at its deadline, counts what is left, and sends nothing afterwards', async () => {
    const { signals, tracker } = setUp([{ kind: 'hang' }], { timeoutMs: 60_000 });
    trackMany(tracker, 250);
    const closed = tracker.close({ timeoutMs: 2_000 });
    await vi.advanceTimersByTimeAsync(2_000);
    await closed;
    expect(tracker.stats()).toMatchObject({ queued: 0, inFlight: 0, dropped: { shutdown: 250 } });
    await afterStorms();
    expect(signals.seen).toHaveLength(1);
    expect(signals.open()).toBe(0);
    expect(tracker.stats()).toMatchObject({ accepted: 0, dropped: { shutdown: 250 } });
  });

  it('called twice is one closing', async () => {
    const { tracker } = setUp();
    expect(tracker.close()).toBe(tracker.close({ timeoutMs: 1 }));
  });

  it('leaves no timer behind', async () => {
    const { tracker } = setUp([{ kind: 'network-error' }]);
    trackMany(tracker, 3);
    const closed = tracker.close({ timeoutMs: 100 });
    await vi.advanceTimersByTimeAsync(100);
    await closed;
    expect(vi.getTimerCount()).toBe(0);
  });
});
