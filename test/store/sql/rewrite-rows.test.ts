import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { jobs } from '../../../jobs/index.js';
import type { JobRun } from '../../../jobs/job.js';
import { createRewriteRows } from '../../../jobs/rewrite-rows.js';
import { runJob } from '../../../jobs/run-job.js';
import { createJobSuccesses } from '../../../jobs/successes.js';
import { eventId } from '../../../src/domain/privacy/identity/hashes.js';
import { createMetrics } from '../../../src/observability/metrics.js';
import type { OpenedStore } from '../../../src/store/open-store.js';
import { createPostgresDatabase, describePostgres, openTestStore, silent } from '../../support/database.js';
import { anonymousEvent, type EventOverrides } from '../../support/events.js';

const secret = Buffer.alloc(32, 7);

/** The id that versions before November 2026 gave: the first 48 bits were those of the client's id. */
function oldEventId(subject: string, clientEventId: string): string {
  return `${clientEventId.slice(0, 13)}${eventId(secret, subject, clientEventId).slice(13)}`;
}

/** A version 7 id of a device whose clock is 37,251 ms behind. */
function clientId(createdAt: Date): string {
  const time = (createdAt.getTime() - 37_251).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}

const at = (time: string): Date => new Date(`2026-11-20T${time}Z`);

/** An event as such a version stored it. */
function oldEvent(overrides: EventOverrides = {}) {
  const createdAt = overrides.createdAt ?? at('12:00:00.123');
  const clientEventId = overrides.clientEventId ?? clientId(createdAt);
  return anonymousEvent({
    ...{ id: oldEventId('user-1', clientEventId), createdAt, clientEventId },
    ...overrides,
  });
}

const hash = (): string => randomBytes(16).toString('hex');

