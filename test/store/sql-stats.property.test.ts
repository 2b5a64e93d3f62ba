import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenedStore } from '../../src/store/open-store.js';
import { describePostgres, emptyTables, openTestStore } from '../support/database.js';
import { expectSameAsMemory } from './same-as-memory.js';

const run = { histories: 60, seed: 20261128 };

describe('random questions (PGlite)', () => answersAsMemory(() => openTestStore()));
await describePostgres('random questions (PostgreSQL)', (database) =>
  answersAsMemory(() => openTestStore({ databaseUrl: database().url })),
);

function answersAsMemory(open: () => Promise<OpenedStore>): void {
  let opened: OpenedStore;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened.store.close());

  it('are answered from raw rows as the memory engine does', async () => {
    const { asked, found } = await expectSameAsMemory(async ({ events, dayOf }) => {
      await emptyTables(opened.prisma);
      await opened.store.append(events);
      return opened.store;
    }, run);
    expect(found).toBeGreaterThan(asked / 3);
  });
}
