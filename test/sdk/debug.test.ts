import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client/core';
import { Client, fetchExchange } from '@urql/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { HttpFetch } from '../../src/client/transport.js';
import { errorCodes, trackReasons, trackRules } from '../../src/contract/index.js';
import { createTracker as createNodeTracker } from '../../src/node-client/index.js';
import { apolloTransport } from '../../src/sdk/apollo.js';
import { type DebugConsole, type DebugRow, debugFetch } from '../../src/sdk/debug/index.js';
import type { TrackerOptions } from '../../src/sdk/options.js';
import { createTracker } from '../../src/sdk/tracker.js';
import { urqlTransport } from '../../src/sdk/urql.js';
import { startGateway } from './adapters/gateway.js';
import { type Behaviour, createFakeGateway, type Verdict } from './fake-gateway.js';
import { createFakePage } from './fake-page.js';

interface Group {
  readonly title: string;
  readonly collapsed: boolean;
  readonly rows: DebugRow[];
  ended: boolean;
}

function createFakeConsole() {
  const groups: Group[] = [];
  const open = (collapsed: boolean) => (title: string) =>
    void groups.push({ title, collapsed, rows: [], ended: false });
  const to: DebugConsole = {
    group: open(false),
    groupCollapsed: open(true),
    table: (rows) => void groups.at(-1)?.rows.push(...rows),
    groupEnd() {
      const last = groups.at(-1);
      if (last) last.ended = true;
    },
  };
  return { groups, to, rows: () => groups.flatMap(({ rows }) => rows) };
}

const afterIdle = () => vi.advanceTimersByTimeAsync(2_001);

const options = {
  endpoint: '/graphql',
  appName: 'web',
  user: { id: 1 },
  consent: 'granted',
  maxAttempts: 1,
} as const;

/** A tracker whose requests are printed, on a page, with a gateway that does as planned. */
function setUp(plan: readonly Behaviour[], more: Partial<TrackerOptions> = {}) {
  const gateway = createFakeGateway({ plan });
  const printed = createFakeConsole();
  const page = createFakePage({ fetch: () => Promise.reject(new Error('not used')) });
  const all = { ...options, ...more, fetch: debugFetch(gateway.fetch, printed.to) };
  return { gateway, page, ...printed, tracker: createTracker(all, page.platform) };
}

const mixed = (...verdicts: readonly (Verdict & { field?: string; rule?: string })[]): Behaviour => ({
  kind: 'mixed',
  verdicts,
});

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe.each(['graphql', 'rest'] as const)('what is printed over %s', (api) => {
  it('is one line for each event, with field, value and rule of a refusal in plain words', async () => {
    const refused = {
      status: 'REJECTED',
      reason: 'INVALID_PROPERTIES',
      field: '/properties/language',
      rule: 'pattern',
    } as const;
    const { tracker, groups } = setUp([mixed({ status: 'ACCEPTED' }, refused)], { api });
    tracker.track('opened');
    tracker.track('picked', { properties: { language: 'german' } });
    await afterIdle();
    expect(groups).toEqual([
      {
        title: 'signals: 1 ACCEPTED, 1 REJECTED',
        collapsed: false,
        ended: true,
        rows: [
          { event: 'opened', status: 'ACCEPTED' },
          {
            event: 'picked',
            ...refused,
            value: 'german',
            meaning: `${trackReasons.INVALID_PROPERTIES.meaning} ${trackRules.pattern}`,
          },
        ],
      },
    ]);
  });

  it('is a closed group where all is stored', async () => {
    const { tracker, groups } = setUp([mixed({ status: 'ACCEPTED' }, { status: 'DUPLICATE' })], { api });
    tracker.track('opened');
    tracker.track('opened');
    await afterIdle();
    expect(groups).toMatchObject([
      { title: 'signals: 1 ACCEPTED, 1 DUPLICATE', collapsed: true, ended: true },
    ]);
    expect(groups[0]?.rows).toEqual([
      { event: 'opened', status: 'ACCEPTED' },
      { event: 'opened', status: 'DUPLICATE' },
    ]);
  });

  it('says of a refusal of the whole request what it means', async () => {
    const text = JSON.stringify(
      api === 'rest'
        ? { error: { code: 'UNAUTHENTICATED', message: 'Who is it?' } }
        : { errors: [{ message: 'Who is it?', extensions: { code: 'UNAUTHENTICATED' } }], data: null },
    );
    const { tracker, rows } = setUp([{ kind: 'garbage', text }], { api });
    tracker.track('opened');
    await afterIdle();
    expect(rows()).toEqual([
      {
        event: 'opened',
        status: 'HTTP 200, no verdicts',
        reason: 'UNAUTHENTICATED',
        meaning: `Who is it? ${errorCodes.UNAUTHENTICATED.meaning}`,
      },
    ]);
  });
});

