import { describe, expect, it, vi } from 'vitest';
import { postGraphql } from '../support/browser.js';
import type { Person } from '../support/people.js';
import { type Replica, runCommand, startReplica } from '../support/replica.js';
import type { Stack } from '../support/stack.js';
import { type PageView, pageView, track, trackEventMutation } from '../support/tracking.js';

const day = 86_400_000;

/** What two replicas have just done together. Comes first: it looks at what their start has left behind. */
export function startScenarios(stack: () => Stack): void {
  describe('two replicas that migrate one empty database at the same time', () => {
    it('apply every migration once and keep no lock of it', async () => {
      const { query, locks } = stack().database;
      const applied = await query(
        'SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL',
      );
      expect(applied.length).toBeGreaterThan(0);
      expect(new Set(applied.map((row) => row.migration_name)).size).toBe(applied.length);
      expect((await locks()).filter(({ locktype }) => locktype === 'advisory')).toEqual([]);
    });
  });
}

/** What an operator does to a running house. They change it, so they come last but one. */
export function operationScenarios(stack: () => Stack): void {
  const ids = async (): Promise<string[]> =>
    (await stack().database.query<{ id: string }>('SELECT id FROM events ORDER BY id')).map(({ id }) => id);
  const hashOf = async (input: PageView): Promise<string | undefined> =>
    (await stack().database.only(input.clientEventId)).user_hash?.toString('hex');

  describe('operations', () => {
    it('the purge deletes exactly what is older than the retention', async () => {
      const { people, database, hive, databaseUrl } = stack();
      const importer = await people.person({ roles: ['backfill'] });
      const at = (daysAgo: number): string => new Date(Date.now() - daysAgo * day).toISOString();
      const old = pageView(importer, { occurredAt: at(10) });
      const young = pageView(importer, { occurredAt: at(4) });
      for (const input of [old, young])
        expect(await track(hive.url, importer, input)).toMatchObject({ status: 'ACCEPTED' });
      const { id, created_at } = await database.only(old.clientEventId);
      expect(created_at.toISOString()).toBe(old.occurredAt);

      const before = await ids();
      const settings = { NODE_ENV: 'production', DATABASE_URL: databaseUrl, SIGNALS_RETENTION_DAYS: '5' };
      const dry = await runCommand(['job', 'purge', '--dry-run'], settings);
      expect(JSON.parse(dry.output)).toMatchObject({ outcome: 'done', report: { events: 1, dryRun: true } });
      expect(await ids()).toEqual(before);
      const run = await runCommand(['job', 'purge'], settings);
      expect(run.code, run.output).toBe(0);
      expect(JSON.parse(run.output)).toMatchObject({ job: 'purge', outcome: 'done', report: { events: 1 } });
      expect(await ids()).toEqual(before.filter((one) => one !== id));
    });

    it('the kill switch makes everybody new, on every replica, and leaves stored rows as they are', async () => {
      const { people, hive, apollo } = stack();
      const person = await people.person();
      const inputs = { before: pageView(person), hive: pageView(person), apollo: pageView(person) };
      await track(hive.url, person, inputs.before);
      const before = await hashOf(inputs.before);
      const generations = () =>
        Promise.all([hive, apollo].map(({ replica }) => replica.metric('signals_salt_generation')));
      expect(await generations()).toEqual([1, 1]);
      stack().replaceSaltSecret();
      await vi.waitUntil(async () => (await generations()).every((generation) => generation === 2), {
        timeout: 10_000,
        interval: 100,
      });
      await track(hive.url, person, inputs.hive);
      await track(apollo.url, person, inputs.apollo);
      const after = await hashOf(inputs.hive);
      expect(after).toMatch(/^[0-9a-f]{32,}$/);
      expect(after).not.toBe(before);
      expect(await hashOf(inputs.apollo)).toBe(after);
      expect(await hashOf(inputs.before)).toBe(before);
    });

    it('SIGTERM while requests wait for the database: they are answered, stored, and it exits 0', async () => {
      const { people, database, bearerSettings, replicas } = stack();
      const replica = await startReplica('signals that is stopped', bearerSettings);
      replicas.push(replica);
      const person = await people.person();
      const inputs = Array.from({ length: 8 }, () => pageView(person));
      await database.whileWritesAreBlocked(async ({ waiting, release }) => {
        const answers = inputs.map((input) => trackDirectly(replica, person, input));
        await vi.waitUntil(
          async () =>
            (await waiting()) > 0 && (await replica.metric('signals_events_pending')) === inputs.length,
          { timeout: 5_000, interval: 20 },
        );
        const exit = replica.child.stop();
        await replica.child.wrote(/stopping/);
        await release();
        expect(await Promise.all(answers)).toEqual(inputs.map(() => 'ACCEPTED'));
        expect(await exit).toBe(0);
      });
      for (const input of inputs) expect(await database.stored(input.clientEventId)).toHaveLength(1);
    });

    it('the counts of every replica add up: received is accepted, duplicate, dropped, rejected or failed', async () => {
      for (const { replica } of [stack().hive, stack().apollo]) {
        const received = await replica.metric('signals_events_received_total');
        expect(received).toBeGreaterThan(0);
        expect(await replica.metric('signals_events_total')).toBe(received);
      }
    });
  });
}

/** What became of an event that is sent to the subgraph itself, as a gateway would send it. */
async function trackDirectly(
  { url }: Replica,
  { token, userAgent, address }: Person,
  input: PageView,
): Promise<string | undefined> {
  const headers = {
    authorization: `Bearer ${token}`,
    'x-forwarded-for': address,
    ...(userAgent && { 'user-agent': userAgent }),
  };
  const body = { query: trackEventMutation, variables: { input } };
  const answer = await postGraphql<{ trackEvent: { status: string } }>(`${url}/graphql`, body, headers);
  return answer.data?.trackEvent.status;
}
