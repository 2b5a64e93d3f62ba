import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventStore } from '../../src/domain/ports/index.js';
import {
  describePostgres,
  emptyTables,
  openPgliteSuite,
  openPostgresSuite,
  type SqlSuite,
  storeOn,
} from '../support/database.js';
import type { History } from './random-history.js';
import { expectSameAsMemory } from './same-as-memory.js';

const run = { histories: Number(process.env.SIGNALS_TEST_HISTORIES ?? 40), seed: 20261128 };

describe('random questions (PGlite)', () => answersAsMemory(openPgliteSuite));
await describePostgres('random questions (PostgreSQL)', (database) =>
  answersAsMemory(async () => openPostgresSuite(database().url)),
);

/** How much has been counted when a question comes. */
const states: readonly {
  readonly name: string;
  readonly live: (store: EventStore, history: History) => Promise<void>;
}[] = [
  {
    name: 'nothing has been counted',
    live: async (store, { events }) => void (await store.append(events)),
  },
  {
    name: 'all days have been counted',
    async live(store, { events }) {
      await store.append(events);
      await store.beginCounting();
      await countDays(store, () => true);
    },
  },
  {
    name: 'some days have been counted, some changed since, and some never were',
    async live(store, { events }) {
      await store.append(events.filter((_event, place) => place % 3 !== 0));
      await store.beginCounting();
      await countDays(store, (place) => place % 3 !== 2);
      await store.append(events.filter((_event, place) => place % 3 === 0));
      await countDays(store, (place) => (place + events.length) % 4 === 1);
    },
  },
];

function answersAsMemory(open: () => Promise<SqlSuite>): void {
  let suite: SqlSuite;
  const stores: EventStore[] = [];
  beforeAll(async () => {
    suite = await open();
  });
  afterAll(async () => {
    for (const store of stores) await store.close();
    await suite.close();
  });

  it.each(states)(
    'are answered as the memory engine does when $name',
    { timeout: 240_000 },
    async ({ live }) => {
      const { asked, found } = await expectSameAsMemory(async (history) => {
        await emptyTables(suite.prisma);
        await stores.pop()?.close();
        const store = storeOn(suite, history.zone);
        stores.push(store);
        await live(store, history);
        return store;
      }, run);
      // Questions that find nothing would show nothing.
      expect(found).toBeGreaterThan(asked / 3);
    },
  );
}

async function countDays(store: EventStore, wanted: (place: number) => boolean): Promise<void> {
  const changed = await store.changedDays();
  for (const [place, { day }] of changed.entries())
    if (wanted(place)) expect(await store.countDay(day)).toBe('COUNTED');
}
