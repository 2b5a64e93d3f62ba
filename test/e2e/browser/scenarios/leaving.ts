import { describe, expect, it } from 'vitest';
import type { House } from '../house.js';
import { eventsIn, eventually, expectBalanced, expectExit, expectStored } from '../sums.js';
import type { Exit, Tab, Visit } from '../visit.js';

/** Pages come and go; what they tracked is stored once. */
export function leavingScenarios(house: () => House): void {
  describe('a page that is left', () => {
    it('by a click that is itself an event: the event is stored', async () => {
      const visit = await house().visit();
      const { page, start, call } = await visit.open();
      await start();
      await call('addLink', 3, visit.journey);
      await page.click('text=Elsewhere');
      await expectExit(visit, 3);
    });

    it('by closing the tab: what waited for company is stored', async () => {
      const visit = await house().visit();
      const { start, track, leave } = await visit.open();
      await start();
      await track(7);
      await leave();
      await expectExit(visit, 7);
    });

    it('by a reload, and the new page starts from nothing', async () => {
      const visit = await house().visit();
      const tab = await visit.open();
      await tab.start();
      await tab.track(4);
      await tab.page.reload();
      await expectExit(visit, 4);
      await tab.start();
      const stats = await tab.stats();
      expect(stats).toMatchObject({ tracked: 0, sent: 0 });
      expect(stats).not.toHaveProperty('restored');
    });

    it('while a request hangs: what was in flight is counted as such, what waited behind it leaves too', async () => {
      const visit = await house().visit();
      visit.site.telemetry.next('hang');
      const { page, start, track, leave } = await visit.open();
      await start();
      await track(2);
      await page.evaluate('void host.flush()');
      await eventually(() => visit.site.telemetry.seen.length).toBe(1);
      await track(3);
      await leave();
      await eventually(() => visit.site.exits.length).toBe(1);
      const { stats } = visit.site.exits[0] as Exit;
      expectBalanced(stats);
      expect(stats).toMatchObject({ tracked: 5, queued: 0, dropped: {} });
      await eventually(async () => (await visit.stored()).length).toBeGreaterThanOrEqual(3);
    });

    it('into the back/forward cache, and goes on where it was when it comes back', async () => {
      const visit = await house().visit();
      const tab = await visit.open();
      await tab.start();
      await tab.track(2);
      await tab.page.goto(`${visit.site.origin}/elsewhere`);
      const exit = await expectExit(visit, 2);
      expect(exit.persisted).toBe(true);
      await tab.page.goBack({ waitUntil: 'commit' });
      await tab.track(3);
      await tab.call('flush');
      await expectSettled(tab, { tracked: 5 });
      await expectStored(visit, 5);
    });
  });

  describe('a tab', () => {
    it('that is offline keeps its events and sends them once when it is back', async () => {
      const visit = await house().visit();
      const tab = await visit.open();
      // How long it takes to notice that it is back.
      await tab.start({ flushIntervalMs: 1_000 });
      await visit.context.setOffline(true);
      await tab.track(12);
      await eventually(async () => (await tab.stats()).queued + (await tab.stats()).inFlight).toBe(12);
      expect(visit.site.telemetry.seen).toHaveLength(0);
      await visit.context.setOffline(false);
      await expectStored(visit, 12);
      await expectSettled(tab, { tracked: 12, accepted: 12, dropped: {} });
    });

    it('has one session over a reload; its duplicate has another', async () => {
      const visit = await house().visit();
      const tab = await visit.open();
      await tab.start({ session: 'tab' });
      const first = await nextSession(visit, tab);
      await tab.page.reload();
      await tab.start({ session: 'tab' });
      expect(await nextSession(visit, tab)).toBe(first);

      await tab.page.evaluate(`sessionStorage.setItem('of the app', 'copied')`);
      const opened = tab.page.waitForEvent('popup');
      await tab.call('open');
      const copy = visit.tab(await opened);
      await copy.page.waitForFunction('globalThis.host !== undefined');
      // The browser copies the storage, where no session is while a page has it.
      expect(await copy.page.evaluate('Object.keys(sessionStorage)')).toEqual(['of the app']);
      await copy.start({ session: 'tab' });
      const second = await nextSession(visit, copy);
      expect(second).not.toBe(first);
      expect(await nextSession(visit, tab)).toBe(first);
      await copy.page.reload();
      await copy.start({ session: 'tab' });
      expect(await nextSession(visit, copy)).toBe(second);

      await expectStored(visit, 5);
      const rows = await house().database.query<{ sessions: string }>(
        'SELECT count(DISTINCT session_hash) AS sessions FROM events WHERE entity_id = $1',
        [visit.journey],
      );
      expect(rows).toEqual([{ sessions: '2' }]);
    });
  });
}

/** Nothing waits any more, and the sum holds. */
async function expectSettled(tab: Tab, wanted: object): Promise<void> {
  await eventually(tab.stats).toMatchObject({ queued: 0, inFlight: 0 });
  const stats = await tab.stats();
  expectBalanced(stats);
  expect(stats).toMatchObject(wanted);
}

/** The session id that the next event goes out with. */
async function nextSession(visit: Visit, tab: Tab): Promise<string | undefined> {
  const before = visit.site.telemetry.seen.length;
  await tab.track();
  await tab.call('flush');
  const sent = visit.site.telemetry.seen.slice(before).flatMap(({ body }) => eventsIn(body));
  expect(sent).toHaveLength(1);
  expect(sent[0]?.sessionId).toMatch(/^[0-9a-f-]{36}$/);
  return sent[0]?.sessionId;
}
