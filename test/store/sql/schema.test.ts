import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { describePostgres, openTestStore } from '../../support/database.js';
import { anonymousEvent } from '../../support/events.js';

const schema = readFileSync(new URL('../../../prisma/schema.prisma', import.meta.url), 'utf8').split('\n');

it('every column and every table says what it holds: the schema is the data dictionary', () => {
  const undocumented = schema.filter(
    (line, n) => /^(model|datasource| {2}\w+ +[A-Z])/.test(line) && !schema[n - 1]?.trim().startsWith('///'),
  );
  expect(undocumented).toEqual([]);
  expect(schema.filter((line) => /^ {2}\w+ +[A-Z]/.test(line)).length).toBeGreaterThan(20);
});

await describePostgres('what an event costs', (database) => {
  it('is at most 320 bytes on disk, with all of its indexes', async () => {
    const { store, prisma } = await openTestStore({ databaseUrl: database().url });
    const start = Date.UTC(2026, 10, 1);
    const count = 20_000;
    let visitor = {};
    for (let n = 0; n < count; ) {
      const batch = Array.from({ length: 40 }, () => {
        if (n % 6 === 0)
          visitor = {
            userHash: randomBytes(16).toString('hex'),
            sessionHash: randomBytes(16).toString('hex'),
          };
        const createdAt = new Date(start + n * 8_000);
        n += 1;
        return anonymousEvent({ ...visitor, createdAt, seq: n % 6, dimensions: { route: `/${n % 50}` } });
      });
      await store.append(batch);
    }
    const [row] = await prisma.$queryRaw<{ bytes: bigint; rows: bigint }[]>`
      SELECT pg_total_relation_size('events') + pg_total_relation_size('event_dimensions') AS bytes, (SELECT count(*) FROM events) AS rows`;
    await store.close();
    expect(Number(row?.rows)).toBe(count);
    expect(Number(row?.bytes) / count).toBeLessThan(320);
  });
});
