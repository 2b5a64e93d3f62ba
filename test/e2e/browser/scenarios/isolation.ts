import { describe, expect, it } from 'vitest';
import type { House } from '../house.js';
import { eventually, expectBalanced, expectStored } from '../sums.js';

/** What the page looks like from outside the tracker: as if there were none. (No uncaught error: browser.test.ts.) */
export function isolationScenarios(house: () => House): void {
  describe('a page', () => {
    it('has no global more than before', async () => {
      const visit = await house().visit();
      const tab = await visit.open();
      const before = await tab.call('windowNames');
      await tab.start({ offline: true, session: 'tab' });
      await tab.track(3);
      await tab.call('flush');
      await tab.call('close', {});
      expect(await tab.call('windowNames')).toEqual(before);
      await expectStored(visit, 3);
    });

    it.each([
      ['whose policy forbids the connection', '', `connect-src 'none'`],
      ['without fetch', 'delete globalThis.fetch;', undefined],
      [
        'whose fetch throws',
        `globalThis.fetch = () => { throw new TypeError('Failed to wrap fetch'); };`,
        undefined,
      ],
      ['whose fetch rejects with nothing', 'globalThis.fetch = () => Promise.reject();', undefined],
    ])('%s goes on, and the events are counted as lost', async (_, script, policy) => {
      const visit = await house().visit();
      visit.site.policy = policy;
      await visit.context.addInitScript({ content: script });
      const tab = await visit.open();
      await tab.start({ maxAttempts: 2 });
      await tab.track(3);
      await tab.call('flush');
      await eventually(tab.stats).toMatchObject({
        tracked: 3,
        dropped: { network: 3 },
        queued: 0,
        inFlight: 0,
      });
      expectBalanced(await tab.stats());
      expect(visit.site.telemetry.seen).toHaveLength(0);
    });

    it('whose storage throws still has its events sent', async () => {
      const visit = await house().visit();
      await visit.context.addInitScript({ content: forbidsStorage });
      const tab = await visit.open();
      await tab.start({ session: 'tab', offline: true });
      await tab.track(3);
      await tab.call('flush');
      await expectStored(visit, 3);
    });

    it('whose handlers and options throw still has its events counted', async () => {
      const visit = await house().visit();
      const tab = await visit.open();
      await tab.call('startWithThrowingHandlers', visit.person.token);
      await tab.track(3);
      await tab.call('flush');
      await eventually(tab.stats).toMatchObject({ tracked: 3, dropped: { before_send: 3 } });
      await expectStored(visit, 0);
    });
  });
}

/** As a browser does whose user blocks all site data. */
const forbidsStorage = `for (const name of ['sessionStorage', 'localStorage', 'indexedDB'])
  Object.defineProperty(window, name, {
    get() { throw new DOMException('Access is denied for this document.', 'SecurityError'); },
  });`;
