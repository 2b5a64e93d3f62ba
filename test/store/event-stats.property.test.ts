import { describe, expect, it } from 'vitest';
import type { EventStats } from '../../src/domain/ports/index.js';
import type { FoundRow, StatsCounts, StatsPlan } from '../../src/domain/reading/plan.js';
import type { History } from './random-history.js';
import { checkQuestions, expectSameAsMemory, memoryStats, type Start } from './same-as-memory.js';
import { ask, everything } from './stats-plan.js';

const run = { histories: 400, seed: 20261128 };

/** Engines that must answer as the memory engine does. */
const engines: readonly { readonly name: string; readonly start: Start }[] = [
  {
    name: 'memory, with the rows in another order',
    start: async ({ events, dayOf }) => memoryStats({ events: [...events].reverse(), dayOf }),
  },
];

describe('random questions about random histories', () => {
  it.each(engines)('are answered as the memory engine does: $name', async ({ start }) => {
    const { asked, found } = await expectSameAsMemory(start, run);
    // Questions that find nothing would show nothing.
    expect(found).toBeGreaterThan(asked / 3);
  });

  it('find an engine that forgets visitors of OTHER, and say where', async () => {
    const start: Start = async (history) => forgetful(memoryStats(history));
    await expect(expectSameAsMemory(start, run)).rejects.toThrow(
      /the answer\.rows\.\d+\.totals\.visitors is 0 instead of [1-9]/,
    );
  });
});

/** An engine with a mistake. */
function forgetful(engine: EventStats): EventStats {
  const forget = (row: FoundRow): FoundRow =>
    row.kind === 'OTHER' && row.totals.visitors !== null
      ? { ...row, totals: { ...row.totals, visitors: 0 } }
      : row;
  return {
    async stats(plan) {
      const found = await engine.stats(plan);
      return found.ok ? { ok: true, value: { ...found.value, rows: found.value.rows.map(forget) } } : found;
    },
  };
}

describe('what holds for every answer of the memory engine', () => {
  const always = (title: string, check: (history: History, plan: StatsPlan) => Promise<void>) =>
    it(title, () => checkQuestions({ ...run, histories: 150 }, check));
  const eventsOf = (counts: readonly StatsCounts[]) => counts.reduce((sum, { events }) => sum + events, 0);

  always('rows add up to the total in events, now and before', async (history, plan) => {
    const { rows, total } = await ask(memoryStats(history), plan);
    const before = (row: FoundRow) => (row.previous ? [row.previous.totals] : []);
    if (plan.groupBy.length === 0) return expect(rows).toEqual([]);
    expect(eventsOf(rows.map(({ totals }) => totals))).toBe(total.totals.events);
    expect(eventsOf(rows.flatMap(before))).toBe(eventsOf(before(total)));
  });

  always(
    'points add up to the totals in events, and in all but visitors and sessions',
    async (history, plan) => {
      const { rows, total } = await ask(memoryStats(history), { ...plan, points: true });
      for (const { points, totals } of [total, ...rows]) {
        expect(points).toHaveLength(plan.buckets.length);
        expect(eventsOf(points)).toBe(totals.events);
        for (const [name, { count }] of totals.properties) {
          const counts = points.map(({ properties }) => properties.get(name)?.count ?? 0);
          expect(counts.reduce((a, b) => a + b, 0)).toBe(count);
        }
      }
    },
  );

  always('points of a comparison add up', async (history, plan) => {
    const { rows, total } = await ask(memoryStats(history), { ...plan, points: true });
    for (const { previous } of [total, ...rows])
      expect(eventsOf(previous?.points.filter((point) => point !== null) ?? [])).toBe(
        previous?.totals.events ?? 0,
      );
  });

  always('a filter and its negation together are everything', async (history, plan) => {
    const count = async (filter: StatsPlan['filter']) =>
      (await ask(memoryStats(history), { ...plan, filter })).total.totals.events;
    const negation = { all: [], not: plan.filter };
    expect((await count(plan.filter)) + (await count(negation))).toBe(await count(everything));
  });

  always('a row counts what its own key counts as a filter', async (history, plan) => {
    const { rows } = await ask(memoryStats(history), plan);
    for (const { key, totals, kind } of rows) {
      if (kind === 'OTHER') continue;
      const conditions = plan.groupBy.flatMap((group, place) =>
        'dimension' in group ? [{ dimension: group.dimension, in: [key[place] ?? null] }] : [],
      );
      if (conditions.length < plan.groupBy.length) continue;
      const filter = { all: [...plan.filter.all, ...conditions], not: plan.filter.not };
      const { total } = await ask(memoryStats(history), { ...plan, filter, groupBy: [] });
      expect(total.totals).toEqual(totals);
    }
  });

  always(
    'visitors of salt days add up, and those of less than a day are no more than its own',
    async (history, plan) => {
      const measures = { visitors: true, sessions: true, properties: [] };
      const { days } = history;
      const byDay = { ...plan, measures, days, buckets: days, previous: null, points: true, groupBy: [] };
      const { totals, points } = (await ask(memoryStats(history), byDay)).total;
      expect(points.reduce((sum, { visitors }) => sum + (visitors ?? 0), 0)).toBe(totals.visitors);
      expect(points.reduce((sum, { sessions }) => sum + (sessions ?? 0), 0)).toBe(totals.sessions);
      const { total } = await ask(memoryStats(history), { ...plan, measures });
      expect(total.totals.visitors).toBeLessThanOrEqual(totals.visitors ?? 0);
    },
  );

  always('shown rows are in order, and none that is left out comes before them', async (history, plan) => {
    const all = { ...plan, top: 1_000, measures: { ...plan.measures, visitors: true } };
    const everyRow = (await ask(memoryStats(history), all)).rows.filter(({ kind }) => kind === 'VALUE');
    const shown = (await ask(memoryStats(history), plan)).rows.filter(({ kind }) => kind === 'VALUE');
    expect(shown.map(({ key }) => key)).toEqual(everyRow.slice(0, plan.top).map(({ key }) => key));
    if (plan.orderBy === 'KEY') return;
    const ranks = everyRow.map(({ totals }) => (plan.orderBy === 'EVENTS' ? totals.events : totals.visitors));
    expect(ranks).toEqual([...ranks].sort((a, b) => Number(b) - Number(a)));
  });
});
