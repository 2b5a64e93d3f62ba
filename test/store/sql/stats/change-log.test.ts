import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { OpenedStore } from '../../../../src/store/open-store.js';
import { describePostgres, openTestStore } from '../../../support/database.js';
import { anonymousEvent, anonymousEvents } from '../../../support/events.js';

function changeLog(open: () => Promise<OpenedStore>): void {
  let opened: OpenedStore;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened.store.close());
  beforeEach(() => opened.prisma.$executeRawUnsafe('TRUNCATE events, event_dimensions, stat_change'));

  const logged = async (): Promise<readonly string[]> => {
    const rows = await opened.prisma.$queryRawUnsafe<{ day: string }[]>(
      'SELECT day::text AS day FROM stat_change ORDER BY 1',
    );
    return rows.map(({ day }) => day);
  };

  it('has one row for a commit, however many events it holds', async () => {
    await opened.store.append(anonymousEvents(20));
    expect(await logged()).toEqual(['2026-11-20']);
    await opened.store.append(anonymousEvents(3));
    expect(await logged()).toEqual(['2026-11-20', '2026-11-20']);
  });
  it('has one row for each salt day of a call, whatever the day of UTC', async () => {
    const createdAt = new Date('2026-11-20T23:30:00.000Z');
    const events = [...anonymousEvents(5), ...anonymousEvents(5, { day: '2026-11-21', createdAt })];
    await opened.store.append(events);
    expect(await logged()).toEqual(['2026-11-20', '2026-11-21']);
  });
  it('has no row for events that were there already', async () => {
    const events = anonymousEvents(4);
    await opened.store.append(events);
    await opened.prisma.$executeRawUnsafe('TRUNCATE stat_change');
    expect(new Set(await opened.store.append(events))).toEqual(new Set(['DUPLICATE']));
    expect(await logged()).toEqual([]);
    expect(await opened.store.append([...events, anonymousEvent()])).toContain('ACCEPTED');
    expect(await logged()).toEqual(['2026-11-20']);
  });
  it('has no row for a commit that failed', async () => {
    const refused = anonymousEvent({ properties: { text: 'a\u0000b' } });
    expect(await opened.store.append([refused])).toEqual(['UNSTORABLE']);
    expect(await logged()).toEqual([]);
  });
}

describe('the change log of PGlite', () => changeLog(() => openTestStore()));

await describePostgres('the change log of PostgreSQL', (database) => {
  changeLog(() => openTestStore({ databaseUrl: database().url }));
});
