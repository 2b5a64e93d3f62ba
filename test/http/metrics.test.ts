import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trackReasonNames, trackRules } from '../../src/contract/index.js';
import { clientOf, type Sample, samples, sum, verdicts } from '../hostile/client.js';
import { openWorld, type World } from '../hostile/world.js';
import { bearer } from '../support/app.js';
import { freshId, noon, pageViewed, testCatalogue } from '../support/pipeline.js';
import { chrome } from '../support/user-agents.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

/** Received against settled, for every pair of app and event type that occurs. */
function balance(all: readonly Sample[]): [pair: string, received: number, settled: number][] {
  const events = all.filter(({ name }) => /^signals_events_(received_)?total$/.test(name));
  const pairs = [...new Set(events.map(({ labels }) => `${labels.app} ${labels.event_type}`))].sort();
  return pairs.map((pair) => {
    const [app = '', event_type = ''] = pair.split(' ');
    const labels = { app, event_type };
    return [
      pair,
      sum(all, 'signals_events_received_total', labels),
      sum(all, 'signals_events_total', labels),
    ];
  });
}

describe('the sum check', () => {
  it('received is accepted, duplicate, dropped, rejected or failed, by app and event type, after a mixed load', async () => {
    let away = false;
    const store = {
      ...world.store,
      store: {
        ...world.store.store,
        append: (events: Parameters<typeof world.store.store.append>[0]) =>
          away ? Promise.resolve(events.map(() => 'UNAVAILABLE' as const)) : world.store.store.append(events),
      },
    };
    const app = await world.start({
      store,
      env: { SIGNALS_RATE_LIMIT_PER_MINUTE: '150', SIGNALS_INTERNAL_USERS: 'sub:staff' },
    });
    const clients = await Promise.all(
      ['one', 'two', 'staff'].map(async (sub) => clientOf(app, await app.token(sub))),
    );
    const bot = clientOf(app, await app.token('bot'), { 'user-agent': 'Googlebot/2.1' });
    const optedOut = clientOf(app, await app.token('quiet'), { 'sec-gpc': '1' });
    const twice = pageViewed();
    const mixed = () => [
      pageViewed(),
      twice,
      pageViewed({ eventType: 'cta_clicked', properties: { ctaId: 'hero' } }),
      pageViewed({ eventType: 'cta_clicked' }),
      pageViewed({ eventType: 'cta_clicked', properties: { ctaId: 'hero', cut: 1 } }),
      pageViewed({ eventType: 'message_sent', appName: 'conversations', properties: { length: 3 } }),
      pageViewed({ properties: { email: 'x' } }),
      pageViewed({ seq: -1 }),
      pageViewed({ appName: 'nope' }),
      pageViewed({ eventType: 'nope' }),
      pageViewed({ eventType: 'heartbeat' }),
    ];
    let sent = 0;
    const outcomes: string[] = [];
    for (let round = 0; round < 8; round++) {
      for (const client of [...clients, bot, optedOut]) {
        away = round === 5;
        const events = mixed();
        sent += events.length;
        const { status, body } = await client.rest({ events });
        if (status === 503) outcomes.push(...events.map(() => 'failed'));
        else outcomes.push(...body.results.map((result) => result.status.toLowerCase()));
      }
    }
    away = false;
    const all = await samples(app);
    expect(sum(all, 'signals_events_received_total')).toBe(sent);
    for (const [pair, received, settled] of balance(all)) expect([pair, settled]).toEqual([pair, received]);
    expect(balance(all).length).toBeGreaterThan(5);
    // And they are the ones that the callers were told.
    for (const outcome of ['accepted', 'duplicate', 'dropped', 'rejected', 'failed']) {
      const told = outcomes.filter((one) => one === outcome).length;
      expect([outcome, sum(all, 'signals_events_total', { outcome })]).toEqual([outcome, told]);
      expect(told).toBeGreaterThan(0);
    }
    expect(sum(all, 'signals_events_total', { outcome: 'accepted' })).toBe(
      await world.store.prisma.event.count(),
    );
  });
});

