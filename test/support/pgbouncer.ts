import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

export type PoolMode = 'session' | 'transaction';

/** A PgBouncer of the test's own, in front of one database. */
export interface Pooler {
  readonly url: string;
  stop(): Promise<void>;
}

const binary = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer', '/usr/local/bin/pgbouncer'].find(existsSync);

/** Whether a PgBouncer can be had; where everything is required, its absence is an error and not a skip. */
export function pgbouncerIsHere(): boolean {
  if (!binary && process.env.SIGNALS_TEST_REQUIRE_ALL) throw new Error('pgbouncer is missing');
  if (!binary) console.warn('SKIPPED: tests behind a real PgBouncer, because pgbouncer is not installed');
  return binary !== undefined;
}

/** Starts one on a free port of loopback, with its own defaults but for the mode and the number of connections. */
export async function startPgbouncer(databaseUrl: string, mode: PoolMode, poolSize: number): Promise<Pooler> {
  if (!binary) throw new Error('pgbouncer is missing');
  const folder = mkdtempSync(join(tmpdir(), 'signals-pooler-'));
  const url = new URL(databaseUrl);
  const port = await freePort();
  writeFileSync(join(folder, 'users'), `"${url.username}" "${url.password}"\n`);
  writeFileSync(join(folder, 'ini'), settings(url, { folder, port, mode, poolSize }));
  for (const file of ['', 'users', 'ini']) chmodSync(join(folder, file), 0o755);
  // It refuses to run as root.
  const as = process.getuid?.() === 0 ? ['-u', accountToRunAs()] : [];
  const child = spawn(binary, [...as, join(folder, 'ini')], { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const pooled = `postgresql://${url.username}@127.0.0.1:${port}${url.pathname}`;
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  if (await answers(pooled)) return { url: pooled, stop };
  await stop();
  throw new Error('pgbouncer did not start');
}

interface PoolerOptions {
  readonly folder: string;
  readonly port: number;
  readonly mode: PoolMode;
  readonly poolSize: number;
}

function settings(url: URL, { folder, port, mode, poolSize }: PoolerOptions): string {
  const host = url.searchParams.get('host') ?? url.hostname;
  const target = `host=${host} port=${url.port || 5432} dbname=${url.pathname.slice(1)}`;
  return `[databases]
${url.pathname.slice(1)} = ${target}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = trust
auth_file = ${join(folder, 'users')}
pool_mode = ${mode}
default_pool_size = ${poolSize}
`;
}

function accountToRunAs(): string {
  return spawnSync('id', ['postgres']).status === 0 ? 'postgres' : 'nobody';
}

async function answers(url: string): Promise<boolean> {
  for (let tries = 0; tries < 100; tries += 1) {
    const client = new pg.Client(url);
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('SELECT 1');
      return true;
    } catch {
      await sleep(50);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
  return false;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
