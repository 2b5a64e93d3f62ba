import { connect } from 'node:net';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { createLog } from '../../src/observability/log.js';
import { bearer, type TestApp } from '../support/app.js';
import { createPostgresDatabase } from '../support/database.js';
import { pageViewed } from '../support/pipeline.js';
import { type Client, clientOf, metric, trackEvent, verdicts } from './client.js';
import { createFaultProxy, type FaultProxy } from './fault-proxy.js';
import { gatewaySecret, signedByGateway } from './gateway.js';
import { openPostgresWorld, openStoreAt, type World } from './world.js';

const env = { SIGNALS_RATE_LIMIT_PER_MINUTE: '1000000' };
/** Short, so that a test of a timeout does not take long. */
const timeouts = { connectMs: 1_000, statementMs: 400, lockMs: 300, idleInTransactionMs: 1_000 };

/** What only PostgreSQL can show; null where there is none (the run says so in one line). */
interface Bench {
  readonly world: World & { readonly databaseUrl: string };
  readonly proxy: FaultProxy;
  /** The app behind the line. */
  readonly app: TestApp;
  readonly client: Client;
  /** A connection of the operator's, beside the line. */
  readonly operator: pg.Client;
  /** What app and store have logged. */
  logs(): string;
}
let bench: Bench | null = null;

beforeAll(async () => {
  const world = await openPostgresWorld();
  if (!world) return;
  const proxy = await createFaultProxy(world.databaseUrl);
  const lines: string[] = [];
  const log = createLog({ level: 'debug', destination: { write: (line) => lines.push(line) } });
  const store = await openStoreAt({ databaseUrl: proxy.url, timeouts, log });
  const app = await world.start({ store, env });
  const operator = new pg.Client(world.databaseUrl);
  operator.on('error', () => undefined);
  await operator.connect();
  const client = clientOf(app, await app.token('user-1'));
  bench = { world, proxy, app, operator, client, logs: () => `${app.logs()}${lines.join('')}` };
  closers.push(() => store.store.close());
});
const closers: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  await bench?.app.close();
  for (const close of closers) await close();
  await bench?.operator.end();
  await bench?.proxy.close();
  await bench?.world.close();
});
beforeEach(() => bench?.proxy.open());
afterEach(() => bench?.operator.query('DROP TRIGGER IF EXISTS fault ON events'));

type Row = readonly [name: string, run: (bench: Bench) => Promise<void>];

const ids = (events: readonly { clientEventId?: string | null | undefined }[]) =>
  events.map((event) => event.clientEventId ?? '');
const batchOf = (count: number) => Array.from({ length: count }, () => pageViewed());

/** Why it is not ready, or `ready`. */
async function readiness(app: TestApp): Promise<string> {
  const response = await fetch(`${app.url}/readyz`);
  const { reason } = (await response.json()) as { reason?: string };
  return response.status === 200 ? 'ready' : `${response.status} ${reason}`;
}

/** Both doors say that nothing was acknowledged and that trying again is right; nothing is said of the reason. */
async function expectUnavailable(
  { client, app }: Pick<Bench, 'client' | 'app'>,
  event: object,
): Promise<void> {
  const rest = await client.rest({ events: [event] });
  expect([rest.status, rest.body.error]).toMatchObject([
    503,
    { code: 'SERVICE_UNAVAILABLE', retryable: true },
  ]);
  expect(Number(rest.headers.get('retry-after'))).toBeGreaterThan(0);
  const answer = await client.graphql(trackEvent, { input: event });
  expect([answer.status, answer.codes, answer.data]).toEqual([200, ['SERVICE_UNAVAILABLE'], null]);
  expect(answer.errors?.[0]?.extensions).toMatchObject({ retryable: true, retryAfterMs: expect.any(Number) });
  expect(answer.text).not.toMatch(/at .*\.[jt]s|postgres|prisma|ECONN/i);
  expect((await fetch(`${app.url}/livez`)).status).toBe(200);
}

/** A trigger that makes every insert fail, with a message that must go nowhere. */
async function failInserts({ operator }: Bench, code: string): Promise<void> {
  await operator.query(`CREATE OR REPLACE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'alice@example.org' USING ERRCODE = '${code}'; END $$`);
  await operator.query(
    'CREATE TRIGGER fault BEFORE INSERT ON events FOR EACH STATEMENT EXECUTE FUNCTION fault()',
  );
}

