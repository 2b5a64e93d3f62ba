import { describe, expect, it } from 'vitest';
import type { Fault } from '../faults.js';
import type { House } from '../house.js';
import { eventually, expectBalanced, expectStored, idsIn } from '../sums.js';
import type { Stats } from '../visit.js';

/** Much at once, and a gateway that does not do what it should. */
export function troubleScenarios(house: () => House): void {
  describe('a burst of 5,000 events', () => {
    it('is stored where the queue may hold it', async () => {
      const visit = await house().visit();
      const tab = await visit.open();
      await tab.start({ maxQueue: 10_000 });
      await tab.track(5_000);
      await tab.call('flush');
      const stats = await tab.stats();
      expectBalanced(stats);
      expect(stats).toMatchObject({ tracked: 5_000, accepted: 5_000, dropped: {} });
      await expectStored(visit, 5_000);
    });

    it('loses what a queue of the usual size has no room for, and says how many', async () => {
      const visit = await house().visit();
      const tab = await visit.open();
      await tab.start();
      await tab.track(5_000);
      await tab.call('flush');
      const stats = await tab.stats();
      expectBalanced(stats);
      expect(stats).toMatchObject({ tracked: 5_000, accepted: 1_000, dropped: { queue_full: 4_000 } });
      await expectStored(visit, 1_000);
    });
  });

  describe('a gateway that', () => {
    it.each<[string, readonly Fault[], Partial<Stats>]>([
      ['says 429 and when to come again', [{ status: 429, retryAfter: '1' }], { sent: 16, accepted: 8 }],
      ['says 500, twice', [{ status: 500 }, { status: 500 }], { sent: 24, accepted: 8 }],
      ['never answers', ['hang'], { sent: 16, accepted: 8 }],
      ['drops the connection before it heard', ['cut before'], { accepted: 8 }],
      ['drops the connection before it answers', ['cut after'], { duplicates: 8 }],
      ['takes every other event', ['half'], { sent: 12, accepted: 8 }],
      ['has all of it in a row', ['cut after', { status: 503 }, 'half', 'cut before'], { duplicates: 8 }],
    ])('%s gets every event in the end, and stores it once', async (_, faults, wanted) => {
      const visit = await house().visit();
      visit.site.telemetry.next(...faults);
      const tab = await visit.open();
      await tab.start({ timeoutMs: 1_500 });
      await tab.track(8);
      await tab.call('flush');
      await eventually(tab.stats).toMatchObject({ queued: 0, inFlight: 0 });
      const stats = await tab.stats();
      expectBalanced(stats);
      expect(stats).toMatchObject({ tracked: 8, dropped: {}, ...wanted });
      await expectStored(visit, 8);
      const { seen } = visit.site.telemetry;
      expect(seen).toHaveLength(faults.length + 1);
      expect(new Set(seen.flatMap(({ body }) => idsIn(body))).size).toBe(8);
    });

    it('refuses for good is not asked again, and the events are counted by its status', async () => {
      const visit = await house().visit();
      visit.site.telemetry.always({ status: 403 });
      const tab = await visit.open();
      await tab.start();
      await tab.track(4);
      await tab.call('flush');
      const stats = await tab.stats();
      expectBalanced(stats);
      expect(stats).toMatchObject({ tracked: 4, accepted: 0, dropped: { http_403: 4 } });
      expect(visit.site.telemetry.seen).toHaveLength(1);
      await expectStored(visit, 0);
    });

    it('rejects one event stores the others, and the one is counted by the server’s reason', async () => {
      const visit = await house().visit();
      const tab = await visit.open();
      await tab.start();
      await tab.track(3);
      await tab.call('trackAs', 'never_heard_of', visit.journey);
      await tab.call('flush');
      const stats = await tab.stats();
      expectBalanced(stats);
      expect(stats).toMatchObject({ tracked: 4, accepted: 3, dropped: { UNKNOWN_EVENT_TYPE: 1 } });
      await expectStored(visit, 3);
    });
  });
}
