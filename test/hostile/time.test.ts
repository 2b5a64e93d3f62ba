import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { runNamedJob } from '../../src/app/jobs.js';
import type { TestApp } from '../support/app.js';
import { freshId, noon, pageViewed } from '../support/pipeline.js';
import { clientOf, metric, verdicts } from './client.js';
import { openWorld, type World } from './world.js';

const day = 86_400_000;
let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

type Row = readonly [name: string, run: () => Promise<void>];
const hex = (hash: Uint8Array | null | undefined) => (hash ? Buffer.from(hash).toString('hex') : null);
const secret = { SIGNALS_SALT_SECRET: 'the salt secret of the tests of time and salt' };

/** An app with a clock to set, and the visitor and session hash of an event that comes in at an instant. */
async function clocked(env: Record<string, string> = {}) {
  const time = { now: noon };
  const app = await world.start({ now: () => time.now, env: { ...secret, ...env } });
  const sessionId = freshId();
  const at = async (instant: string) => {
    time.now = new Date(instant);
    const event = pageViewed({ sessionId });
    expect(await clientOf(app, await app.token('user-1')).one(event)).toBe('ACCEPTED');
    const [row] = await world.stored(event.clientEventId ?? '');
    expect(row?.createdAt).toEqual(time.now);
    return `${hex(row?.userHash)} ${hex(row?.sessionHash)}`;
  };
  return { app, time, at };
}

