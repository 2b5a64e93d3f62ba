import { describe, expect, it } from 'vitest';
import { leaksIn } from '../../support/leaks.js';
import type { House } from '../house.js';
import { eventsIn, eventually, expectBalanced } from '../sums.js';

/** What is typed and what stands in the editor; must be nowhere afterwards. */
export const editorCanaries = ['xylophonquark', 'zwiebelturmuhr'] as const;
const [typed, given] = editorCanaries;

/** A real Monaco editor under `signals-client/capture`. */
export function editorScenarios(house: () => House): void {
  describe('a Monaco editor', () => {
    it('tells of edits, rests and undoing, and nothing of the text', async () => {
      const visit = await house().visit();
      const tab = await visit.open('/editor');
      await tab.start({ appName: 'playground' });
      await tab.call('edit', `const ${given} = 1;\n\n\n`, visit.journey);
      await tab.call('moveTo', 2);
      await tab.page.keyboard.type(typed);
      expect(await tab.call('text')).toContain(typed);
      await eventually(async () => (await tab.stats()).tracked).toBeGreaterThanOrEqual(1);
      await tab.call('undo');
      expect(await tab.call('text')).not.toContain(typed);
      await tab.call('moveTo', 3);
      await tab.page.evaluate('new Promise((done) => setTimeout(done, 300))');
      await tab.call('moveTo', 1);
      await tab.call('detach');
      await tab.call('flush');
      const stats = await tab.stats();
      expectBalanced(stats);
      expect(stats).toMatchObject({ accepted: stats.tracked, dropped: {} });

      const rows = await house().database.query<{ event_type: string; properties: Record<string, number> }>(
        `SELECT d.event_type, e.properties FROM events e JOIN event_dimensions d ON d.id = e.dimension_id
         WHERE entity_id = $1`,
        [visit.journey],
      );
      expect(rows).toHaveLength(stats.tracked);
      const of = (type: string) => rows.filter((row) => row.event_type === type).map((row) => row.properties);
      const inserted = of('edit').reduce((sum, { insertedChars = 0 }) => sum + insertedChars, 0);
      expect(inserted).toBe(typed.length);
      expect(of('revert')).toEqual([{ lineStart: 2, lineEnd: 2, ageMs: expect.any(Number) }]);
      expect(of('cursor_focus')).toContainEqual({
        lineStart: 3,
        lineEnd: 3,
        durationMs: expect.any(Number),
      });

      const sent = visit.site.telemetry.seen.map(({ body }) => body);
      expect(sent.flatMap(eventsIn)).toHaveLength(stats.sent);
      expect(leaksIn(sent.join('\n'), editorCanaries)).toEqual([]);
    });
  });
}
