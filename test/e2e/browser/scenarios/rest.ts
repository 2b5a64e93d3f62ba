import { describe, expect, it } from 'vitest';
import { startReplica } from '../../support/replica.js';
import type { House } from '../house.js';
import { eventually, expectBalanced } from '../sums.js';

/** Straight to the service, past every gateway, from another origin. */
export function restScenarios(house: () => House): void {
  describe('the REST endpoint on another origin', () => {
    it('takes events of the origin that it was told of and of no other', async () => {
      const [visit, stranger] = [await house().visit(), await house().visit()];
      const replica = await startReplica('signals for browsers', {
        ...house().settings,
        SIGNALS_AUTH: 'bearer',
        SIGNALS_CLIENT_IP_SOURCE: 'socket',
        SIGNALS_CORS_ORIGINS: visit.site.origin,
      });
      try {
        const options = { api: 'rest', endpoint: `${replica.url}/v1/events`, maxAttempts: 2 };
        const tab = await visit.open();
        await tab.start(options);
        await tab.track(12);
        await tab.call('flush');
        const stats = await tab.stats();
        expectBalanced(stats);
        expect(stats).toMatchObject({ tracked: 12, accepted: 12, dropped: {} });
        expect(new Set(await visit.stored()).size).toBe(12);

        await tab.track(4);
        await tab.leave();
        await eventually(async () => (await visit.stored()).length).toBe(16);

        const other = await stranger.open();
        await other.start(options);
        await other.track(3);
        await other.call('flush');
        await eventually(other.stats).toMatchObject({ dropped: { network: 3 }, queued: 0, inFlight: 0 });
        expect(await stranger.stored()).toEqual([]);
      } finally {
        await replica.child.stop();
      }
    });
  });
}