const rows: readonly Row[] = [
  [
    '59. the last millisecond of a day and the first of the next have different salts',
    async () => {
      const { at } = await clocked();
      const last = await at('2026-11-20T23:59:59.999Z');
      const first = await at('2026-11-21T00:00:00.000Z');
      expect(await at('2026-11-20T00:00:00.000Z')).toBe(last);
      const [visitors, sessions] = [0, 1].map((part) => [last.split(' ')[part], first.split(' ')[part]]);
      expect(new Set(visitors).size).toBe(2);
      expect(new Set(sessions).size).toBe(2);
    },
  ],
  [
    '59. one request takes its day and createdAt from one instant, though midnight passes meanwhile',
    async () => {
      const { at } = await clocked();
      const today = await at('2026-11-20T23:00:00.000Z');
      const tomorrow = await at('2026-11-21T01:00:00.000Z');
      // Every look at this clock is a millisecond later; only the first one is before midnight.
      let looks = 0;
      const start = Date.parse('2026-11-20T23:59:59.999Z');
      let ticking = false;
      const app = await world.start({
        now: () => new Date(ticking ? start + looks++ : start),
        env: secret,
      });
      const client = clientOf(app, await app.token('user-1'));
      ticking = true;
      const events = [pageViewed(), pageViewed(), pageViewed()];
      await client.batch(events);
      expect(looks).toBeGreaterThan(1);
      const stored = await world.stored(...events.map((event) => event.clientEventId ?? ''));
      expect(new Set(stored.map((row) => row.createdAt.toISOString())).size).toBe(1);
      const of = stored[0]?.createdAt.toISOString().startsWith('2026-11-20') ? today : tomorrow;
      for (const row of stored) expect(hex(row.userHash)).toBe(of.split(' ')[0]);
    },
  ],
  [
    '60. a clock that goes back over midnight finds the salt of its day again',
    async () => {
      const { at } = await clocked();
      const before = await at('2026-11-20T23:59:59.500Z');
      await at('2026-11-21T00:00:00.100Z');
      expect(await at('2026-11-20T23:59:59.900Z')).toBe(before);
    },
  ],
  [
    '60. days of 23 and 25 hours are one day each, and UTC knows neither',
    async () => {
      const berlin = await clocked({ SIGNALS_DAY_ZONE: 'Europe/Berlin' });
      for (const [start, end, next] of [
        ['2026-03-28T23:00:00Z', '2026-03-29T21:59:59Z', '2026-03-29T22:00:00Z'],
        ['2026-10-24T22:00:00Z', '2026-10-25T22:59:59Z', '2026-10-25T23:00:00Z'],
      ] as const) {
        const first = await berlin.at(start);
        expect(await berlin.at(end)).toBe(first);
        expect(await berlin.at(next)).not.toBe(first);
      }
      const utc = await clocked();
      expect(await utc.at('2026-03-29T00:30:00Z')).toBe(await utc.at('2026-03-29T23:30:00Z'));
    },
  ],
  [
    '60. a leap second is that event’s own verdict',
    async () => {
      const { app } = await clocked();
      const events = [pageViewed({ occurredAt: '2016-12-31T23:59:60Z' }), pageViewed()];
      const said = verdicts(await clientOf(app, await app.token('user-1')).batch(events));
      expect(said).toEqual(['REJECTED INVALID_TIMESTAMP', 'ACCEPTED']);
    },
  ],
  [
    '61. two replicas two seconds apart at midnight: two salts at the most, and still one row for one event',
    async () => {
      const [slow, fast] = await Promise.all(
        ['2026-11-20T23:59:59Z', '2026-11-21T00:00:01Z'].map((at) =>
          world.start({ now: () => new Date(at), env: secret }),
        ),
      );
      if (!slow || !fast) throw new Error('not started');
      const clients = await Promise.all(
        [slow, fast].map(async (app) => clientOf(app, await app.token('user-1'))),
      );
      const events = Array.from({ length: 10 }, () => pageViewed());
      for (const [index, event] of events.entries()) await clients[index % 2]?.one(event);
      for (const event of events)
        for (const client of clients) expect(await client.one(event)).toBe('DUPLICATE');
      const stored = await world.stored(...events.map((event) => event.clientEventId ?? ''));
      expect(stored).toHaveLength(10);
      expect(new Set(stored.map((row) => hex(row.userHash))).size).toBe(2);
    },
  ],
  [
    '62. the kill switch: another secret in the file, and nobody can be linked any more, without a restart',
    async () => {
      const file = join(world.folder, 'salt-secret');
      const secrets = [
        'the first salt secret, long enough for tests',
        'the second salt secret, as long as it takes',
      ];
      writeFileSync(file, `${secrets[0]}\n`);
      const app = await world.start({ now: () => noon, env: { SIGNALS_SALT_SECRET_FILE: file } });
      const client = clientOf(app, await app.token('user-1'));
      const sessionId = freshId();
      const send = async () => {
        const events = Array.from({ length: 20 }, () => pageViewed({ sessionId }));
        expect(await client.batch(events)).toMatchObject({ accepted: 20 });
        const stored = await world.stored(...events.map((event) => event.clientEventId ?? ''));
        return [
          new Set(stored.map((row) => hex(row.userHash))),
          new Set(stored.map((row) => hex(row.sessionHash))),
        ];
      };
      const before = await send();
      expect(await metric(app, 'signals_salt_generation')).toBe(1);
      writeFileSync(file, `${secrets[1]}\n`);
      await vi.waitFor(async () => expect(await metric(app, 'signals_salt_generation')).toBe(2), {
        timeout: 10_000,
        interval: 100,
      });
      const after = await send();
      // One secret within a call, and no hash of the old one afterwards.
      expect([...before, ...after].map((set) => set.size)).toEqual([1, 1, 1, 1]);
      expect([...(after[0] ?? [])]).not.toEqual([...(before[0] ?? [])]);
      expect([...(after[1] ?? [])]).not.toEqual([...(before[1] ?? [])]);
      for (const text of secrets) expect(app.logs()).not.toContain(text);
      expect(app.logs()).toContain('secret changed');
    },
  ],
  [
    '62. a secret file that holds nothing usable: nothing is hashed with the old one, and readiness says why',
    async () => {
      const file = join(world.folder, 'salt-secret-2');
      writeFileSync(file, 'a salt secret that is about to be taken away');
      const app = await world.start({ env: { SIGNALS_SALT_SECRET_FILE: file } });
      const client = clientOf(app, await app.token('user-1'));
      expect(await client.one(pageViewed())).toBe('ACCEPTED');
      writeFileSync(file, 'short');
      await vi.waitFor(async () => expect((await fetch(`${app.url}/readyz`)).status).toBe(503), {
        timeout: 10_000,
        interval: 100,
      });
      expect(await (await fetch(`${app.url}/readyz`)).json()).toMatchObject({
        reason: 'salt_secret_unusable',
      });
      const event = pageViewed();
      const refused = await client.rest({ events: [event] });
      expect([refused.status, refused.body.error.code]).toEqual([503, 'SERVICE_UNAVAILABLE']);
      expect(await world.stored(event.clientEventId ?? '')).toEqual([]);
      writeFileSync(file, 'another salt secret that can be used again');
      await vi.waitFor(async () => expect((await fetch(`${app.url}/readyz`)).status).toBe(200), {
        timeout: 10_000,
        interval: 100,
      });
      expect(await client.one(event)).toBe('ACCEPTED');
    },
  ],
  [
    '63. a salt secret that is missing in production, short, a placeholder or an unreadable file: no start, no value shown',
    async () => {
      for (const [env, value] of [
        [{ NODE_ENV: 'production' }, 'nothing'],
        [{ SIGNALS_SALT_SECRET: 'far-too-short' }, 'far-too-short'],
        [{ SIGNALS_SALT_SECRET: 'change-me-change-me-change-me-change-me' }, 'change-me'],
        [{ SIGNALS_SALT_SECRET_FILE: join(world.folder, 'no-such-file') }, 'no-such-file'],
      ] as const) {
        const message = await world.start({ env }).then(
          () => 'started',
          (error: Error) => error.message,
        );
        expect(message).toContain('SIGNALS_SALT_SECRET');
        expect(message).not.toContain(value);
      }
    },
  ],
];