describe('what is printed', () => {
  it('tells of an event that was stored without what is not declared, though onError does not', async () => {
    const onError = vi.fn();
    const cut = { status: 'ACCEPTED', field: '/properties/extra', rule: 'unknown' } as const;
    const text = JSON.stringify({ data: { trackEvents: { results: [{ ...cut, reason: null }] } } });
    const { tracker, groups } = setUp([{ kind: 'garbage', text }], { onError });
    tracker.track('opened', { properties: { extra: [1] } });
    await afterIdle();
    expect(groups).toMatchObject([{ title: 'signals: 1 ACCEPTED', collapsed: false }]);
    expect(groups[0]?.rows).toEqual([
      { event: 'opened', ...cut, value: [1], meaning: expect.stringContaining(trackRules.unknown) },
    ]);
    expect(onError).not.toHaveBeenCalled();
  });

  it('has the wait, and names that no table has', async () => {
    const odd = { status: 'DROPPED', reason: 'constructor', rule: 'toString', retryAfterMs: 5 } as const;
    const text = JSON.stringify({ data: { trackEvents: { results: [odd] } } });
    const { tracker, rows } = setUp([{ kind: 'garbage', text }]);
    tracker.track('opened');
    await afterIdle();
    expect(rows()).toEqual([{ event: 'opened', ...odd }]);
  });

  it.each<[string, string, unknown]>([
    ['/properties/a~1b~0c/1', 'two', ['one', 'two']],
    ['/properties/toString', undefined as never, 1],
    ['/entityId', undefined as never, 1],
    ['/eventType/length', undefined as never, 1],
  ])('has what was sent at %s', async (field, value, sent) => {
    const refused = { status: 'REJECTED', reason: 'PII_VALUE', field, rule: 'pii.email' } as const;
    const text = JSON.stringify({ data: { trackEvents: { results: [refused] } } });
    const { tracker, rows } = setUp([{ kind: 'garbage', text }]);
    tracker.track('opened', { properties: { 'a/b~c': sent } as never });
    await afterIdle();
    expect(rows()[0]?.value).toEqual(value);
  });

  it.each<[string, Behaviour, string]>([
    ['the network fails', { kind: 'network-error' }, 'TypeError: Failed to fetch'],
    ['fetch throws', { kind: 'throw-at-once' }, 'TypeError: no such host'],
  ])('has the events that got no answer because %s', async (_, behaviour, reason) => {
    const { tracker, groups } = setUp([behaviour]);
    tracker.track('opened');
    tracker.track('closed');
    await afterIdle();
    expect(groups).toMatchObject([{ title: 'signals: 2 no answer', collapsed: false, ended: true }]);
    expect(groups[0]?.rows).toEqual([
      { event: 'opened', status: 'no answer', reason },
      { event: 'closed', status: 'no answer', reason },
    ]);
    expect(tracker.stats()).toMatchObject({ dropped: { network: 2 } });
  });

  it('has the events of a request that was given up, once, also where fetch never settles', async () => {
    for (const fetch of [
      createFakeGateway({ otherwise: { kind: 'hang' } }).fetch,
      () => new Promise(() => {}),
    ]) {
      const { to, groups } = createFakeConsole();
      const page = createFakePage({ fetch: () => Promise.reject(new Error('not used')) });
      const tracker = createTracker({ ...options, fetch: debugFetch(fetch as HttpFetch, to) }, page.platform);
      tracker.track('opened');
      await vi.advanceTimersByTimeAsync(60_000);
      expect(groups).toHaveLength(1);
      expect(groups[0]?.rows).toMatchObject([{ event: 'opened', status: 'no answer' }]);
      expect(groups[0]?.rows[0]?.reason).toMatch(/given up/);
      expect(tracker.stats()).toMatchObject({ dropped: { timeout: 1 } });
    }
  });

  it('is an answer once, though the tracker aborts after each', async () => {
    const { tracker, groups } = setUp([]);
    tracker.track('opened');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(groups).toHaveLength(1);
  });

  it('goes to the console of the page, through the fetch of the page, as they are then', async () => {
    const gateway = createFakeGateway();
    const fetch = debugFetch();
    const group = vi.spyOn(console, 'groupCollapsed').mockImplementation(() => {});
    const table = vi.spyOn(console, 'table').mockImplementation(() => {});
    vi.stubGlobal('fetch', gateway.fetch);
    const tracker = createTracker({ ...options, fetch }, createFakePage({ fetch }).platform);
    tracker.track('opened');
    await afterIdle();
    expect(group).toHaveBeenCalledWith('signals: 1 ACCEPTED');
    expect(table).toHaveBeenCalledWith([{ event: 'opened', status: 'ACCEPTED' }]);
    expect(gateway.stored.size).toBe(1);
    group.mockRestore();
    table.mockRestore();
  });
});