const away: readonly Row[] = [
  [
    '65. the database is away at the start: alive, not ready, and well when it comes',
    async ({ world, proxy }) => {
      proxy.cut();
      const store = await openStoreAt({ databaseUrl: proxy.url, timeouts });
      const app = await world.start({ store, env });
      const client = clientOf(app, await app.token('user-1'));
      expect(await readiness(app)).toBe('503 store_unreachable');
      const event = pageViewed();
      await expectUnavailable({ client, app }, event);
      proxy.open();
      expect(await readiness(app)).toBe('ready');
      expect(await client.one(event)).toBe('ACCEPTED');
      await app.close();
      await store.store.close();
    },
  ],
  [
    '66. the database goes in the middle of batches: what was acknowledged is there, and the rest can be sent again',
    async ({ world, proxy, client, app }) => {
      const batches = Array.from({ length: 30 }, () => batchOf(20));
      const sent = batches.map((events) => client.rest({ events }));
      setTimeout(() => proxy.cut(), 20);
      const answers = await Promise.all(sent);
      for (const [index, { status, body }] of answers.entries()) {
        const events = batches[index] ?? [];
        expect([202, 503]).toContain(status);
        if (status === 503) expect(body.error.retryable).toBe(true);
        else expect(await world.stored(...ids(events))).toHaveLength(body.accepted);
      }
      expect(await readiness(app)).toBe('503 store_unreachable');
      proxy.open();
      for (const events of batches) {
        const { body } = await client.rest({ events });
        expect(body.accepted + body.duplicates).toBe(20);
      }
      expect(await world.stored(...batches.flatMap(ids))).toHaveLength(600);
    },
  ],
  [
    '67. the commit succeeds and its answer is lost: stored once, and the retry says DUPLICATE',
    async ({ world, proxy, client }) => {
      expect(await client.one(pageViewed())).toBe('ACCEPTED');
      const event = pageViewed();
      proxy.mute();
      const sent = client.rest({ events: [event] });
      await vi.waitFor(async () => expect(await world.stored(...ids([event]))).toHaveLength(1), {
        timeout: 5_000,
      });
      proxy.cut();
      proxy.open();
      const { status, body } = await sent;
      if (status === 503) expect(body.error.code).toBe('SERVICE_UNAVAILABLE');
      else expect(verdicts(body)).toEqual(['DUPLICATE']);
      expect(await client.one(event)).toBe('DUPLICATE');
      expect(await world.stored(...ids([event]))).toHaveLength(1);
    },
  ],
];