/** A world with events of every tenth day back, and an app that keeps them long enough to have them imported. */
async function withHistory(): Promise<{ own: World; app: TestApp; ages: () => Promise<number[]> }> {
  const own = await openWorld();
  const now = new Date();
  const app = await own.start({ now: () => now, env: { SIGNALS_RETENTION_DAYS: '3650' } });
  const events = Array.from({ length: 40 }, (_, index) =>
    pageViewed({ occurredAt: new Date(now.getTime() - index * 10 * day).toISOString() }),
  );
  const importer = clientOf(app, await app.token('importer', 'backfill'));
  expect(await importer.batch(events)).toMatchObject({ accepted: 40 });
  const ages = async () => {
    const stored = await own.store.prisma.event.findMany({ orderBy: { createdAt: 'desc' } });
    return stored.map((row) => Math.round((now.getTime() - row.createdAt.getTime()) / day));
  };
  return { own, app, ages };
}

const expected = (from: number, to: number) =>
  Array.from({ length: 40 }, (_, index) => index * 10).filter((age) => age >= from && age <= to);

const purges: readonly Row[] = [
  [
    '64. the purge, twice and on two replicas at once: one runs at a time, and nothing younger goes',
    async () => {
      const { own, app, ages } = await withHistory();
      const parts = { ...app.app.jobs.parts, retentionDays: 180 };
      const run = () => runNamedJob('purge', parts);
      const outcomes = await Promise.all([run(), run()]);
      const deleted = outcomes.map((one) => ('report' in one ? Number(one.report.events) : 0));
      expect(deleted.reduce((sum, count) => sum + count, 0)).toBe(expected(180, 390).length);
      // 180 days are kept, today among them: what is 180 days old is of a day that is over.
      expect(await ages()).toEqual(expected(0, 179));
      expect(await run()).toMatchObject({ outcome: 'done', report: { events: 0 } });
      expect(await ages()).toEqual(expected(0, 179));
      await own.close();
    },
  ],
  [
    '64. the purge with a clock of 1970 or 2099: refused, nothing deleted',
    async () => {
      const { own, app, ages } = await withHistory();
      for (const wrong of ['1970-01-01T00:00:00Z', '2099-01-01T00:00:00Z']) {
        const clock = { now: () => new Date(wrong) };
        const parts = { ...app.app.jobs.parts, retentionDays: 180, clock };
        const outcome = await runNamedJob('purge', parts);
        expect(outcome).toEqual({ job: 'purge', outcome: 'refused', reason: 'clock_out_of_range' });
      }
      expect(await ages()).toHaveLength(40);
      await own.close();
    },
  ],
  [
    '64. a retention of 0, −1, half a day, NaN or a century: it does not start',
    async () => {
      for (const days of ['0', '1', '-1', '0.5', 'NaN', '36500', '1e2', 'all']) {
        await expect(world.start({ env: { SIGNALS_RETENTION_DAYS: days } })).rejects.toThrow(
          'SIGNALS_RETENTION_DAYS',
        );
      }
    },
  ],
];

it.each([...rows, ...purges])('%s', (_name, run) => run());