describe('the tracker', () => {
  const plans: readonly (readonly [string, Behaviour])[] = [
    ['an answer', { kind: 'store' }],
    ['a status with a wait', { kind: 'status', status: 503, retryAfter: '7' }],
    ['no JSON', { kind: 'garbage', text: '<h1>' }],
    ['an answer of another length', { kind: 'garbage', text: '{"results":[1,2,3]}' }],
    ['odd verdicts', { kind: 'garbage', text: '{"data":{"trackEvents":{"results":[null]}}}' }],
    ['odd errors', { kind: 'garbage', text: '{"errors":[null],"data":null}' }],
    ['a network error', { kind: 'network-error' }],
    ['a throw', { kind: 'throw-at-once' }],
  ];

  it.each(plans)(
    'sees and does the same at the same time with %s, whatever the console does',
    async (_, one) => {
      const broken = () => {
        throw new Error('a console that throws');
      };
      const consoles: readonly DebugConsole[] = [
        createFakeConsole().to,
        { group: broken, groupCollapsed: broken, table: broken, groupEnd: broken },
      ];
      const run = async (wrap: (fetch: HttpFetch) => HttpFetch) => {
        vi.setSystemTime(0);
        const gateway = createFakeGateway({ plan: [one], latencyMs: 10 });
        const page = createFakePage({ fetch: wrap(gateway.fetch) });
        const problems: unknown[] = [];
        const onError = (problem: unknown) => problems.push([Date.now(), problem]);
        const tracker = createTracker({ ...options, maxAttempts: 5, onError }, page.platform);
        tracker.track('opened');
        const stats: unknown[] = [];
        for (let turn = 0; turn < 1_000; turn += 1) {
          await vi.advanceTimersByTimeAsync(10);
          stats.push(tracker.stats());
        }
        const sent = gateway.seen.map(({ request: { signal: _signal, body: _body, ...rest } }) => rest);
        return { stats, problems, sent };
      };
      const plain = await run((fetch) => fetch);
      for (const to of consoles) expect(await run((fetch) => debugFetch(fetch, to))).toEqual(plain);
    },
  );

  it('has fetch called on its own stack, at the end of a page', () => {
    const { tracker, page, gateway } = setUp([]);
    tracker.track('opened');
    page.leave({ persisted: false });
    expect(gateway.seen).toHaveLength(1);
  });

  it('may be one for Node', async () => {
    const { to, rows } = createFakeConsole();
    const gateway = createFakeGateway();
    const tracker = createNodeTracker({
      endpoint: 'https://signals.example.org',
      token: 't',
      appName: 'ide',
      fetch: debugFetch(gateway.fetch, to),
    });
    tracker.track('pr_test');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(rows()).toEqual([{ event: 'pr_test', status: 'ACCEPTED' }]);
    expect(tracker.stats()).toMatchObject({ accepted: 1 });
  });

  it('may be given a request that is none of its own: nothing is printed', async () => {
    const { to, groups } = createFakeConsole();
    const answer = { status: 200, headers: { get: () => null }, text: async () => 'hello' };
    const fetch = debugFetch(async () => answer, to);
    const got = await fetch('/other', { body: 'no JSON' } as never);
    expect(await got.text()).toBe('hello');
    await vi.advanceTimersByTimeAsync(0);
    expect(groups).toEqual([]);
  });
});

describe('around a client', () => {
  const clients: readonly (readonly [string, (url: string) => HttpFetch])[] = [
    [
      'Apollo Client',
      (uri) => apolloTransport(new ApolloClient({ cache: new InMemoryCache(), link: new HttpLink({ uri }) })),
    ],
    ['urql', (url) => urqlTransport(new Client({ url, exchanges: [fetchExchange], preferGetMethod: false }))],
  ];

  it.each(clients)('%s prints its verdicts and its failures', async (_, transportOf) => {
    vi.useRealTimers();
    const gateway = await startGateway();
    const { to, rows } = createFakeConsole();
    const fetch = debugFetch(transportOf(gateway.url), to);
    const page = createFakePage({ fetch });
    const tracker = createTracker({ ...options, flushAt: 1 }, page.platform);
    tracker.track('opened', { route: 'nowhere' });
    const refused = { status: 'REJECTED', reason: 'INVALID_ROUTE', retryAfterMs: null };
    (await gateway.next('TrackEvents')).answer({
      data: { trackEvents: { results: [{ ...refused, field: '/route', rule: 'path' }] } },
    });
    await tracker.flush();
    tracker.track('closed');
    (await gateway.next('TrackEvents')).answer({ errors: [{ message: 'Away.' }] }, 503);
    await tracker.close();
    await gateway.close();
    expect(rows()).toMatchObject([
      { event: 'opened', status: 'REJECTED', field: '/route', value: 'nowhere', rule: 'path' },
      { event: 'closed', status: 'HTTP 503, no verdicts', meaning: 'Away.' },
    ]);
    expect(tracker.stats()).toMatchObject({ dropped: { INVALID_ROUTE: 1, http_503: 1 } });
  });
});
