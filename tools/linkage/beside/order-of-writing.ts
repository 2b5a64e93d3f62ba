import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { createDayOf } from '../../../src/domain/day.js';
import { openStore } from '../../../src/store/open-store.js';
import { admin, migrationsDir, silent, withDatabase } from '../../../test/support/database-broker.js';
import { createRandom } from '../simulate/random.js';
import { startServer } from '../simulate/server.js';
import type { Figure, Measurement } from './figure.js';
import { type Sent, sendLateBatches } from './late-batches.js';

/** A running server and a migrated database on it to copy. */
export interface PostgresAt {
  readonly url: string;
  readonly template: string;
}

const people = 60;
const monday = Date.parse('2026-10-26T09:00:00Z');

/** What is done to the table, in this order, and what that leaves of the order in which it was written. */
const treatments: readonly {
  readonly name: string;
  readonly sql: readonly string[];
  readonly table: string;
}[] = [
  { name: 'as written', sql: [], table: 'events' },
  { name: 'VACUUM', sql: ['VACUUM events'], table: 'events' },
  { name: 'VACUUM (FREEZE)', sql: ['VACUUM (FREEZE) events'], table: 'events' },
  {
    name: 'copied out and in (pg_dump, restore)',
    sql: ['CREATE TABLE linkage_copy AS SELECT * FROM events'],
    table: 'linkage_copy',
  },
  { name: 'VACUUM FULL', sql: ['VACUUM FULL events'], table: 'events' },
  { name: 'CLUSTER by id', sql: ['CLUSTER events USING events_pkey'], table: 'events' },
  {
    name: 'CLUSTER by id, then copied out and in',
    sql: ['CREATE TABLE linkage_second_copy AS SELECT * FROM events'],
    table: 'linkage_second_copy',
  },
];

/**
 * What somebody tells who has the database itself: rows that were written one after another, or in one transaction,
 * came from one request. Measured with one writer at a time and with twenty.
 */
export async function measureOrderOfWriting(server: PostgresAt): Promise<Measurement> {
  const quiet = await measureLoad(server, 'quiet', 1, false);
  const busy = await measureLoad(server, 'busy', 20, false);
  const logged = await measureLoad(server, 'log_statement = all', 1, true);
  return {
    title: "Access to the database itself: late rows whose sender's rows of the day of arrival are found",
    figures: [...quiet.figures, ...busy.figures].filter(({ guesses }) => guesses > 0),
    notes: [
      ...(quiet.figures.some(({ guesses }) => guesses > 0)
        ? []
        : ['Nothing to find: no late row lies on the day on which it happened.']),
      `Quiet: one request at a time; busy: 20 at a time; ${people} people, one of whom is right by chance.`,
      `Sequences in the schema whose change could be watched: ${quiet.sequences}.`,
      `The database's log, as PostgreSQL is set up: ${logLine(quiet)}; with log_statement = all: ${logLine(logged)}.`,
    ],
  };
}

interface Load {
  readonly figures: readonly Figure[];
  readonly sequences: number;
  /** Visitor hashes of late rows that are in the log, of how many; null: the log cannot be read from here. */
  readonly inLog: readonly [number, number] | null;
}

function logLine({ inLog }: Load): string {
  if (!inLog) return 'not readable from here';
  return `${inLog[0]} of ${inLog[1]} hashes of late rows are in it`;
}

