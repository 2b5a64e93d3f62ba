import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JobOutcome } from '../../../jobs/run-job.js';
import { runNamedJob } from '../../../src/app/jobs.js';
import type { LogFields } from '../../../src/domain/ports/index.js';
import type { Statement } from '../../../src/store/engine/sql-engine.js';
import { readMigrations } from '../../../src/store/migrations/migrations-folder.js';
import type { OpenedStore } from '../../../src/store/open-store.js';
import { openPostgres } from '../../../src/store/postgres/postgres.js';
import { answerOf } from '../../hostile/client.js';
import { bearer, createTestApp, type TestApp } from '../../support/app.js';
import {
  createPostgresDatabase,
  emptyTables,
  migrationsDir,
  openTestStore,
  type PostgresDatabase,
  postgresOffer,
  storedEvents,
} from '../../support/database.js';
import { anonymousEvent, anonymousEvents } from '../../support/events.js';
import { type Pooler, type PoolMode, pgbouncerIsHere, startPgbouncer } from '../../support/pgbouncer.js';
import { pageViewed } from '../../support/pipeline.js';
import { hashOf } from '../stats-plan.js';

interface Row {
  readonly mode: PoolMode;
  /** Connections to the server. In session mode each of ours takes one of them for good. */
  readonly poolSize: number;
}

const rows: readonly Row[] = [
  { mode: 'session', poolSize: 16 },
  { mode: 'transaction', poolSize: 3 },
];
/** What replicas have in common: the same secret makes the same ids. */
const shared = { SIGNALS_SALT_SECRET: randomUUID().repeat(2), SIGNALS_RATE_LIMIT_PER_MINUTE: '100000' };
const migrations = (await readMigrations(migrationsDir)).migrations.map(({ name }) => name);
const question = `{
  eventStats(input: { from: "2026-11-20T00:00:00Z", to: "2026-11-21T00:00:00Z" }) {
    total { events sumOfDailyVisitors points { events visitors } }
  }
}`;
const settingsText = `SELECT current_setting('transaction_isolation') AS isolation,
  current_setting('transaction_read_only') AS "readOnly", current_setting('enable_nestloop') AS nestloop,
  current_setting('work_mem') AS memory`;
const here = pgbouncerIsHere() && (await postgresOffer()).missing === undefined;

