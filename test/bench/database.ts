import pg from 'pg';
import { type PostgresServer, startPostgres } from '../support/postgres-server.js';

/** A PostgreSQL server with databases of the benchmark's own. */
export interface BenchDatabase {
  readonly version: string;
  /** Whether a commit waits for the disk; without that, figures compare with nothing. */
  readonly durable: boolean;
  /** Makes an empty database and answers its URL. */
  create(name: string): Promise<string>;
  /** Drops what was made, and ends the server where it is ours. */
  stop(): Promise<void>;
}

/** PostgreSQL's own defaults, where the server that tests share has others. */
const defaults = { fsync: 'on', TimeZone: 'UTC', DateStyle: 'ISO, MDY', bytea_output: 'hex' };

/**
 * `TEST_DATABASE_URL` where it is set, else a server of our own with default durability. Null where there are no
 * binaries; the benchmark then measures PGlite alone.
 */
export async function openDatabase(givenUrl: string | undefined): Promise<BenchDatabase | null> {
  const start: (settings: Readonly<Record<string, string>>) => Promise<PostgresServer | null> = startPostgres;
  const server = givenUrl ? { url: givenUrl, stop: async () => undefined } : await start(defaults);
  if (!server) return null;
  const facts = await query(
    server.url,
    "SELECT current_setting('server_version') AS version, current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit",
  );
  const { version, fsync, commit } = facts[0] ?? {};
  const names: string[] = [];
  return {
    version: String(version).split(' ', 1)[0] ?? '',
    durable: fsync === 'on' && commit === 'on',
    async create(name) {
      const unique = `signals_bench_${process.pid}_${name}`;
      await query(server.url, `CREATE DATABASE ${unique}`);
      names.push(unique);
      const url = new URL(server.url);
      url.pathname = `/${unique}`;
      return url.href;
    },
    async stop() {
      for (const name of names) await query(server.url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await server.stop();
    },
  };
}

/** Runs one statement on a connection of its own. */
export async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