const failing: readonly Row[] = [
  ...(
    [
      ['disk full', '53100'],
      ['too many connections', '53300'],
      ['a deadlock', '40P01'],
      ['a server that is shutting down', '57P01'],
      ['a failure inside of the server', 'XX000'],
      ['a missing table', '42P01'],
    ] as const
  ).map(
    ([what, code]): Row => [
      `72. ${what} (${code}): retryable, without a word of the server’s, and well again without a restart`,
      async (here) => {
        const event = pageViewed();
        await failInserts(here, code);
        await expectUnavailable(here, event);
        await here.operator.query('DROP TRIGGER fault ON events');
        expect(await here.client.one(event)).toBe('ACCEPTED');
        expect(here.logs().includes(`"code":"${code}"`)).toBe(true);
        expect(here.logs().includes('alice')).toBe(false);
      },
    ],
  ),
  [
    '72. a table that is locked, and a statement that takes too long',
    async (here) => {
      const event = pageViewed();
      await here.operator.query('BEGIN; LOCK TABLE events IN ACCESS EXCLUSIVE MODE');
      await expectUnavailable(here, event);
      await here.operator.query('ROLLBACK');
      expect(await here.client.one(event)).toBe('ACCEPTED');

      const slow = pageViewed();
      await here.operator.query(`CREATE OR REPLACE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN PERFORM pg_sleep(5); RETURN NULL; END $$`);
      await here.operator.query(
        'CREATE TRIGGER fault BEFORE INSERT ON events FOR EACH STATEMENT EXECUTE FUNCTION fault()',
      );
      await expectUnavailable(here, slow);
      await here.operator.query('DROP TRIGGER fault ON events');
      expect(await here.client.one(slow)).toBe('ACCEPTED');
    },
  ],
  [
    '72. a fail-over that leaves the database read-only: retryable, and readiness says it',
    async (here) => {
      const name = new URL(here.world.databaseUrl).pathname.slice(1);
      const backends =
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()';
      await here.operator.query(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
      await here.operator.query(backends, [name]);
      const event = pageViewed();
      await expectUnavailable(here, event);
      expect(await readiness(here.app)).toBe('503 store_read_only');
      await here.operator.query('SET default_transaction_read_only = off');
      await here.operator.query(`ALTER DATABASE ${name} RESET default_transaction_read_only`);
      await here.operator.query(backends, [name]);
      expect(await here.client.one(event)).toBe('ACCEPTED');
      expect(await readiness(here.app)).toBe('ready');
    },
  ],
  [
    '72. connections that the server ends: nobody notices',
    async (here) => {
      expect(await here.client.one(pageViewed())).toBe('ACCEPTED');
      await here.operator.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'signals' AND datname = current_database()",
      );
      expect(await here.client.one(pageViewed())).toBe('ACCEPTED');
      expect(await readiness(here.app)).toBe('ready');
    },
  ],
  [
    '72. an admin’s question while the database is away: retryable, without a word of the database’s',
    async (here) => {
      const admin = clientOf(here.app, await here.app.token('root', 'admin'));
      const question = '{ events(first: 1) { totalCount edges { node { id } } } }';
      here.proxy.cut();
      const answer = await admin.graphql(question);
      expect([answer.status, new Set(answer.codes), answer.data]).toEqual([
        200,
        new Set(['SERVICE_UNAVAILABLE']),
        null,
      ]);
      expect(answer.errors?.[0]?.extensions.retryable).toBe(true);
      expect(answer.text).not.toMatch(/at .*\.[jt]s|postgres|prisma|ECONN|127\.0/i);
      here.proxy.open();
      expect((await admin.graphql(question)).errors).toBeUndefined();
    },
  ],
  [
    '72. more rows than may wait: OVERLOADED with a time to come back, and room again afterwards',
    async (here) => {
      const store = await openStoreAt({ databaseUrl: here.proxy.url, maxPending: 20 });
      const app = await here.world.start({ store, env });
      const client = clientOf(app, await app.token('user-1'));
      await here.operator.query('BEGIN; LOCK TABLE events IN ACCESS EXCLUSIVE MODE');
      const waiting = client.batch(batchOf(20));
      await vi.waitFor(async () => expect(await metric(app, 'signals_events_pending')).toBe(20), {
        timeout: 5_000,
      });
      const refused = await client.rest({ events: batchOf(20) });
      expect([refused.status, new Set(verdicts(refused.body))]).toEqual([
        429,
        new Set(['DROPPED OVERLOADED']),
      ]);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      await here.operator.query('ROLLBACK');
      expect(await waiting).toMatchObject({ accepted: 20 });
      expect(await client.batch(batchOf(20))).toMatchObject({ accepted: 20 });
      await app.close();
      await store.store.close();
    },
  ],
];

