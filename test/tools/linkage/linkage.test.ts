import { describe, expect, it } from 'vitest';
import { judgeSurely } from '../../../tools/linkage/judge.js';
import { defaults } from '../../../tools/linkage/options.js';
import { simulationProblems } from '../../../tools/linkage/simulate/problems.js';
import { defaultFirstDay, type Simulation, simulate } from '../../../tools/linkage/simulate/simulate.js';
import { openTestStore } from '../../support/database.js';
import { sentenceOf } from './evidence.js';

/** A shorter run of `npm run linkage`: the third day changes the clocks in Europe. */
async function world(zone: string, seed: number): Promise<Simulation> {
  const store = await openTestStore();
  try {
    return await simulate({ seed, users: 16, days: 3, firstDay: defaultFirstDay, zone }, store);
  } finally {
    await store.store.close();
  }
}

describe.each(defaults.zones)(
  'what users of several days leave in the tables, with the midnight of %s',
  (zone) => {
    it('tells nobody who has no secret which rows of two days are of one user', async () => {
      const first = await world(zone, defaults.seed);
      expect(simulationProblems(first)).toEqual([]);
      const scores = await judgeSurely(first, () => world(zone, defaults.seed + 1));
      expect(scores.reduce((sum, { guesses }) => sum + guesses, 0)).toBeGreaterThan(100);
      expect(scores.filter(({ isLink }) => isLink).map(sentenceOf)).toEqual([]);
    }, 180_000);
  },
);
