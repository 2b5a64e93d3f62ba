import { describe, expect, it } from 'vitest';
import type { House } from '../house.js';
import { eventually, expectBalanced, expectStored, idsIn } from '../sums.js';
import type { StartOptions, Tab, Visit } from '../visit.js';

/** Who may be tracked, and when. */
export function permissionScenarios(house: () => House): void {
  describe('while it is not known whether somebody may be tracked', () => {
    it.each<[string, StartOptions, string]>([
      ['consent is pending', { consent: 'pending' }, 'consent_pending'],
      ['the user is being loaded', { user: undefined }, 'user_loading'],
    ])('(%s) nothing leaves the page; then it does, once', async (_, options, gate) => {
      const { visit, tab } = await tracked(house(), 15, options);
      expect(await tab.stats()).toMatchObject({ gate, tracked: 15, queued: 15, sent: 0 });
      await nothingLeft(visit, tab);
      await tab.call('setConsent', 'granted');
      await tab.call('setUser', { id: visit.person.sub });
      await tab.call('flush');
      await expectStored(visit, 15);
      expect(await tab.stats()).toMatchObject({ gate: 'open', accepted: 15, dropped: {} });
    });

    it.each<[string, string, unknown, string]>([
      ['consent is denied', 'setConsent', 'denied', 'consent_denied'],
      ['nobody is signed in', 'setUser', null, 'signed_out'],
    ])('and then %s, it is forgotten and counted', async (_, method, word, reason) => {
      const options = method === 'setUser' ? { user: undefined } : { consent: 'pending' };
      const { visit, tab } = await tracked(house(), 6, options);
      await tab.call(method, word);
      await tab.track(2);
      await expectDropped(visit, tab, { [reason]: 8 });
    });

    it('a page that is left sends nothing and keeps nothing', async () => {
      const { visit, tab } = await tracked(house(), 5, { consent: 'pending' });
      await tab.leave();
      await eventually(() => visit.site.exits.length).toBe(1);
      expect(visit.site.telemetry.seen).toHaveLength(0);
      const { page } = await visit.open('/elsewhere');
      expect(await page.evaluate('localStorage.length + sessionStorage.length')).toBe(0);
      expect(await page.evaluate('indexedDB.databases().then((all) => all.length)')).toBe(0);
      await expectStored(visit, 0);
    });
  });

  describe('nothing is tracked', () => {
    it.each<[string, StartOptions, string]>([
      ['of somebody who said no', { consent: 'denied' }, 'consent_denied'],
      ['of nobody', { user: null }, 'signed_out'],
    ])('%s', async (_, options, reason) => {
      const { visit, tab } = await tracked(house(), 3, options);
      expect((await tab.stats()).gate).toBe(reason);
      await expectDropped(visit, tab, { [reason]: 3 });
    });

    it('where the browser sends Global Privacy Control', async () => {
      const { visit, tab } = await tracked(house(), 3, {}, sendsGpc);
      await expectDropped(visit, tab, { opted_out: 3 });
    });
  });

  it('an app that ignores Global Privacy Control and has no session sends events without one', async () => {
    const options: StartOptions = { privacySignals: 'ignore', session: 'none' };
    const { visit, tab } = await tracked(house(), 2, options, sendsGpc);
    await tab.call('flush');
    await expectStored(visit, 2);
    const rows = await house().database.query(
      'SELECT session_hash, seq FROM events WHERE entity_id = $1 GROUP BY 1, 2',
      [visit.journey],
    );
    expect(rows).toEqual([{ session_hash: null, seq: null }]);
  });

  it('another user’s events go out under that user’s name or not at all', async () => {
    const { visit, tab } = await tracked(house(), 4, { idleMs: 60_000, flushIntervalMs: 60_000 });
    const { telemetry } = visit.site;
    telemetry.always({ status: 503 });
    await tab.call('setUser', { id: 'somebody-else' });
    await eventually(() => telemetry.seen.length).toBe(1);
    telemetry.always('pass');
    await tab.track(2);
    await tab.call('flush');
    await eventually(tab.stats).toMatchObject({ queued: 0, inFlight: 0 });
    const stats = await tab.stats();
    expectBalanced(stats);
    // What came back is not sent again.
    expect(stats).toMatchObject({ tracked: 6, sent: 6, accepted: 2, dropped: { http_503: 4 } });
    expect(telemetry.seen.map(({ body }) => idsIn(body).length)).toEqual([4, 2]);
    await expectStored(visit, 2);
  });
}

const sendsGpc = `Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true });`;

async function tracked(
  house: House,
  count: number,
  options: StartOptions = {},
  before?: string,
): Promise<{ visit: Visit; tab: Tab }> {
  const visit = await house.visit();
  if (before !== undefined) await visit.context.addInitScript({ content: before });
  const tab = await visit.open();
  await tab.start({ flushAt: 5, flushIntervalMs: 100, idleMs: 50, ...options });
  await tab.track(count);
  return { visit, tab };
}

async function expectDropped(visit: Visit, tab: Tab, dropped: Record<string, number>): Promise<void> {
  const stats = await tab.stats();
  expectBalanced(stats);
  expect(stats).toMatchObject({ dropped, sent: 0, queued: 0, inFlight: 0 });
  await nothingLeft(visit, tab);
  await expectStored(visit, 0);
}

/** Every flush that could have happened has, and the network saw none. */
async function nothingLeft(visit: Visit, tab: Tab): Promise<void> {
  await tab.page.evaluate('new Promise((done) => setTimeout(done, 500))');
  await tab.page.evaluate(`Promise.race([host.flush(), new Promise((done) => setTimeout(done, 200))])`);
  expect(visit.site.telemetry.seen).toHaveLength(0);
}
