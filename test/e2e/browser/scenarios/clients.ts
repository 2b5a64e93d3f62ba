import { describe, expect, it } from 'vitest';
import type { House } from '../house.js';
import { eventually, expectBalanced, expectStored } from '../sums.js';

interface Times {
  readonly without: readonly number[];
  readonly with: readonly number[];
}

/** The tracker on the GraphQL client that the app has already. */
export function clientScenarios(house: () => House): void {
  describe.each(['apollo', 'urql'])('an app on its own client (%s)', (client) => {
    it('has its events sent with the client’s own headers', async () => {
      const visit = await house().visit();
      const tab = await visit.open(`/${client}`);
      await tab.start();
      await tab.track(12);
      await tab.call('flush');
      await expectStored(visit, 12);
      const stats = await tab.stats();
      expectBalanced(stats);
      expect(stats).toMatchObject({ accepted: 12, dropped: {} });
      for (const { headers } of visit.site.telemetry.seen)
        expect(headers.authorization).toBe(`Bearer ${visit.person.token}`);
    });

    it('does not wait for telemetry that hangs', async () => {
      const visit = await house().visit();
      visit.site.telemetry.always('hang');
      const tab = await visit.open(`/${client}`);
      await tab.start();
      await tab.track(60);
      await eventually(() => visit.site.telemetry.seen.length).toBe(1);
      expect(await tab.call('book', 'Supper')).toBe('Supper');
      expect((await tab.stats()).accepted).toBe(0);
    });

    it('does not keep telemetry waiting for a mutation of its own that hangs', async () => {
      const visit = await house().visit();
      visit.site.app.always('hang');
      const tab = await visit.open(`/${client}`);
      await tab.start();
      await tab.page.evaluate(`void host.book('Supper').catch(() => {})`);
      await eventually(() => visit.site.app.seen.length).toBe(1);
      await tab.track(12);
      await tab.call('flush');
      await expectStored(visit, 12);
    });

    it('is spared by telemetry that fails, which is tried again', async () => {
      const visit = await house().visit();
      visit.site.telemetry.next({ status: 429, retryAfter: '1' }, { status: 500 }, 'cut after');
      const tab = await visit.open(`/${client}`);
      await tab.start();
      await tab.track(5);
      await tab.call('flush');
      await expectStored(visit, 5);
      await eventually(tab.stats).toMatchObject({ accepted: 0, duplicates: 5, queued: 0, inFlight: 0 });
      expect(await tab.call('book', 'Supper')).toBe('Supper');
    });
  });

  it('Apollo Client tells no watched query of it and caches nothing of it', async () => {
    const visit = await house().visit();
    const tab = await visit.open('/apollo');
    await tab.start();
    expect(await tab.call('watch')).toBe(1);
    const [notified, cached] = [await tab.call('notified'), await tab.call('cached')];
    await tab.track(25);
    await tab.call('flush');
    await expectStored(visit, 25);
    expect(await tab.call('notified')).toBe(notified);
    expect(await tab.call('cached')).toEqual(cached);
  });

  it('mutations of the app take as long as they did; the figures', async () => {
    const visit = await house().visit();
    const tab = await visit.open('/apollo');
    await tab.start();
    await tab.call('time', 10, 0, visit.journey);
    const times = await tab.call<Times>('time', 50, 10, visit.journey);
    await tab.call('flush');
    await expectStored(visit, 500);
    for (const [kind, all] of Object.entries(times))
      console.info(
        `e2e: app mutations ${kind} telemetry: p50 ${ms(all, 0.5)}, p95 ${ms(all, 0.95)} ms of 50`,
      );
  });
}

function ms(times: readonly number[], share: number): string {
  const sorted = [...times].sort((a, b) => a - b);
  return (sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN).toFixed(1);
}
