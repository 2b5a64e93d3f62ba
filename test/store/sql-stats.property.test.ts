import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDayOf, type DayOf } from '../../src/domain/day.js';
import type { OpenedStore } from '../../src/store/open-store.js';
import { describePostgres, emptyTables, openTestStore } from '../support/database.js';
import { expectSameAsMemory } from './same-as-memory.js';

/** The day of the history that is asked about: each has a zone of its own. */
let dayOfHistory = createDayOf('UTC');
const dayOf: DayOf = (instant) => dayOfHistory(instant);

const run = { histories: 60, seed: 20261128 };

describe('random questions (PGlite)', () => answersAsMemory(() => openTestStore({ dayOf })));
await describePostgres('random questions (PostgreSQL)', (database) =>
  answersAsMemory(() => openTestStore({ databaseUrl: database().url, dayOf })),
);

function answersAsMemory(open: () => Promise<OpenedStore>): void {
  let opened: OpenedStore;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened.store.close());

  it('are answered from raw rows as the memory engine does', async () => {
    const { asked, found } = await expectSameAsMemory(async (history) => {
      dayOfHistory = history.dayOf;
      await emptyTables(opened.prisma, { keepWords: true });
      await opened.store.append(history.events);
      return opened.store;
    }, run);
    expect(found).toBeGreaterThan(asked / 3);
  });
}