describe.skipIf(!here).each(rows)('behind PgBouncer in $mode mode', ({ mode, poolSize }) => {
  let database: PostgresDatabase;
  let pooler: Pooler;
  let direct: pg.Client;
  const stores: OpenedStore[] = [];
  const apps: TestApp[] = [];
  const lines: string[] = [];
  const write = (fields: LogFields, message: string) =>
    void lines.push(JSON.stringify({ ...fields, message }));
  const log = { debug: write, info: write, warn: write, error: write };

  const replica = async (parameters = ''): Promise<OpenedStore> => {
    const databaseUrl = `${pooler.url}${parameters}`;
    const store = await openTestStore({ databaseUrl, poolMax: 4, log, migrated: false });
    stores.push(store);
    return store;
  };
  const replicaApp = async (): Promise<TestApp> => {
    const app = await createTestApp({
      store: await replica(),
      env: shared,
    });
    apps.push(app);
    return app;
  };
  const purge = (app: TestApp): Promise<JobOutcome> => runNamedJob('purge', app.app.jobs.parts);

  /** What as many sessions at once find set, each in a transaction that holds its connection. */
  const settingsOf = async (sessions: number) => {
    const clients = Array.from({ length: sessions }, () => new pg.Client(pooler.url));
    await Promise.all(clients.map((client) => client.connect()));
    await Promise.all(clients.map((client) => client.query('BEGIN')));
    const found = await Promise.all(clients.map((client) => client.query(settingsText)));
    await Promise.all(clients.map((client) => client.end()));
    return found.map(({ rows: [settings] }) => settings);
  };

  beforeAll(async () => {
    database = await createPostgresDatabase({ empty: true });
    direct = new pg.Client(database.url);
    await direct.connect();
    const name = new URL(database.url).pathname.slice(1);
    await direct.query(`ALTER DATABASE ${name} SET TimeZone = 'Asia/Kolkata'`);
    await direct.query(`ALTER DATABASE ${name} SET DateStyle = 'SQL, DMY'`);
    await direct.query(`ALTER DATABASE ${name} SET bytea_output = 'escape'`);
    pooler = await startPgbouncer(database.url, mode, poolSize);
  });
  afterAll(async () => {
    await pooler?.stop();
    await direct?.end();
    await database?.drop();
  });
  beforeEach(async () => {
    const { migrate, prisma } = await replica();
    await migrate();
    await emptyTables(prisma);
    lines.length = 0;
  });
  afterEach(async () => {
    await Promise.all(apps.splice(0).map((app) => app.close()));
    await Promise.all(stores.splice(0).map(({ store }) => store.close()));
  });

  it('migrates once when two replicas do it together, and leaves no lock behind', async () => {
    await direct.query('DROP SCHEMA public CASCADE');
    await direct.query('CREATE SCHEMA public');
    const [one, two] = await Promise.all([replica(), replica()]);
    const applied = await Promise.all([one.migrate(), two.migrate()]);
    expect(applied.flatMap((report) => report.applied)).toEqual(migrations);
    expect(await one.store.readiness()).toEqual({ ready: true });
    const locks = await direct.query("SELECT 1 FROM pg_locks WHERE locktype = 'advisory'");
    expect(locks.rows).toEqual([]);
  });

  it('acknowledges every event once, over two replicas at the same time', async () => {
    const replicas = await Promise.all([replicaApp(), replicaApp()]);
    const events = Array.from({ length: 600 }, () => pageViewed({ clientEventId: randomUUID() }));
    const tokens = await Promise.all(replicas.map((app) => app.token('user-1')));
    const send = async (n: number, some: readonly object[]): Promise<Record<string, number>> => {
      const app = replicas[n];
      const response = await app?.post('/v1/events', { events: some }, bearer(tokens[n] ?? ''));
      expect(response?.status).toBe(202);
      return (await response?.json()) as Record<string, number>;
    };
    const calls = Array.from({ length: 120 }, (_, n) => events.slice(n * 5, n * 5 + 5)).flatMap((some) =>
      [0, 1].map((n) => send(n, some)),
    );
    const answers = await Promise.all(calls);
    const sum = (field: string): number =>
      answers.reduce((total, answer) => total + (answer[field] ?? Number.NaN), 0);
    expect([sum('accepted'), sum('duplicates')]).toEqual([600, 600]);
    expect(lines.filter((line) => line.includes('a write to the store failed'))).toEqual([]);
    for (const { url } of replicas) expect((await fetch(`${url}/readyz`)).status).toBe(200);
  });

  it('reads back every instant and every byte as it was written', async () => {
    const { store, prisma } = await replica();
    const events = anonymousEvents(20);
    expect(await store.append(events)).toEqual(events.map(() => 'ACCEPTED'));
    const byId = [...events].sort((a, b) => (a.id < b.id ? -1 : 1));
    expect(await storedEvents(prisma)).toEqual(byId);
    const from = events[0]?.createdAt ?? new Date(0);
    expect(await store.count({ from, to: new Date(from.getTime() + 1) })).toBeGreaterThan(0);
    expect(Math.abs(((await store.now())?.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  it('purges as often as it is told to, on whichever replica', async () => {
    const [one, two] = await Promise.all([replicaApp(), replicaApp()]);
    const old = anonymousEvent({ createdAt: new Date('2020-01-01T00:00:00Z') });
    expect(await stores[0]?.store.append([old])).toEqual(['ACCEPTED']);
    expect(await purge(one)).toMatchObject({ outcome: 'done', report: { events: 1 } });
    expect(await purge(two)).toMatchObject({ outcome: 'done', report: { events: 0 } });
    expect(await purge(one)).toMatchObject({ outcome: 'done' });
  });

  it('lets one replica at a time hold a lock', async () => {
    const [one, two] = await Promise.all([replica(), replica()]);
    const held = await one.store.withLock('purge', () => two.store.withLock('purge', async () => 'in'));
    expect(held).toEqual({ ran: true, value: { ran: false } });
    expect(await two.store.withLock('purge', async () => 'in')).toEqual({ ran: true, value: 'in' });
  });

  it('answers eventStats to the last event, while another replica takes events and counts their day', async () => {
    const [asking, counting] = [await replicaApp(), await replica()];
    await counting.store.beginCounting();
    const admin = bearer(await asking.token('boss', 'admin'));
    const ask = async () => {
      const { data, errors } = await answerOf(await asking.post('/graphql', { query: question }, admin));
      expect(errors).toBeUndefined();
      return data.eventStats.total;
    };
    const rounds = Array.from({ length: 12 }, (_, round) => `${round}`);
    const asked = rounds.map(async () => ask());
    for (const round of rounds) {
      // Two events of one visitor, committed together.
      await counting.store.append(anonymousEvents(2, { userHash: hashOf('2026-11-20', round) }));
      await counting.store.countDay('2026-11-20');
      asked.push(ask());
    }
    for (const { events, sumOfDailyVisitors: visitors, points } of await Promise.all(asked)) {
      const [point] = points;
      // A day before all data is null.
      expect([events, point.events ?? 0, point.visitors ?? 0]).toEqual([
        2 * visitors,
        2 * visitors,
        visitors,
      ]);
    }
    expect(await ask()).toEqual({
      events: 24,
      sumOfDailyVisitors: 12,
      points: [{ events: 24, visitors: 12 }],
    });
  });

  it('shows all statements of a snapshot the same rows, whatever is committed between them', async () => {
    const engine = openPostgres({ databaseUrl: pooler.url, poolMax: 2, log });
    const { store } = await replica();
    const countRows: Statement = { text: 'SELECT count(*)::int AS n FROM events', values: [] };
    for (const kind of ['read', 'work'] as const) {
      await engine.snapshot(kind, async (query) => {
        const before = (await query(countRows)).rows;
        await store.append(anonymousEvents(2));
        expect((await query(countRows)).rows).toEqual(before);
      });
    }
    expect((await engine.query(countRows)).rows).toEqual([{ n: 4 }]);
    await engine.close();
  });

  it('counts a day whole, however many replicas do it at once, and leaves no setting to others', async () => {
    const replicas = await Promise.all([replica(), replica()]);
    await replicas[0]?.store.beginCounting();
    const rows = () => direct.query('SELECT events::int AS events, visitors FROM stat_day WHERE kind = 0');
    for (const events of [10, 20, 30]) {
      await replicas[0]?.store.append(anonymousEvents(10));
      const outcomes = await Promise.all(replicas.map(({ store }) => store.countDay('2026-11-20')));
      expect(outcomes).toContain('COUNTED');
      expect((await rows()).rows).toEqual([{ events, visitors: events }]);
      expect(await replicas[1]?.store.changedDays()).toEqual([]);
    }
    // As many as PgBouncer has connections to the server in transaction mode, each inside a transaction of its own.
    for (const settings of await settingsOf(3)) {
      expect(settings).toEqual({
        isolation: 'read committed',
        readOnly: 'off',
        nestloop: 'on',
        memory: '4MB',
      });
    }
  });

  it('keeps to the schema of its connection string, and leaves no setting to others', async () => {
    const { store, migrate } = await replica('?schema=apart');
    expect((await migrate()).applied).toEqual(migrations);
    expect(await store.append(anonymousEvents(3))).toEqual(['ACCEPTED', 'ACCEPTED', 'ACCEPTED']);
    expect((await direct.query('SELECT count(*)::int AS n FROM apart.events')).rows).toEqual([{ n: 3 }]);
    expect((await direct.query('SELECT count(*)::int AS n FROM public.events')).rows).toEqual([{ n: 0 }]);
    const other = new pg.Client(pooler.url);
    await other.connect();
    const { rows: settings } = await other.query(
      "SELECT current_setting('search_path') AS path, current_setting('statement_timeout') AS limit",
    );
    expect(settings).toEqual([{ path: '"$user", public', limit: '0' }]);
    await other.end();
    await direct.query('DROP SCHEMA apart CASCADE');
  });
});
