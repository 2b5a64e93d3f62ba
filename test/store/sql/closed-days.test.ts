import { expect, it } from 'vitest';
import type { SqlEngine } from '../../../src/store/engine/sql-engine.js';
import { openPostgres } from '../../../src/store/postgres/postgres.js';
import { createPrismaClient } from '../../../src/store/sql/prisma-client.js';
import { createSqlStore } from '../../../src/store/sql/sql-store.js';
import { describePostgres, silent } from '../../support/database.js';
import { anonymousEvent } from '../../support/events.js';
import { usualRules, utcDay } from '../../support/forget.js';

const day = utcDay('2026-05-31');
const late = () => anonymousEvent({ day: day.day, createdAt: day.start });

await describePostgres('closing a day', (database) => {
  const storeOn = (engine: SqlEngine & { readonly adapter: Parameters<typeof createPrismaClient>[0] }) =>
    createSqlStore({
      engine,
      prisma: createPrismaClient(engine.adapter),
      migrations: [],
      dayZone: 'UTC',
      clock: { now: () => new Date() },
      log: silent,
    });
  const open = () => openPostgres({ databaseUrl: database().url, poolMax: 10, log: silent });

  it('waits for an event that is being stored, counts it, and refuses the one that comes after', async () => {
    const engine = open();
    const store = storeOn(engine);
    const other = open();
    let statement: Parameters<SqlEngine['write']>[0] | undefined;
    const remembering = storeOn({
      ...engine,
      write: (sent) => {
        statement = sent;
        return Promise.resolve({ rows: [], affected: 0 });
      },
    });
    await remembering.append([late()]);
    let forgotten: Promise<number> | undefined;
    let isForgotten = false;
    await other.snapshot('work', async (query) => {
      if (!statement) throw new Error('nothing was written');
      await query(statement);
      forgotten = store.forgetDay(day, 100, usualRules);
      forgotten.then(() => {
        isForgotten = true;
      });
      // Whoever closes the day has asked for its lock and waits.
      await untilWaiting(engine);
      expect(isForgotten).toBe(false);
    });
    const behind = store.append([late()]);
    expect(await forgotten).toBe(1);
    expect(await behind).toEqual(['TOO_OLD']);
    const { rows } = await engine.query({
      text: 'SELECT events::int AS events, sealed FROM stat_day JOIN stat_state USING (day) WHERE kind = 0',
      values: [],
    });
    expect(rows).toEqual([{ events: 1, sealed: true }]);
    await other.close();
    await store.close();
  });

  it('stores every event that it acknowledges, with writers that never pause', {
    timeout: 60_000,
  }, async () => {
    const engine = open();
    const store = storeOn(engine);
    const days = ['2026-06-10', '2026-06-11', '2026-06-12', '2026-06-13'].map(utcDay);
    let isOver = false;
    const accepted = new Map<string, number>();
    const writers = Array.from({ length: 4 }, async () => {
      while (!isOver) {
        for (const { day: name, start } of days) {
          const [verdict] = await store.append([anonymousEvent({ day: name, createdAt: start })]);
          if (verdict === 'ACCEPTED') accepted.set(name, (accepted.get(name) ?? 0) + 1);
          else expect(verdict).toBe('TOO_OLD');
        }
      }
    });
    for (const one of days.slice(0, 3)) {
      while ((accepted.get(one.day) ?? 0) < 20) await new Promise((resolve) => setTimeout(resolve, 5));
      await store.forgetDay(one, 100_000, usualRules);
    }
    isOver = true;
    await Promise.all(writers);
    const { rows } = await engine.query({
      text: "SELECT day::text AS day, events::int AS events FROM stat_day WHERE kind = 0 AND day > '2026-06-01' ORDER BY 1",
      values: [],
    });
    expect(rows).toEqual(
      days.slice(0, 3).map(({ day: name }) => ({ day: name, events: accepted.get(name) })),
    );
    const left = await engine.query({
      text: 'SELECT count(*)::int AS count FROM events WHERE created_at < $1',
      values: [days[3]?.start],
    });
    expect(left.rows).toEqual([{ count: 0 }]);
    await store.close();
  });

  async function untilWaiting(engine: SqlEngine): Promise<void> {
    const text = "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'kept_from'::regclass";
    while ((await engine.probe({ text, values: [] })).rows.length === 0);
  }
});
