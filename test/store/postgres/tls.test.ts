import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestStore, postgresOffer } from '../../support/database.js';
import { type PostgresServer, startPostgres } from '../../support/postgres-server.js';

const here = (await postgresOffer()).missing === undefined;

describe.skipIf(!here)('TLS to the database', () => {
  let server: PostgresServer | null = null;
  let plain: PostgresServer | null = null;
  let folder = '';
  const port = 20_000 + (process.pid % 10_000);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'signals-tls-'));
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'],
        ...['-addext', 'subjectAltName=DNS:localhost'],
        ...['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')],
      ],
      { stdio: 'ignore' },
    );
    plain = await startPostgres({ listen_addresses: '127.0.0.1', port: String(port + 1) });
    giveTo(ownerOf(plain), folder);
    server = await startPostgres({
      ...{ listen_addresses: '127.0.0.1', port: String(port), ssl: 'on' },
      ...{ ssl_cert_file: join(folder, 'cert.pem'), ssl_key_file: join(folder, 'key.pem') },
    });
  });
  afterAll(async () => {
    await server?.stop();
    await plain?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What readiness says of a server that is empty: `migrations_pending` is as good as it gets. */
  const reasonAt = async (host: string, parameters: string): Promise<string | undefined> => {
    const databaseUrl = `postgresql://postgres@${host}/postgres?${parameters}`;
    const { store } = await openTestStore({ databaseUrl, migrated: false });
    try {
      return (await store.readiness()).reason;
    } finally {
      await store.close();
    }
  };
  const trusted = () => `&sslrootcert=${encodeURIComponent(join(folder, 'cert.pem'))}`;

  it.each([
    // What an operator writes, who is believed, and what comes of it. The page docs/operations.md says the same.
    ['localhost', '', false, 'migrations_pending'],
    ['localhost', 'sslmode=disable', false, 'migrations_pending'],
    ['localhost', 'sslmode=no-verify', false, 'migrations_pending'],
    ['127.0.0.1', 'sslmode=no-verify', false, 'migrations_pending'],
    ...['prefer', 'require', 'verify-ca', 'verify-full'].flatMap((mode) => [
      ['localhost', `sslmode=${mode}`, false, 'store_certificate_untrusted'] as const,
      ['localhost', `sslmode=${mode}`, true, 'migrations_pending'] as const,
      ['127.0.0.1', `sslmode=${mode}`, true, 'store_certificate_name'] as const,
    ]),
    ['localhost', 'uselibpqcompat=true&sslmode=require', false, 'migrations_pending'],
    ['127.0.0.1', 'uselibpqcompat=true&sslmode=verify-ca', true, 'migrations_pending'],
    ['127.0.0.1', 'uselibpqcompat=true&sslmode=verify-full', true, 'store_certificate_name'],
  ] as const)('at %s with “%s”, authority named: %s → %s', async (host, parameters, named, reason) => {
    expect(await reasonAt(`${host}:${port}`, `${parameters}${named ? trusted() : ''}`)).toBe(reason);
  });

  it('is said to be missing where the server does not offer it', async () => {
    expect(await reasonAt(`localhost:${port + 1}`, 'sslmode=verify-full')).toBe('store_tls_not_offered');
  });
});

/** Who runs the server: its key has to be readable for that account, and for nobody else. */
function ownerOf(server: PostgresServer | null): { uid: number; gid: number } {
  return statSync(new URL(server?.url ?? '').searchParams.get('host') ?? '');
}

function giveTo({ uid, gid }: { uid: number; gid: number }, folder: string): void {
  for (const name of ['', 'key.pem', 'cert.pem']) {
    chmodSync(join(folder, name), name === 'key.pem' ? 0o600 : 0o755);
    if (process.getuid?.() === 0) chownSync(join(folder, name), uid, gid);
  }
}
