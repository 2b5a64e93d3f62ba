import pg from 'pg';
import { type PostgresServer, startPostgres } from '../support/postgres-server.js';

/** A PostgreSQL server with databases of the benchmark's own. */
export interface BenchDatabase {
  readonly version: string;
  /** Whether a commit waits for the disk; without that, figures compare with nothing. */
  readonly durable: boolean;
  /** Makes a database and answers its URL: an empty one, or a copy of one made before that nobody is connected to. */
  create(name: string, copyOf?: string): Promise<string>;
  /**
   * Runs work that is not measured and writes much. A server of our own copies no whole pages into its log meanwhile
   * and makes few checkpoints; afterwards it has PostgreSQL's defaults again. A given server is left as it is.
   */
  filling<T>(work: () => Promise<T>): Promise<T>;
  /** Drops what was made, and ends the server where it is ours. */
  stop(): Promise<void>;
}

/** PostgreSQL's own defaults, where the server that tests share has others. */
const defaults = { fsync: 'on', TimeZone: 'UTC', DateStyle: 'ISO, MDY', bytea_output: 'hex' };

/** Random ids dirty the whole index between two checkpoints: by default most of the log would be copies of its pages. */
const whileFilling = { full_page_writes: 'off', max_wal_size: '4GB', checkpoint_timeout: '30min' };

/**
 * `TEST_DATABASE_URL` where it is set, else a server of our own with default durability and the settings. Null where there are no
 * binaries; the benchmark then measures PGlite alone.
 */
export async function openDatabase(
  givenUrl: string | undefined,
  settings: Readonly<Record<string, string>> = {},
): Promise<BenchDatabase | null> {
  const start: (settings: Readonly<Record<string, string>>) => Promise<PostgresServer | null> = startPostgres;
  const server = givenUrl
    ? { url: givenUrl, stop: async () => undefined }
    : await start({ ...defaults, ...settings });
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
    async create(name, copyOf) {
      const unique = `signals_bench_${process.pid}_${name}`;
      const template = copyOf === undefined ? '' : ` TEMPLATE ${new URL(copyOf).pathname.slice(1)}`;
      await query(server.url, `CREATE DATABASE ${unique}${template}`);
      names.push(unique);
      const url = new URL(server.url);
      url.pathname = `/${unique}`;
      return url.href;
    },
    async filling(work) {
      if (givenUrl) return work();
      const reload = 'SELECT pg_reload_conf()';
      const set = Object.entries(whileFilling).map(
        ([name, value]) => `ALTER SYSTEM SET ${name} = '${value}'`,
      );
      const reset = Object.keys(whileFilling).map((name) => `ALTER SYSTEM RESET ${name}`);
      for (const sql of [...set, reload]) await query(server.url, sql);
      const result = await work();
      for (const sql of [...reset, reload, 'CHECKPOINT']) await query(server.url, sql);
      return result;
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
