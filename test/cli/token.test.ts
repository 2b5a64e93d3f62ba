import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../src/cli/token.js';
import type { Environment } from '../../src/config/index.js';

let dataDir: string;
beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'signals-token-'));
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

const now = new Date('2026-11-20T12:00:00.000Z');

async function token(argv: readonly string[], env: Environment = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await run(argv, {
    env: { SIGNALS_DATA_DIR: dataDir, ...env },
    stdout: { write: (text: string) => out.push(text) },
    stderr: { write: (text: string) => err.push(text) },
    fetch,
    now: () => now,
  });
  return { code, out: out.join(''), err: err.join('') };
}

describe('npm run token', () => {
  it('prints one token and nothing else', async () => {
    const { code, out, err } = await token(['--sub', 'user-1']);
    expect(code).toBe(0);
    expect(out).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    expect(err).toBe('');
    expect(decodeJwt(out)).toEqual({
      sub: 'user-1',
      iat: now.getTime() / 1000,
      exp: now.getTime() / 1000 + 3600,
    });
    expect(decodeProtectedHeader(out)).toEqual({ alg: 'ES256', kid: 'development' });
  });
  it('takes roles, claims and a lifetime', async () => {
    const { out } = await token([
      '--sub',
      'u',
      '--role',
      'admin',
      '--role',
      'backfill',
      '--claim',
      'email=a@b.c',
      '--claim',
      'n=[1]',
      '--ttl',
      '5m',
    ]);
    expect(decodeJwt(out)).toMatchObject({
      roles: ['admin', 'backfill'],
      email: 'a@b.c',
      n: [1],
      exp: now.getTime() / 1000 + 300,
    });
  });
  it('puts roles where SIGNALS_ADMIN_CLAIM says, and the issuer and audience that are asked for', async () => {
    const env = {
      SIGNALS_ADMIN_CLAIM: 'https://x.example/roles',
      SIGNALS_JWT_ISSUER: 'me',
      SIGNALS_JWT_AUDIENCE: 'a,b',
    };
    const { out } = await token(['--sub', 'u', '--role', 'admin'], env);
    expect(decodeJwt(out)).toMatchObject({
      'https://x.example/roles': ['admin'],
      iss: 'me',
      aud: ['a', 'b'],
    });
  });
  it.each([
    ['without a subject', []],
    ['with an unknown option', ['--sub', 'u', '--admin']],
    ['with a lifetime that is none', ['--sub', 'u', '--ttl', 'soon']],
    ['with a claim without value', ['--sub', 'u', '--claim', 'email']],
  ])('is used wrongly %s', async (_, argv) => {
    expect(await token(argv)).toMatchObject({ code: 2, out: '' });
  });
  it('is refused in production and where another issuer has the keys', async () => {
    expect(await token(['--sub', 'u'], { NODE_ENV: 'production' })).toMatchObject({ code: 1, out: '' });
    expect(await token(['--sub', 'u'], { SIGNALS_JWKS_URL: 'https://issuer.example/jwks' })).toMatchObject({
      code: 1,
      out: '',
    });
  });
  it('keeps its key where only its owner can read it', () => {
    for (const name of readdirSync(dataDir)) expect(statSync(join(dataDir, name)).mode & 0o077, name).toBe(0);
  });
});
