import { describe, expect, it } from 'vitest';
import { countByStats } from '../../../tools/replay/counted-days.js';
import { run } from '../../../tools/replay/main.js';
import type { ReplayReport } from '../../../tools/replay/report.js';
import { openPostgresWorld, openWorld, type World } from '../../hostile/world.js';
import { bearer, type TestApp } from '../../support/app.js';
import { fakeIo, realLog } from './files.js';

const now = new Date('2026-03-10T15:00:00Z');
const log = realLog();

describe('the log of 10,000 real requests, in a real server', () => {
  if (log === null) {
    it('is not beside the repository, so it was not counted', () => {
      console.warn('replay: the real access log is not there, so its visitors were not counted');
      expect(log).toBeNull();
    });
    return;
  }

  it.each([
    ['PGlite', openWorld],
    ['PostgreSQL', openPostgresWorld],
  ])(
    'has the daily visitors that the replay counts by itself, by eventStats on %s',
    async (_, open) => {
      const world: World | null = await open();
      if (world === null) return;
      const app = await world.start({ now: () => now, env: serverEnv });
      const fromRaw = await replay(log, app);
      expect(fromRaw.accepted).toBeGreaterThan(7_000);
      expectAgreement(fromRaw);

      // Until now from raw rows, from here on from the counts of days.
      const { store } = world.store;
      await store.beginCounting();
      for (const { day } of await store.changedDays()) expect(await store.countDay(day)).toBe('COUNTED');
      const again = await countByStats(
        await adminOf(app),
        fromRaw.days.map(({ day }) => day),
      );
      expect(again).toEqual({ ok: true, value: fromRaw.counted });
      await world.close();
    },
    120_000,
  );
});

const serverEnv = { SIGNALS_CLIENT_IP_SOURCE: 'xff' };

async function replay(log: string, app: TestApp): Promise<ReplayReport> {
  const env = {
    SIGNALS_TOKEN: await app.token('importer', 'backfill'),
    SIGNALS_ADMIN_TOKEN: await app.token('boss', 'admin'),
  };
  const { io, written } = fakeIo({ now, env });
  expect(await run([log, '--url', app.url, '--json'], io)).toBe(0);
  return JSON.parse(written.stdout);
}

async function adminOf(app: TestApp): Promise<Parameters<typeof countByStats>[0]> {
  const headers = bearer(await app.token('boss', 'admin'));
  return async (body) => {
    const response = await app.post('/graphql', body, headers);
    return { outcome: `http_${response.status}`, text: await response.text(), waitMs: 0 };
  };
}

/** Two counts that have nothing in common: sets of addresses and user agents in memory, and SQL over hashes. */
function expectAgreement({ days, counted, compareFailed }: ReplayReport): void {
  expect(compareFailed).toBeNull();
  const independent = days.map(({ day, eventsTaken, visitorsTaken }) => [
    day,
    { events: eventsTaken, visitors: visitorsTaken },
  ]);
  expect(independent).toHaveLength(4);
  expect(counted).toEqual(Object.fromEntries(independent));
}