async function measureLoad(
  { url, template }: PostgresAt,
  load: string,
  atOnce: number,
  logAll: boolean,
): Promise<Load> {
  const name = `signals_linkage_${process.pid}_${atOnce}${logAll ? '_logged' : ''}`;
  await admin(url, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  try {
    if (logAll) await admin(url, `ALTER DATABASE ${name} SET log_statement = 'all'`);
    const databaseUrl = withDatabase(url, name);
    const before = await logText(url);
    const sent = await fill(databaseUrl, atOnce);
    const written = (await logText(url))?.slice(before?.length ?? 0) ?? null;
    return await look(databaseUrl, { load, sent, log: written, wanted: logAll ? [] : treatments });
  } finally {
    await admin(url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  }
}

async function fill(databaseUrl: string, atOnce: number): Promise<ReadonlyMap<string, Sent>> {
  const clock = { now: monday };
  const store = await openStore({
    databaseUrl,
    migrationsDir,
    log: silent,
    clock: { now: () => new Date(clock.now) },
  });
  const names = Array.from({ length: people }, (_, index) => `person-${index + 1}`);
  const server = await startServer(
    store,
    'UTC',
    () => clock.now,
    names.map((name) => ({ name, program: 'web' as const })),
  );
  try {
    return await sendLateBatches(server, names, atOnce, clock);
  } finally {
    await server.close();
    await store.store.close();
  }
}

/** What there is to look at after a load. */
interface Traces {
  readonly load: string;
  /** Who sent each row, by its id. */
  readonly sent: ReadonlyMap<string, Sent>;
  /** What the database wrote into its log meanwhile; null: it cannot be read from here. */
  readonly log: string | null;
  readonly wanted: typeof treatments;
}

async function look(databaseUrl: string, { load, sent, log, wanted }: Traces): Promise<Load> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    const figures: Figure[] = [];
    for (const { name, sql, table } of wanted) {
      for (const statement of sql) await client.query(statement);
      const rows = await physicalRows(client, table, sent);
      figures.push(
        partners(`ctid, ${load}, ${name}`, rows, ({ place }) => place),
        partners(`xmin, ${load}, ${name}`, rows, ({ xmin }) => xmin),
      );
    }
    const { rows: sequences } = await client.query("SELECT 1 FROM pg_sequences WHERE schemaname = 'public'");
    const hashes = await lateHashes(client);
    const inLog =
      log === null ? null : ([hashes.filter((hash) => log.includes(hash)).length, hashes.length] as const);
    return { figures, sequences: sequences.length, inLog };
  } finally {
    await client.end();
  }
}

interface PhysicalRow {
  readonly place: number;
  readonly xmin: number;
  readonly name: string;
  readonly isToday: boolean;
}

/** In the order in which they lie on the disk. */
async function physicalRows(
  client: pg.Client,
  table: string,
  sent: ReadonlyMap<string, Sent>,
): Promise<readonly PhysicalRow[]> {
  const { rows } = await client.query<{ id: string; xmin: string; day: string }>(
    `SELECT id::text, xmin::text, to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day FROM ${table} ORDER BY ctid`,
  );
  const today = createDayOf('UTC')(new Date(monday));
  return rows.flatMap(({ id, xmin, day }, place) => {
    const truth = sent.get(id);
    return truth ? [{ place, xmin: Number(xmin), name: truth.name, isToday: day === today }] : [];
  });
}

/** Where a partner is looked for: on both sides, behind it, or before it. */
const rules: readonly ((steps: number) => boolean)[] = [
  () => true,
  (steps) => steps >= 0,
  (steps) => steps <= 0,
];

/**
 * For every row that lies on an earlier day: is the nearest row of the day of arrival the same person's? By the best of the
 * rules: who looks into the database can find out which one fits.
 */
function partners(what: string, rows: readonly PhysicalRow[], by: (row: PhysicalRow) => number): Figure {
  const today = rows.filter(({ isToday }) => isToday);
  const late = rows.filter(({ isToday }) => !isToday);
  const hits = rules.map((rule) => {
    const random = createRandom(rows.length);
    return late.filter((row) => {
      const allowed = today.filter((other) => rule(by(other) - by(row)));
      const least = Math.min(...allowed.map((other) => Math.abs(by(other) - by(row))));
      const nearest = allowed.filter((other) => Math.abs(by(other) - by(row)) === least);
      return nearest.length > 0 && random.pick(nearest).name === row.name;
    }).length;
  });
  return { what, guesses: late.length, hits: Math.max(...hits), expected: late.length / people };
}

async function lateHashes(client: pg.Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ hash: string }>(
    `SELECT DISTINCT encode(user_hash, 'hex') AS hash FROM events
     WHERE user_hash IS NOT NULL AND occurred_at < $1::timestamptz`,
    [new Date(monday - 9 * 3_600_000).toISOString()],
  );
  return rows.map(({ hash }) => hash);
}

/** The log of a server of our own lies beside its socket; null: another's. */
async function logText(url: string): Promise<string | null> {
  const folder = new URL(url).searchParams.get('host');
  return folder ? readFile(join(folder, 'log'), 'utf8').catch(() => null) : null;
}
