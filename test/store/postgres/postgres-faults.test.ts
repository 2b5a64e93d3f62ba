import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LogFields } from '../../../src/domain/ports/index.js';
import type { OpenedStore } from '../../../src/store/open-store.js';
import {
  describePostgres,
  openTestStore,
  storedEvents,
  type TestStoreOptions,
} from '../../support/database.js';
import { anonymousEvent, anonymousEvents } from '../../support/events.js';
import { openWire, type Wire } from '../../support/wire.js';

await describePostgres('a store on PostgreSQL', (database) => {
  let superuser: pg.Client | undefined;
  const opened: OpenedStore[] = [];
  const lines: string[] = [];
  const write = (fields: LogFields, message: string) =>
    void lines.push(JSON.stringify({ ...fields, message }));
  const log = { debug: write, info: write, warn: write, error: write };

  /** A statement of the test's own, on a connection that the store knows nothing of. */
  const sql = async (text: string, values: unknown[] = []) =>
    (await superuser?.query(text, values))?.rows ?? [];
  const open = async (options: TestStoreOptions = {}): Promise<OpenedStore> => {
    const store = await openTestStore({ databaseUrl: database().url, log, ...options });
    opened.push(store);
    return store;
  };
  const databaseName = () => new URL(database().url).pathname.slice(1);

  beforeAll(async () => {
    superuser = new pg.Client(database().url);
    await superuser.connect();
  });
  afterAll(() => superuser?.end());
  beforeEach(() => sql('TRUNCATE events, event_dimensions'));
  afterEach(async () => {
    await sql(`ALTER DATABASE ${databaseName()} RESET ALL`);
    await Promise.all(opened.splice(0).map(({ store }) => store.close()));
    lines.length = 0;
  });

  /** Runs the work while nobody can write events. */
  async function whileLocked<T>(work: () => Promise<T>): Promise<T> {
    // Not on the test's other connection: within a transaction it would see one snapshot of who waits.
    const locker = new pg.Client(database().url);
    await locker.connect();
    try {
      await locker.query('BEGIN; LOCK TABLE events IN EXCLUSIVE MODE');
      return await work();
    } finally {
      await locker.end();
    }
  }
  async function untilOneWaits(): Promise<void> {
    const text =
      "SELECT 1 FROM pg_stat_activity WHERE application_name = 'signals' AND wait_event_type = 'Lock'";
    while ((await sql(text)).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const terminateAll = () =>
    sql(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'signals' AND datname = current_database()",
    );

  describe('with two replicas', () => {
    it('stores each event once, and one of the two accepts it, whatever order they come in', async () => {
      const replicas = await Promise.all([open(), open()]);
      const events = anonymousEvents(300).map((event, n) =>
        anonymousEvent({ ...event, dimensions: { route: `/${n % 20}` } }),
      );
      const orders = [events, [...events].reverse(), [...events].sort(() => Math.random() - 0.5)];
      const answers = await Promise.all(
        replicas.flatMap(({ store }) => orders.map((order) => store.append(order))),
      );
      const verdicts = answers.flat();
      expect(verdicts.filter((verdict) => verdict === 'ACCEPTED')).toHaveLength(300);
      expect(verdicts.filter((verdict) => verdict === 'DUPLICATE')).toHaveLength(1_500);
      expect(await sql('SELECT count(*)::int AS n FROM events')).toEqual([{ n: 300 }]);
    });

    it('lets one hold a lock, and the other take it when the first has died', async () => {
      const [one, two] = await Promise.all([open(), open()]);
      const held = await one.store.withLock('purge', async () => {
        const refused = await two.store.withLock('purge', async () => 'in');
        await terminateAll();
        return [refused, await two.store.withLock('purge', async () => 'in')];
      });
      expect(held).toEqual({ ran: true, value: [{ ran: false }, { ran: true, value: 'in' }] });
    });
  });

  describe('when a connection breaks', () => {
    it('writes again on a fresh one after its backend was terminated in the middle of a statement', async () => {
      const { store, prisma } = await open();
      const event = anonymousEvent();
      const verdict = await whileLocked(async () => {
        const answer = store.append([event]);
        await untilOneWaits();
        await terminateAll();
        // The second attempt waits for the lock now.
        await untilOneWaits();
        return { answer };
      });
      expect(await verdict.answer).toEqual(['ACCEPTED']);
      expect(await storedEvents(prisma)).toEqual([event]);
    });

    it('does not notice that idle connections were terminated', async () => {
      const { store, prisma } = await open();
      await store.append([anonymousEvent()]);
      await prisma.event.count();
      await terminateAll();
      expect(await store.append([anonymousEvent()])).toEqual(['ACCEPTED']);
      expect(await store.readiness()).toEqual({ ready: true });
    });
  });

  describe('behind a bad wire', () => {
    let proxy: Wire | undefined;
    const wire = (): Wire => {
      if (!proxy) throw new Error('not opened');
      return proxy;
    };
    beforeEach(async () => {
      proxy = await openWire(database().url);
    });
    afterEach(() => proxy?.close());
    const timeouts = { statementMs: 200, connectMs: 300 };

    it('opens while the database is away, says so, and works when it comes', async () => {
      wire().setDown(true);
      const { store } = await open({ databaseUrl: wire().url });
      expect(await store.readiness()).toMatchObject({ ready: false, reason: 'store_unreachable' });
      expect(await store.append(anonymousEvents(2))).toEqual(['UNAVAILABLE', 'UNAVAILABLE']);
      wire().setDown(false);
      expect(await store.readiness()).toEqual({ ready: true });
      expect(await store.append([anonymousEvent()])).toEqual(['ACCEPTED']);
    });

    it('answers DUPLICATE when a commit’s answer was lost: the row is there, once', async () => {
      const { store, prisma } = await open({ databaseUrl: wire().url });
      await store.append([anonymousEvent({ dimensions: { route: '/first' } })]);
      const event = anonymousEvent();
      wire().loseNextAnswer();
      // A named statement is parsed, bound and executed in one message, so its answer is the commit's.
      expect(await store.append([event])).toEqual(['DUPLICATE']);
      wire().setDown(false);
      const direct = await open();
      expect(await storedEvents(direct.prisma)).toContainEqual(event);
      expect(await prisma.event.count()).toBe(2);
    });

    it('gives up on a line that is dead but open, and recovers', async () => {
      const { store } = await open({ databaseUrl: wire().url, timeouts });
      expect(await store.append([anonymousEvent()])).toEqual(['ACCEPTED']);
      const event = anonymousEvent();
      wire().setSilent(true);
      expect(await store.append([event])).toEqual(['UNAVAILABLE']);
      expect((await store.readiness()).ready).toBe(false);
      wire().setSilent(false);
      expect(await store.append([event])).toEqual(['ACCEPTED']);
    });
  });

  describe('when the server refuses or stalls', () => {
    it.each([
      { what: 'a lock timeout', timeouts: { lockMs: 100 } },
      { what: 'a statement timeout', timeouts: { lockMs: 60_000, statementMs: 100 } },
    ])('says UNAVAILABLE after $what, and stores the same event later', async ({ timeouts }) => {
      const { store, prisma } = await open({ timeouts });
      const event = anonymousEvent();
      expect(await whileLocked(() => store.append([event]))).toEqual(['UNAVAILABLE']);
      expect(await store.append([event])).toEqual(['ACCEPTED']);
      expect(await storedEvents(prisma)).toEqual([event]);
    });

    it('stores events and is ready while every other connection is busy', async () => {
      const { store, prisma } = await open({ poolMax: 3 });
      await sql('SELECT pg_advisory_lock(7)');
      const slow = prisma.$queryRaw`SELECT pg_advisory_lock(7)::text`;
      const busy = slow.then(() => 'ended');
      await untilOneWaits();
      expect(await store.append([anonymousEvent()])).toEqual(['ACCEPTED']);
      expect(await store.readiness()).toEqual({ ready: true });
      await sql('SELECT pg_advisory_unlock(7)');
      await busy;
    });

    it('is not ready and stores nothing while the server is read-only, as in a fail-over', async () => {
      const { store } = await open();
      await sql(`ALTER DATABASE ${databaseName()} SET default_transaction_read_only = on`);
      await terminateAll();
      expect(await store.append([anonymousEvent()])).toEqual(['UNAVAILABLE']);
      expect(await store.readiness()).toMatchObject({ ready: false, reason: 'store_read_only' });
      await sql(`ALTER DATABASE ${databaseName()} RESET default_transaction_read_only`);
      await terminateAll();
      expect(await store.append([anonymousEvent()])).toEqual(['ACCEPTED']);
      expect(await store.readiness()).toEqual({ ready: true });
    });

    it('waits out a server that has no connection left, as a role that owns nothing', async () => {
      const role = `${databaseName()}_writer`;
      await sql(`CREATE ROLE ${role} LOGIN CONNECTION LIMIT 0`);
      await sql(`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${role}`);
      const url = new URL(database().url);
      url.username = role;
      const { store } = await open({ databaseUrl: url.href });
      expect(await store.append([anonymousEvent()])).toEqual(['UNAVAILABLE']);
      expect(await store.readiness()).toMatchObject({ ready: false, reason: 'store_too_many_connections' });
      await sql(`ALTER ROLE ${role} CONNECTION LIMIT -1`);
      expect(await store.append([anonymousEvent()])).toEqual(['ACCEPTED']);
      expect(await store.readiness()).toEqual({ ready: true });
      await store.close();
      await sql(`DROP OWNED BY ${role}`);
      await sql(`DROP ROLE ${role}`);
    });
  });

  it('tells the server’s time', async () => {
    const { store } = await open();
    const told = async () => (await store.now())?.getTime() ?? 0;
    const before = await told();
    const [{ ms }] = await sql('SELECT extract(epoch FROM now())::float8 * 1000 AS ms');
    expect(before).toBeGreaterThan(Date.UTC(2026, 0));
    expect(before).toBeLessThanOrEqual(ms);
    expect(ms).toBeLessThanOrEqual((await told()) + 1);
  });

  it('logs codes and counts of what fails, never a value', async () => {
    const secret = 'zanzibar';
    const { store } = await open({ timeouts: { lockMs: 50 } });
    const event = anonymousEvent({
      entityId: secret,
      properties: { secret },
      dimensions: { route: `/${secret}` },
    });
    await whileLocked(() => store.append([event]));
    await store.append([anonymousEvent({ entityId: `${secret}\u0000` })]);
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { kind: 'final', code: '55P03', rows: 1, again: false, message: 'a write to the store failed' },
      { kind: 'row', code: '22P05', rows: 1, again: false, message: 'a write to the store failed' },
    ]);
    expect(lines.join()).not.toContain(secret);
  });

  it('keeps an event’s dimensions marked as used on the day it is written, whatever day the event is of', async () => {
    const { store } = await open();
    await store.append([anonymousEvent({ createdAt: new Date('2020-01-01T00:00:00Z') })]);
    const [row] = await sql(
      "SELECT last_used = (now() AT TIME ZONE 'UTC')::date AS today FROM event_dimensions",
    );
    expect(row).toEqual({ today: true });
  });

  it('marks a combination again when it has not for hours, so that a purge never takes it away', async () => {
    const time = { now: new Date() };
    const { store } = await open({ clock: { now: () => time.now } });
    await store.append([anonymousEvent()]);
    await sql('UPDATE event_dimensions SET last_used = last_used - 10');
    await store.append([anonymousEvent()]);
    expect(
      await sql('SELECT count(*)::int AS n FROM event_dimensions WHERE last_used = current_date - 10'),
    ).toHaveLength(1);
    time.now = new Date(time.now.getTime() + 7 * 3_600_000);
    await store.append([anonymousEvent()]);
    const [row] = await sql(
      "SELECT last_used = (now() AT TIME ZONE 'UTC')::date AS today FROM event_dimensions",
    );
    expect(row).toEqual({ today: true });
  });
});
