import { afterAll, expect, it } from 'vitest';
import { pageViewed } from '../support/pipeline.js';
import { clientOf, metric } from './client.js';
import { openPostgresWorld, openWorld, type World } from './world.js';

const worlds: World[] = [];
afterAll(async () => {
  for (const world of worlds) await world.close();
});

const now = new Date('2026-11-28T12:30:00.000Z');
const env = { SIGNALS_RATE_LIMIT_PER_MINUTE: '1000000' };

/** Tells one author's 2,000 events with invented words to an app, and what is stored then. */
async function flood(world: World) {
  worlds.push(world);
  const app = await world.start({ env, now: () => now });
  const client = clientOf(app, await app.token('user-1'));
  let accepted = 0;
  for (let start = 0; start < 2_000; start += 200) {
    const events = Array.from({ length: 200 }, (_, index) =>
      pageViewed({ appVersion: `1.${start + index}`, source: `source-${start + index}` }),
    );
    accepted += (await client.batch(events)).accepted;
  }
  const rows = await world.store.prisma.eventDimensions.count();
  const other = await metric(app, 'signals_other_words_total', { word: 'app_version' });
  return { accepted, rows, other };
}

it('2,000 events with invented words make 201 rows of words in PGlite, and all of them live', async () => {
  expect(await flood(await openWorld())).toEqual({ accepted: 2_000, rows: 201, other: 1_800 });
});

it('and so they do in PostgreSQL', async ({ skip }) => {
  const world = await openPostgresWorld();
  if (!world) return skip('PostgreSQL cannot be had');
  expect(await flood(world)).toEqual({ accepted: 2_000, rows: 201, other: 1_800 });
});

it('words that a replica does not know of count there as new, and make no second row', async () => {
  const world = await openWorld();
  worlds.push(world);
  const events = Array.from({ length: 150 }, (_, index) => ({ appVersion: `1.${index}` }));
  for (const replica of [1, 2]) {
    const app = await world.start({ env, now: () => now });
    const client = clientOf(app, await app.token(`user-${replica}`));
    expect((await client.batch(events.map((words) => pageViewed(words)))).accepted).toBe(150);
  }
  expect(await world.store.prisma.eventDimensions.count()).toBe(150);
});