type Row = readonly [name: string, run: () => Promise<void>];
const rows: readonly Row[] = [
  [
    '76. Redis is away: the limiter counts in memory, one warning, and requests go on',
    async () => {
      const app = await world.start({
        now: () => noon,
        env: { REDIS_URL: 'redis://127.0.0.1:1', SIGNALS_RATE_LIMIT_PER_MINUTE: '5' },
      });
      const client = clientOf(app, await app.token('user-1'));
      const said: string[] = [];
      for (let count = 0; count < 8; count++) said.push(await client.one(pageViewed()));
      expect(said).toEqual([...Array(5).fill('ACCEPTED'), ...Array(3).fill('DROPPED RATE_LIMITED')]);
      expect(app.logs().match(/redis is away/g)).toHaveLength(1);
      expect((await fetch(`${app.url}/readyz`)).status).toBe(200);
    },
  ],
  [
    '77. a caller over the limit is told when to come back, and nobody else is affected',
    async () => {
      const app = await world.start({ now: () => noon, env: { SIGNALS_RATE_LIMIT_PER_MINUTE: '4' } });
      const [one, two] = [clientOf(app, await app.token('one')), clientOf(app, await app.token('two'))];
      const batch = await one.batch(Array.from({ length: 6 }, () => pageViewed()));
      expect(verdicts(batch).slice(4)).toEqual(['DROPPED RATE_LIMITED', 'DROPPED RATE_LIMITED']);
      const wait = batch.results[5]?.retryAfterMs ?? 0;
      expect(wait).toBeGreaterThan(0);
      expect(wait).toBeLessThanOrEqual(60_000);
      expect(await two.one(pageViewed())).toBe('ACCEPTED');
      // Another address, browser or session of the same caller is still the same caller.
      const again = clientOf(app, await app.token('one'), {
        'user-agent': `${chrome} x`,
        'x-forwarded-for': '1.2.3.4',
      });
      expect(await again.one(pageViewed({ sessionId: freshId() }))).toBe('DROPPED RATE_LIMITED');
    },
  ],
  [
    '78. a thousand invented names, operations, paths and methods leave the label sets closed',
    async () => {
      const app = await world.start({ env: { SIGNALS_RATE_LIMIT_PER_MINUTE: '1000000' } });
      const client = clientOf(app, await app.token('user-1'));
      await client.batch([pageViewed(), pageViewed({ appName: 'nope' }), pageViewed({ eventType: 'nope' })]);
      await client.graphql('query A { __typename }');
      await fetch(`${app.url}/nowhere`);
      // Without Node's own: how its heap is collected is nobody's invention.
      const count = async () =>
        (await samples(app)).filter(({ name }) => !/^(nodejs|process)_/.test(name)).length;
      const before = await count();
      for (let start = 0; start < 1_000; start += 100) {
        const names = Array.from({ length: 100 }, (_, index) => `invented_${start + index}`);
        await client.batch(names.map((name) => pageViewed({ eventType: name })));
        await client.batch(names.map((name) => pageViewed({ appName: name })));
        for (const name of names.slice(0, 10)) {
          await client.graphql(`query ${name} { __typename }`, {}, { operationName: name });
          await fetch(`${app.url}/${name}?${name}`, { headers: bearer(name) });
          await client.one(pageViewed({ route: `/${name}`, appVersion: name, source: name }));
        }
      }
      // A scrape itself, and refused tokens, may bring a series that was not there: no more than that.
      expect((await count()) - before).toBeLessThan(10);
      expect(JSON.stringify(await samples(app))).not.toContain('invented');
    },
  ],
];
it.each(rows)('%s', (_name, run) => run());

it('labels hold words of the catalogue, of the closed lists, and nothing else', async () => {
  const app = await world.start();
  const client = clientOf(app, await app.token('user-1'));
  await client.batch([pageViewed(), pageViewed({ appName: 'alice@example.org' }), pageViewed({ seq: -1 })]);
  const catalogue = testCatalogue();
  const allowed: Readonly<Record<string, readonly string[]>> = {
    app: [...catalogue.apps.keys(), 'unknown'],
    event_type: [...catalogue.eventTypes.keys(), 'unknown'],
    outcome: ['accepted', 'duplicate', 'dropped', 'rejected', 'failed'],
    reason: [...trackReasonNames, ''],
    rule: [...Object.keys(trackRules), ''],
    route: ['graphql', 'events', 'livez', 'readyz', 'metrics', 'other'],
    status: ['2xx', '4xx', '5xx'],
    what: ['address', 'user_agent'],
  };
  const ours = (await samples(app)).filter(({ name }) =>
    /^signals_(events|http|origin|properties)/.test(name),
  );
  expect(ours.length).toBeGreaterThan(5);
  for (const { name, labels } of ours) {
    for (const [label, value] of Object.entries(labels)) {
      expect([name, label, allowed[label]?.includes(value)]).toEqual([name, label, true]);
    }
  }
});
