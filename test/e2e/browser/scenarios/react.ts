import { describe, expect, it } from 'vitest';
import type { House } from '../house.js';
import { eventually, expectStored } from '../sums.js';
import type { Tab, Visit } from '../visit.js';

/** The React layer under StrictMode, which mounts everything twice. */
export function reactScenarios(house: () => House): void {
  describe.each([
    ['19', '/react'],
    ['18', '/react-18'],
  ])('React %s in StrictMode', (version, path) => {
    it('a route that is shown is one event, however often it is rendered', async () => {
      const { visit, tab, show } = await shown(house(), path);
      expect(await tab.call('version')).toMatch(new RegExp(`^${version}\\.`));
      await tab.call('rerender');
      await show('/first');
      await tab.call('flush');
      await expectStored(visit, 1);
      await show('/second');
      await show('/first');
      await tab.call('flush');
      await expectStored(visit, 3);
      expect(await routes(house(), visit)).toEqual(['/first', '/first', '/second']);
    });

    it('an event is tracked once per click, by a function that stays the same', async () => {
      const { visit, tab } = await shown(house(), path);
      for (let turn = 0; turn < 5; turn += 1) await tab.call('rerender');
      await tab.page.click('text=Call to action');
      await tab.page.click('text=Call to action');
      await tab.call('flush');
      await expectStored(visit, 3);
      expect(await tab.call('identities')).toBe(1);
    });

    it('nothing is rendered because something was tracked or sent', async () => {
      const { visit, tab } = await shown(house(), path);
      const renders = await tab.call('renders');
      await tab.track(20);
      await tab.call('flush');
      await expectStored(visit, 21);
      await eventually(tab.stats).toMatchObject({ queued: 0, inFlight: 0 });
      expect(await tab.call('renders')).toBe(renders);
    });
  });
}

async function shown(
  house: House,
  path: string,
): Promise<{ visit: Visit; tab: Tab; show: (route: string) => Promise<void> }> {
  const visit = await house.visit();
  const tab = await visit.open(path);
  // The provider says who it is.
  await tab.start({ appName: 'web', eventType: 'page_viewed', user: undefined, consent: 'pending' });
  const show = (route: string) => tab.call<void>('show', route, visit.journey, { id: visit.person.sub });
  await show('/first');
  return { visit, tab, show };
}

async function routes(house: House, visit: Visit): Promise<readonly string[]> {
  const rows = await house.database.query<{ route: string }>(
    `SELECT d.route FROM events e JOIN event_dimensions d ON d.id = e.dimension_id
     WHERE entity_id = $1 AND d.event_type = 'page_viewed' ORDER BY 1`,
    [visit.journey],
  );
  return rows.map(({ route }) => route);
}
