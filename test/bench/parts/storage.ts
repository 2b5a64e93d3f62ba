import { type BenchContext, createHome, type Sizing } from '../bench-context.js';
import { query } from '../database.js';
import type { EventKind } from '../events.js';
import { startSignals, tokensOf } from '../signals-server.js';

/** What a stored event takes on PostgreSQL, in bytes; `parts` is the same sum, split. */
export interface StorageResult {
  readonly what: string;
  readonly rows: number;
  readonly acknowledged: number;
  readonly bytesPerEvent: number;
  /** What the event brought along by itself: its properties, within the table. */
  readonly propertiesBytes: number;
  readonly parts: readonly { readonly name: string; readonly bytesPerEvent: number }[];
}

const kinds: readonly { readonly kind: EventKind; readonly what: string }[] = [
  { kind: 'page_viewed', what: 'page view with route, session and two properties' },
  { kind: 'run', what: 'event on a UUID entity with session and three properties' },
];

const connections = 8;
/** One visit a request: as many different visitors and sessions as in real traffic. */
const eventsPerRequest = 6;

/** Seconds that the part will take. */
export function storageSeconds({ plan, database }: Sizing): number {
  return database ? kinds.length * kindSeconds(plan.storedEvents) : 0;
}

function kindSeconds(events: number): number {
  return 2.5 + events / 8_000;
}

/** Fills a fresh database with each kind of event and asks PostgreSQL for the sizes, after VACUUM. */
export async function measureStorage(context: BenchContext): Promise<readonly StorageResult[]> {
  if (!context.database) return [];
  const client = context.processes.worker('http-load');
  const results: StorageResult[] = [];
  for (const { kind, what } of kinds) {
    const work = async (): Promise<StorageResult> => {
      const home = await createHome(context, 'PostgreSQL', `storage_${kind}`);
      const server = await startSignals(context, home, { args: ['--migrate'] });
      const { acknowledged } = await client.run({
        port: server.port,
        batch: eventsPerRequest,
        kind,
        connections,
        rampMs: 0,
        measureMs: 120_000,
        maxEvents: context.plan.storedEvents,
        tokens: await tokensOf(home, 100),
      });
      await server.stop();
      return { what, acknowledged, ...(await sizes(home.databaseUrl ?? '')) };
    };
    results.push(
      await context.progress.step(`storing: ${what}`, kindSeconds(context.plan.storedEvents), work),
    );
  }
  return results;
}

async function sizes(url: string): Promise<Omit<StorageResult, 'what' | 'acknowledged'>> {
  for (const table of ['events', 'event_dimensions']) await query(url, `VACUUM (ANALYZE) ${table}`);
  const [totals] = await query(
    url,
    `SELECT (SELECT count(*)::int FROM events) AS rows,
            (SELECT avg(pg_column_size(properties))::float8 FROM events) AS properties,
            pg_total_relation_size('events')::float8 + pg_total_relation_size('event_dimensions')::float8 AS bytes`,
  );
  // What is neither table nor index: the maps of free space and of visibility, and the table for long values.
  const relations = await query(
    url,
    `SELECT 'table events' AS name, pg_relation_size('events')::float8 AS bytes, 0 AS place
     UNION ALL
     SELECT 'index ' || indexrelid::regclass, pg_relation_size(indexrelid)::float8, 1
     FROM pg_index WHERE indrelid = 'events'::regclass
     UNION ALL
     SELECT 'event_dimensions, with its index', pg_total_relation_size('event_dimensions')::float8, 2
     UNION ALL
     SELECT 'maps of free space and visibility, TOAST', pg_table_size('events')::float8 - pg_relation_size('events'), 3
     ORDER BY place, name`,
  );
  const rows = Number(totals?.rows);
  return {
    rows,
    bytesPerEvent: Number(totals?.bytes) / rows,
    propertiesBytes: Number(totals?.properties),
    parts: relations.map(({ name, bytes }) => ({ name: String(name), bytesPerEvent: Number(bytes) / rows })),
  };
}
