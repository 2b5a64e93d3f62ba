import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenedStore } from '../../../src/store/open-store.js';
import { unusedDaysKept } from '../../../src/store/sql/dimension-cache.js';
import { describePostgres, openTestStore } from '../../support/database.js';
import { anonymousEvent } from '../../support/events.js';
import { forgetDays } from '../../support/forget.js';

function cleaning(open: () => Promise<OpenedStore>): void {
  let opened: OpenedStore;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened.store.close());

  it('deletes a combination of words that no event refers to, once it is unused for long enough', async () => {
    const { store, prisma } = opened;
    const age = (days: number) =>
      prisma.$executeRaw`UPDATE event_dimensions SET last_used = last_used - ${days}::int`;
    await store.append([
      anonymousEvent({
        ...{ day: '2026-05-31', createdAt: new Date('2026-05-31T00:00:00.000Z') },
        dimensions: { route: '/unused' },
      }),
      anonymousEvent({ dimensions: { route: '/in-use' } }),
    ]);
    await forgetDays(store, ['2026-05-31']);
    await age(unusedDaysKept);
    expect(await store.cleanUp()).toBe(0);
    await age(1);
    expect(await store.cleanUp()).toBe(1);
    expect(await prisma.eventDimensions.findMany({ select: { route: true } })).toEqual([
      { route: '/in-use' },
    ]);
  });
}

describe('cleaning up (pglite)', () => cleaning(openTestStore));
await describePostgres('cleaning up (postgres)', (database) =>
  cleaning(() => openTestStore({ databaseUrl: database().url })),
);
