import pg from 'pg';
import { expect, it } from 'vitest';
import { describePostgres, openTestStore } from '../support/database.js';
import { anonymousEvent } from '../support/events.js';

await describePostgres('rows of two salt days (postgres)', (database) => {
  it('are never written by one transaction, however the calls are mixed', async () => {
    const { store } = await openTestStore({ databaseUrl: database().url });
    const days = ['2026-11-18', '2026-11-19', '2026-11-20'];
    const calls = Array.from({ length: 40 }, (_, call) =>
      days.map((day, place) =>
        anonymousEvent({ day, createdAt: new Date(`${day}T12:00:00Z`), seq: call * days.length + place }),
      ),
    );
    const verdicts = await Promise.all(calls.map((events) => store.append(events)));
    expect(verdicts.flat().every((verdict) => verdict === 'ACCEPTED')).toBe(true);
    await store.close();

    const client = new pg.Client(database().url);
    await client.connect();
    const { rows } = await client.query(
      'SELECT xmin::text, count(DISTINCT created_at)::int AS days, count(*)::int AS events FROM events GROUP BY 1',
    );
    await client.end();
    expect(rows.reduce((sum, { events }) => sum + events, 0)).toBe(120);
    expect(rows.filter((row) => row.days > 1)).toEqual([]);
    // Calls still share their transactions: as few as there are days and lanes.
    expect(rows.length).toBeLessThan(40);
  });
});