const clients: readonly Row[] = [
  [
    '74. clients that go away in the middle of a mutation: all of a batch or none, and no storm in the log',
    async ({ world, app, operator }) => {
      const token = await app.token('user-1');
      const before = app.logs().length;
      const batches = Array.from({ length: 10 }, () => batchOf(50));
      // Held back, so that they are gone before their events are written.
      await operator.query('BEGIN; LOCK TABLE events IN ACCESS EXCLUSIVE MODE');
      for (const [index, events] of batches.entries()) {
        const body = JSON.stringify({ events });
        const sent = index % 2 === 0 ? body : body.slice(0, body.length / 2);
        const socket = connect(Number(new URL(app.url).port), '127.0.0.1', () => {
          socket.write(
            `POST /v1/events HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n` +
              `authorization: Bearer ${token}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${sent}`,
            () => setTimeout(() => socket.destroy(), 20),
          );
        });
        await new Promise((resolve) => socket.once('close', resolve));
      }
      await operator.query('ROLLBACK');
      await vi.waitFor(async () => expect(await metric(app, 'signals_events_pending')).toBe(0), {
        timeout: 10_000,
      });
      for (const events of batches) {
        expect([0, 50]).toContain((await world.stored(...ids(events))).length);
      }
      const lines = app.logs().slice(before).split('\n');
      expect(lines.length).toBeLessThan(60);
      expect(lines.filter((line) => line.includes('"level":"error"'))).toEqual([]);
    },
  ],
  [
    '80. a gateway that sends one mutation three times, and at once: one row',
    async ({ world }) => {
      const app = await world.start({
        env: { SIGNALS_AUTH: 'forwarded-claims', SIGNALS_GATEWAY_HMAC_SECRETS: gatewaySecret },
      });
      const input = pageViewed();
      const now = new Date();
      const jwt = { payload: { sub: 'user-1', exp: Math.floor(now.getTime() / 1000) + 60 } };
      const request = signedByGateway({ query: trackEvent, variables: { input } }, { now, jwt });
      const responses = await Promise.all([1, 2, 3].map(() => app.post('/graphql', request)));
      const bodies = await Promise.all(responses.map(async (one) => JSON.parse(await one.text())));
      const said = bodies.map(({ data }) => data.trackEvent.status).sort();
      expect(said).toEqual(['ACCEPTED', 'DUPLICATE', 'DUPLICATE']);
      expect(await world.stored(...ids([input]))).toHaveLength(1);
    },
  ],
];

const versions: readonly Row[] = [
  [
    '81. migrations that are not applied, and ones that the code does not know: not ready, and why',
    async ({ world, operator }) => {
      const empty = await createPostgresDatabase({ empty: true });
      const store = await openStoreAt({ databaseUrl: empty.url });
      const app = await world.start({ store, env });
      const client = clientOf(app, await app.token('user-1'));
      expect(await readiness(app)).toBe('503 migrations_pending');
      const event = pageViewed();
      await expectUnavailable({ client, app }, event);
      await store.migrate();
      expect(await readiness(app)).toBe('ready');
      expect(await client.one(event)).toBe('ACCEPTED');
      await app.close();
      await store.store.close();
      await empty.drop();

      const current = await world.start();
      await operator.query(`INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at)
        VALUES ('next', 'x', '29990101000000_from_the_future', now(), now())`);
      expect(await readiness(current)).toBe('503 schema_newer_than_code');
      await operator.query("DELETE FROM _prisma_migrations WHERE id = 'next'");
      expect(await readiness(current)).toBe('ready');
    },
  ],
  [
    '82. a column more than the code knows, as during a rolling deploy: both versions write',
    async ({ world, operator, client }) => {
      await operator.query('ALTER TABLE events ADD COLUMN added_later text');
      const event = pageViewed();
      expect(await client.one(event)).toBe('ACCEPTED');
      expect(await client.one(event)).toBe('DUPLICATE');
      expect(await world.stored(...ids([event]))).toHaveLength(1);
      await operator.query('ALTER TABLE events DROP COLUMN added_later');
    },
  ],
];

it.each([...away, ...failing, ...clients, ...versions])('%s', async (_name, run) => {
  if (bench) await run(bench);
});

it('draining: a request that runs is answered, and no other is taken', async () => {
  if (!bench) return;
  const { world, operator } = bench;
  const app = await world.start();
  const headers = bearer(await app.token('user-1'));
  await operator.query('BEGIN; LOCK TABLE events IN ACCESS EXCLUSIVE MODE');
  const event = pageViewed();
  const running = app.post('/v1/events', { events: [event] }, headers);
  await vi.waitFor(async () => expect(await metric(app, 'signals_events_pending')).toBe(1), {
    timeout: 5_000,
  });
  const closed = app.close();
  await expect(fetch(`${app.url}/livez`)).rejects.toThrow();
  await operator.query('ROLLBACK');
  const response = await running;
  expect([response.status, response.headers.get('connection')]).toEqual([202, 'close']);
  await closed;
  expect(await world.stored(...ids([event]))).toHaveLength(1);
});
