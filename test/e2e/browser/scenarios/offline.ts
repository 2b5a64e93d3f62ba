import { describe, expect, it } from 'vitest';
import type { House } from '../house.js';
import { eventually, expectBalanced, expectStored } from '../sums.js';
import type { Tab, Visit } from '../visit.js';

/** Events that outlive their page in the offline store. */
export function offlineScenarios(house: () => House): void {
  describe('events of a page that was offline', () => {
    it('are sent by the next page, once', async () => {
      const { visit, tab } = await keptOffline(house(), 5);
      await tab.leave();
      await visit.context.setOffline(false);
      const next = await visit.open();
      await next.start({ offline: true });
      await eventually(next.stats).toMatchObject({ restored: 5, accepted: 5, queued: 0, inFlight: 0 });
      expectBalanced(await next.stats());
      await expectStored(visit, 5);
      await eventually(() => next.call('kept')).toBe(0);
    });

    it('are sent by one of two pages that are open, and not by both', async () => {
      const { visit, tab } = await keptOffline(house(), 8);
      await tab.leave();
      await visit.context.setOffline(false);
      const tabs = await Promise.all([visit.open(), visit.open()]);
      await Promise.all(tabs.map((each) => each.start({ offline: true })));
      await expectStored(visit, 8);
      const sums = async (): Promise<readonly number[]> => {
        const all = await Promise.all(tabs.map((each) => each.stats()));
        return [
          all.reduce((sum, { restored = 0 }) => sum + restored, 0),
          all.reduce((sum, s) => sum + s.sent, 0),
        ];
      };
      await eventually(sums).toEqual([8, 8]);
    });

    it('survive a crash of the page', async () => {
      const { visit, tab } = await keptOffline(house(), 6);
      await tab.page.goto('chrome://crash').catch(() => {});
      await tab.page.close();
      await visit.context.setOffline(false);
      const next = await visit.open();
      await next.start({ offline: true });
      await expectStored(visit, 6);
      await eventually(next.stats).toMatchObject({ restored: 6, accepted: 6 });
    });

    it('stay with the page while it lives', async () => {
      const visit = await house().visit();
      visit.site.telemetry.always({ status: 503 });
      const tab = await visit.open();
      await tab.start({ offline: true });
      await tab.track(4);
      await eventually(() => tab.call('kept')).toBe(4);
      const other = await visit.open();
      await other.start({ offline: true });
      await other.track();
      visit.site.telemetry.always('pass');
      await other.call('flush');
      await expectStored(visit, 5);
      await eventually(tab.stats).toMatchObject({ tracked: 4, accepted: 4 });
      const { tracked, restored = 0, accepted } = await other.stats();
      expect({ tracked, restored, accepted }).toEqual({ tracked: 1, restored: 0, accepted: 1 });
    });

    it('are not sent by the page of somebody else', async () => {
      const { visit, tab } = await keptOffline(house(), 3);
      await tab.leave();
      await visit.context.setOffline(false);
      const stranger = await house().people.person();
      const other = await visit.open();
      await other.start({ offline: true, user: { id: stranger.sub }, token: stranger.token });
      await other.track(2);
      await other.call('flush');
      await expectStored(visit, 2);
      const { restored = 0, accepted } = await other.stats();
      expect({ restored, accepted }).toEqual({ restored: 0, accepted: 2 });
      const own = await visit.open();
      await own.start({ offline: true });
      await expectStored(visit, 5);
      await eventually(own.stats).toMatchObject({ restored: 3, accepted: 3 });
    });

    it('are forgotten when consent is withdrawn', async () => {
      const { visit, tab } = await keptOffline(house(), 3);
      await tab.call('setConsent', 'denied');
      await eventually(() => tab.call('kept')).toBe(0);
      const stats = await tab.stats();
      expectBalanced(stats);
      expect(stats.dropped).toEqual({ consent_denied: 3 });
      await visit.context.setOffline(false);
      const next = await visit.open();
      await next.start({ offline: true });
      await next.track();
      await next.call('flush');
      await expectStored(visit, 1);
    });
  });
}

/** A page that has so many events in the offline store, and no network. */
async function keptOffline(house: House, count: number): Promise<{ visit: Visit; tab: Tab }> {
  const visit = await house.visit();
  const tab = await visit.open();
  await visit.context.setOffline(true);
  await tab.start({ offline: true });
  await tab.track(count);
  await eventually(() => tab.call('kept')).toBe(count);
  return { visit, tab };
}
