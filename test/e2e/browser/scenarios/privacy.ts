import { describe, expect, it } from 'vitest';
import { dumpDatabase, leaksIn } from '../../support/leaks.js';
import type { House } from '../house.js';
import { eventsIn } from '../sums.js';
import { editorCanaries } from './editor.js';

/** After everything: what the pages sent and what is left of it. */
export function privacyScenarios(house: () => House): void {
  const bodies = (): readonly string[] =>
    house().visits.flatMap(({ site }) => site.telemetry.seen.map(({ body }) => body));
  const sessions = (): readonly string[] => [
    ...new Set(
      bodies()
        .flatMap(eventsIn)
        .flatMap(({ sessionId }) => (sessionId === undefined ? [] : [sessionId])),
    ),
  ];
  const personal = (): readonly string[] => [...house().people.personal, ...editorCanaries];

  describe('after all of it', () => {
    it('no page has sent who its user is, apart from the token in its header', () => {
      expect(bodies().length).toBeGreaterThan(100);
      expect(leaksIn(bodies().join('\n'), personal())).toEqual([]);
    });

    it('nothing personal and no session id is in the database, the logs or the metrics', async () => {
      expect(sessions().length).toBeGreaterThan(20);
      const needles = [...personal(), ...sessions()];
      const dump = await dumpDatabase(house().databaseUrl, house().database);
      expect(dump).toContain('editor_analytics_overlay_opened');
      expect(leaksIn(dump, needles)).toEqual([]);
      expect(leaksIn(house().signals.child.output(), needles)).toEqual([]);
      expect(leaksIn(await house().signals.metrics(), needles)).toEqual([]);
    });
  });
}
