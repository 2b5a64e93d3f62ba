import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { EventFilter, EventReader, PageSpan } from '../../../src/domain/ports/index.js';
import { postgresTarget, postgresTimeouts } from '../../../src/store/postgres/postgres-config.js';
import { createEventReader } from '../../../src/store/sql/event-reader.js';
import { createPrismaClient, type PrismaClient } from '../../../src/store/sql/prisma-client.js';
import { describePostgres } from '../../support/database.js';

/** 60 days, 100 combinations of very different frequency, six events to a visitor and session, a tenth with an entity. */
const seed = `
INSERT INTO event_dimensions
SELECT n, current_date, 1, 'app' || n % 3, 'type' || n, '1.0', 'web', '/route/' || n, NULL, 'desktop', 'Firefox', 'Linux'
FROM generate_series(0, 99) n;
INSERT INTO events
SELECT timestamptz '2026-09-01' + n * interval '130 seconds', floor(100 * power(random(), 3)), NULL,
  gen_random_uuid(), gen_random_uuid(), n % 6, decode(md5('visitor' || n / 6), 'hex'), decode(md5('session' || n / 6), 'hex'),
  CASE WHEN n % 10 = 0 THEN 'entity-' || n % 1000 END, '{"status":200}'
FROM generate_series(1, 40000) n;
ANALYZE;`;

interface Query {
  readonly text: string;
  readonly values: unknown[];
}

await describePostgres('the plans of documented queries', (database) => {
  const queries: Query[] = [];
  let pool: pg.Pool | undefined;
  let prisma: PrismaClient | undefined;

  beforeAll(async () => {
    pool = recordingPool(database().url, queries);
    prisma = createPrismaClient(new PrismaPg(pool));
    await pool.query(seed);
  });
  afterAll(async () => {
    await prisma?.$disconnect();
    await pool?.end();
  });

  type Ask = (reader: EventReader) => Promise<unknown>;

  async function queriesOf(ask: Ask): Promise<readonly Query[]> {
    if (!prisma) throw new Error('not opened');
    queries.length = 0;
    await ask(createEventReader(prisma));
    expect(queries.length).toBeGreaterThan(0);
    return [...queries];
  }

  /** The indexes that PostgreSQL uses for what the reader asks, and the tables that it reads from end to end. */
  async function planOf(ask: Ask): Promise<string> {
    if (!pool) throw new Error('not opened');
    const asked = await queriesOf(ask);
    const plans: string[] = [];
    for (const { text, values } of asked) {
      const { rows } = await pool.query<Record<string, unknown>>(`EXPLAIN (FORMAT JSON) ${text}`, values);
      plans.push(JSON.stringify(rows[0]));
    }
    return plans.join('\n');
  }

  const first: PageSpan = { size: 50, backwards: false, after: null, before: null };
  const page =
    (filter: EventFilter, span = first): Ask =>
    (reader) =>
      reader.page(filter, span, ['dimensions', 'properties', 'userHash']);
  const position = {
    createdAt: new Date('2026-10-01T00:00:00Z'),
    id: 'ffffffff-ffff-4fff-bfff-ffffffffffff',
  };
  const visitor = '4bf3b1f8d8dfa2a6b7ce5f5ab1c3c9ae';

  it.each<[string, Ask, string]>([
    ['the first page', page({}), 'events_created_at_idx'],
    ['a later page', page({}, { ...first, after: position }), 'events_created_at_idx'],
    [
      'a range of time',
      page({ from: new Date('2026-09-10T00:00:00Z'), to: new Date('2026-09-11T00:00:00Z') }),
      'events_created_at_idx',
    ],
    [
      'the count of a range',
      (reader) => reader.count({ from: new Date('2026-10-29T00:00:00Z') }),
      'events_created_at_idx',
    ],
    ['an entity', page({ entityId: ['entity-30'] }), 'events_entity_id_idx'],
    ['a visitor', page({ userHash: [visitor] }), 'events_user_hash_idx'],
    ['a session', page({ sessionHash: [visitor] }), 'events_session_hash_idx'],
    ['a rare event type', page({ eventType: ['type99'] }), 'events_dimension_id_idx'],
    [
      'the count of a rare event type',
      (reader) => reader.count({ eventType: ['type99'] }),
      'events_dimension_id_idx',
    ],
    ['one event by id', (reader) => reader.byIds([position.id], ['dimensions']), 'events_pkey'],
  ])('%s', async (_, ask, index) => {
    const plan = await planOf(ask);
    expect(plan).toContain(`"Index Name":"${index}"`);
    expect(plan).not.toMatch(/"Node Type":"Seq Scan"[^{}]*"Relation Name":"events"/);
  });

  it('a common event type is read newest first, without sorting all of it', async () => {
    const plan = await planOf(page({ appName: ['app0'], eventType: ['type0'] }));
    expect(plan).toContain('"Index Name":"events_created_at_idx"');
  });

  it('reads no column and no table that is not asked for', async () => {
    const [bare, ...others] = await queriesOf((reader) =>
      reader.page({ userHash: [visitor] }, first, ['seq']),
    );
    expect(others).toEqual([]);
    expect(bare?.text).toContain('"seq"');
    expect(bare?.text).not.toMatch(/properties|session_hash|client_event_id|event_dimensions/);
  });

  it('asks for the words of a filter once, for a page and its count together', async () => {
    const asked = await queriesOf(async (reader) => {
      const filter = { eventType: ['type99'] };
      await reader.page(filter, first, []);
      await reader.count(filter);
    });
    expect(asked.filter(({ text }) => text.includes('event_dimensions'))).toHaveLength(1);
    expect(asked).toHaveLength(3);
  });

  it('has no index that no documented query uses', async () => {
    const { rows = [] } =
      (await pool?.query("SELECT indexname FROM pg_indexes WHERE tablename = 'events' ORDER BY 1")) ?? {};
    expect(rows.map(({ indexname }) => indexname)).toEqual([
      'events_created_at_idx',
      'events_dimension_id_idx',
      'events_entity_id_idx',
      // Of the job rewrite-rows, and empty when it is done.
      'events_old_form_idx',
      'events_pkey',
      'events_session_hash_idx',
      'events_user_hash_idx',
    ]);
  });
});

/** A pool that notes what Prisma sends. */
function recordingPool(url: string, queries: Query[]): pg.Pool {
  const pool = new pg.Pool({ ...postgresTarget(url, postgresTimeouts).client, max: 1 });
  const send = pool.query.bind(pool) as (...args: unknown[]) => unknown;
  const record = (...args: unknown[]): unknown => {
    const [query] = args;
    if (typeof query === 'object' && query !== null && 'text' in query) {
      queries.push(query as Query);
    }
    return send(...args);
  };
  return Object.assign(pool, { query: record });
}
