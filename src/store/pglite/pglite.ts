import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import type { Clock } from '../../domain/ports/index.js';
import { createLocalLocks } from '../engine/local-locks.js';
import type { SnapshotKind, SqlEngine, SqlResult, Statement } from '../engine/sql-engine.js';
import { lockDataFolder } from './data-folder-lock.js';

export interface PgliteOptions {
  /** Where the data lies; undefined: in memory, gone with the process. */
  readonly dataDir?: string;
  /** A dump of the same PGlite version (`dumpDataDir`) to begin with where there is no data yet. */
  readonly template?: Blob;
  readonly clock: Clock;
}

export interface PgliteEngine extends SqlEngine {
  readonly client: PGlite;
  readonly adapter: PrismaPGlite;
}

/**
 * PostgreSQL in the process (WebAssembly), with one connection. What was acknowledged survives a kill of the
 * process; it never calls fsync, so a power cut may lose the last seconds. Throws `data_folder_in_use` when
 * another process has the folder open: two would destroy it.
 */
export async function openPglite({ dataDir, template, clock }: PgliteOptions): Promise<PgliteEngine> {
  const lock = dataDir === undefined ? null : openFolder(dataDir, clock);
  try {
    const client = await PGlite.create({
      ...(dataDir !== undefined && { dataDir }),
      ...(template && !hasData(dataDir) && { loadDataDir: template }),
    });
    await client.exec("SET TimeZone = 'UTC'; SET DateStyle = 'ISO'");
    return engineOf(client, () => lock?.release());
  } catch (error) {
    lock?.release();
    throw error;
  }
}

function hasData(dataDir: string | undefined): boolean {
  return dataDir !== undefined && existsSync(join(dataDir, 'PG_VERSION'));
}

function openFolder(dataDir: string, clock: Clock) {
  // PGlite creates the last folder of its path only; nobody else on the machine has business in it.
  mkdirSync(dirname(dataDir), { recursive: true, mode: 0o700 });
  const lock = lockDataFolder(dataDir, clock);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  return lock;
}

function engineOf(client: PGlite, release: () => void): PgliteEngine {
  const run = ({ text, values }: Statement) => runOn(client, text, values);
  return {
    client,
    adapter: new PrismaPGlite(client),
    lanes: 1,
    write: run,
    probe: run,
    query: run,
    snapshot: (kind, work) =>
      client.transaction(async (transaction) => {
        await transaction.exec(`SET TRANSACTION ISOLATION LEVEL REPEATABLE READ ${modes[kind]}`);
        return work(async ({ text, values }) => {
          const result = await runOn(transaction, text, values);
          await othersFirst();
          return result;
        });
      }),
    withLock: createLocalLocks(),
    now: () => Promise.resolve(null),
    async close() {
      try {
        if (!client.closed) await client.close();
      } finally {
        release();
      }
    },
  };
}

/**
 * Lets everything else go on that waits in this process. PGlite never waits for anything itself, so that a job of many
 * statements would keep requests, timers and probes waiting until its end.
 */
function othersFirst(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

const modes: Readonly<Record<SnapshotKind, string>> = { read: 'READ ONLY', work: 'READ WRITE' };

async function runOn(
  client: Pick<PGlite, 'query'>,
  text: string,
  values: readonly unknown[],
): Promise<SqlResult> {
  const { rows, affectedRows } = await client.query<Record<string, unknown>>(text, [...values]);
  return { rows, affected: affectedRows ?? rows.length };
}