function rewriting(open: () => Promise<OpenedStore>): void {
  let opened: OpenedStore;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened.store.close());
  beforeEach(() => opened.prisma.$executeRawUnsafe('TRUNCATE events, event_dimensions'));

  const rows = () => opened.prisma.event.findMany({ orderBy: [{ createdAt: 'asc' }, { seq: 'asc' }] });
  const rewriteAll = async (limit = 1_000): Promise<number> => {
    let total = 0;
    for (let rewritten = 1; rewritten > 0; total += rewritten)
      rewritten = await opened.store.rewriteOldRows(limit);
    return total;
  };

  it('gives an id the form that the same event has today', async () => {
    const event = oldEvent();
    await opened.store.append([event]);
    expect(await opened.store.countOldRows()).toBe(1);
    expect(await rewriteAll()).toBe(1);
    expect(await opened.store.countOldRows()).toBe(0);
    const [row] = await rows();
    expect(row?.id).toBe(eventId(secret, 'user-1', event.clientEventId ?? ''));
  });

  it('recognises an event that was stored before, also while it is not rewritten yet', async () => {
    const old = oldEvent();
    const again = anonymousEvent({ id: eventId(secret, 'user-1', old.clientEventId ?? '') });
    const other = anonymousEvent({ id: eventId(secret, 'user-2', old.clientEventId ?? '') });
    await opened.store.append([old]);
    expect(await opened.store.append([again, other])).toEqual(['DUPLICATE', 'ACCEPTED']);
    await rewriteAll();
    expect(await opened.store.append([again, other])).toEqual(['DUPLICATE', 'DUPLICATE']);
    expect(await rows()).toHaveLength(2);
  });

  it('puts the day in place of the time of a version 7, and keeps what says nothing', async () => {
    const kept = [4, 5, 8].map((version) => `0190a2d8-5a8a-${version}c2a-9f2e-123456789012`);
    const gone = [1, 2, 3, 6].map((version) => `0190a2d8-5a8a-${version}c2a-9f2e-123456789012`);
    const seventh = oldEvent({ createdAt: at('23:59:59.999') });
    await opened.store.append([
      seventh,
      ...[...kept, ...gone].map((clientEventId) => oldEvent({ clientEventId })),
    ]);
    await rewriteAll();
    const ids = (await rows()).map((row) => row.clientEventId);
    const day = Date.UTC(2026, 10, 20).toString(16).padStart(12, '0');
    expect(ids.at(-1)).toBe(`${day.slice(0, 8)}-${day.slice(8)}-${seventh.clientEventId?.slice(14)}`);
    expect(ids.slice(0, -1).sort()).toEqual([null, null, null, null, ...kept].sort());
  });

  it('shifts the numbers of a session by one amount, and those of two sessions by two', async () => {
    const sessions = [hash(), hash(), hash()];
    const events = sessions.flatMap((sessionHash) =>
      [1, 2, 5, 6].map((seq) => oldEvent({ sessionHash, seq })),
    );
    await opened.store.append(events);
    await rewriteAll(1);
    const shifts = sessions.map(async (sessionHash) => {
      const found = await opened.prisma.event.findMany({
        where: { sessionHash: new Uint8Array(Buffer.from(sessionHash, 'hex')) },
        orderBy: { seq: 'asc' },
      });
      const seqs = found.map(({ seq }) => seq ?? Number.NaN);
      const first = seqs[0] ?? Number.NaN;
      expect(seqs.map((seq) => seq - first)).toEqual([0, 1, 4, 5]);
      return first - 1;
    });
    const found = await Promise.all(shifts);
    expect(new Set(found).size).toBe(3);
    for (const shift of found) expect(shift >= 0 && shift < 2 ** 30).toBe(true);
  });

  it('leaves no number without a session, and none that does not fit', async () => {
    const sessionHash = hash();
    await opened.store.append([
      oldEvent({ sessionHash: null, seq: 5 }),
      oldEvent({ sessionHash, seq: 2_147_483_647 }),
      oldEvent({ sessionHash, seq: 2_147_483_000 }),
    ]);
    await rewriteAll();
    const seqs = (await rows()).map(({ seq }) => seq);
    expect(seqs.filter((seq) => seq === null)).toHaveLength(1);
    expect(Math.max(...seqs.map((seq) => seq ?? 0))).toBe(2_147_483_647);
  });

  it('takes client id and number from rows without visitor and session, and from no other', async () => {
    await opened.store.append([
      oldEvent({ userHash: null, sessionHash: null, seq: 5 }),
      oldEvent({ userHash: null, seq: 5, createdAt: at('13:00:00.000') }),
      oldEvent({ sessionHash: null, seq: 5, createdAt: at('14:00:00.000') }),
    ]);
    await rewriteAll();
    const found = await rows();
    expect(found.map((row) => row.clientEventId !== null)).toEqual([false, true, true]);
    expect(found.map((row) => row.seq !== null)).toEqual([false, true, false]);
  });

  it('changes nothing else, and no row that has the form of today', async () => {
    const old = oldEvent({ seq: null, entityId: 'j1' });
    const today = anonymousEvent({ createdAt: at('13:00:00.000') });
    await opened.store.append([old, today]);
    const before = await rows();
    await rewriteAll();
    const after = await rows();
    expect(after[1]).toEqual(before[1]);
    expect({ ...after[0], id: '', clientEventId: '' }).toEqual({ ...before[0], id: '', clientEventId: '' });
  });

  it('leaves one row where an old and a new replica stored the same event at once', async () => {
    const old = oldEvent();
    await opened.store.append([anonymousEvent({ id: eventId(secret, 'user-1', old.clientEventId ?? '') })]);
    await opened.store.append([old]);
    expect(await rows()).toHaveLength(2);
    await rewriteAll();
    expect(await rows()).toHaveLength(1);
    expect(await opened.store.countOldRows()).toBe(0);
  });

  it('has its day counted anew where a row went, and not where none did', async () => {
    const old = oldEvent();
    const logged = () => opened.prisma.$queryRawUnsafe('SELECT day::text AS day FROM stat_change');
    await opened.store.append([old]);
    await opened.store.append([anonymousEvent({ id: eventId(secret, 'user-2', old.clientEventId ?? '') })]);
    await opened.prisma.$executeRawUnsafe('TRUNCATE stat_change');
    await rewriteAll();
    expect(await logged()).toEqual([]);
    await opened.store.append([oldEvent({ id: oldEventId('user-2', old.clientEventId ?? '') })]);
    expect(await opened.prisma.$executeRawUnsafe('TRUNCATE stat_change')).toBe(0);
    await rewriteAll();
    expect(await logged()).toEqual([{ day: '2026-11-20' }]);
  });

  it('is a job that can be stopped between two batches, and goes on where it stopped', async () => {
    await opened.store.append(Array.from({ length: 40 }, () => oldEvent({ sessionHash: null })));
    const upgrade = { ...opened.store, rewriteOldRows: () => opened.store.rewriteOldRows(10) };
    const { cron } = jobs['rewrite-rows'];
    const job = { name: 'rewrite-rows', cron, work: createRewriteRows({ upgrade, log: silent }) };
    const successes = createJobSuccesses({ now: () => new Date() });
    const runner = { coordination: opened.store, log: silent, metrics: createMetrics(), successes };
    const runOnce = (run: JobRun) => runJob(job, runner, run);
    const once = { dryRun: false, stopped: () => true };
    expect(await runOnce({ ...once, dryRun: true })).toMatchObject({
      report: { dryRun: true, rows: 40 },
    });
    expect(await runOnce(once)).toMatchObject({
      outcome: 'done',
      report: { rows: 10, batches: 1, complete: false },
    });
    expect(await runOnce({ ...once, stopped: () => false })).toMatchObject({
      report: { rows: 30, batches: 3, complete: true },
    });
    expect(await runOnce(once)).toMatchObject({ report: { rows: 0, complete: true } });
  });
}

describe('rows of older versions (pglite)', () => rewriting(() => openTestStore()));

await describePostgres('rows of older versions (postgres)', (database) => {
  rewriting(() => openTestStore({ databaseUrl: database().url }));

  it('are looked for in an index, by the append statement and by the job', async () => {
    const { url, drop } = await createPostgresDatabase();
    const { prisma, store } = await openTestStore({ databaseUrl: url });
    await store.append(Array.from({ length: 200 }, () => oldEvent()));
    await prisma.$executeRawUnsafe('ANALYZE events');
    const plan = await prisma.$queryRawUnsafe<Record<string, string>[]>(
      `EXPLAIN SELECT id FROM events WHERE substring(uuid_send(id) for 6) <> substring(uuid_send(id) from 11)
       ORDER BY substring(uuid_send(id) from 7) LIMIT 10`,
    );
    expect(JSON.stringify(plan)).toContain('events_old_form_idx');
    await store.close();
    await drop();
  });
});
