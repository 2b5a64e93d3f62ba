import { CompactSign, type CryptoKey, exportJWK, exportSPKI, generateKeyPair, type JWK } from 'jose';
import type { AuthFailure } from '../../src/auth/index.js';

export const testIssuerName = 'https://issuer.example';
export const testAudience = 'signals';
/** A fixed instant, so that no test hangs on the wall clock. */
export const testNow = new Date('2026-03-10T12:00:00.000Z');

export interface TokenOptions {
  /** Added to the usual claims; undefined takes one away. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Added to the usual header; undefined takes a member away. */
  readonly header?: Readonly<Record<string, unknown>>;
  /** When it is issued; `testNow` unless given. */
  readonly now?: Date;
}

/** A key pair with an opinion: signs whatever a test wants signed. */
export interface TestIssuer {
  readonly kid: string;
  readonly algorithm: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly publicJwk: JWK;
  readonly jwks: { readonly keys: JWK[] };
  /** Claims of a valid token of `user-1`, an hour long. */
  claims(options?: TokenOptions): Record<string, unknown>;
  /** A signed token; valid unless the options make it otherwise. */
  token(options?: TokenOptions): Promise<string>;
}

/** An issuer with a key of its own; ES256 unless told, since an RSA key takes long to make. */
export async function createTestIssuer(
  options: { kid?: string; algorithm?: string } = {},
): Promise<TestIssuer> {
  const { kid = 'key-1', algorithm = 'ES256' } = options;
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
  const publicJwk: JWK = { ...(await exportJWK(publicKey)), kid, alg: algorithm, use: 'sig' };
  const claims = (given: TokenOptions = {}): Record<string, unknown> => {
    const iat = Math.floor((given.now ?? testNow).getTime() / 1000);
    const usual = { iss: testIssuerName, aud: testAudience, sub: 'user-1', iat, exp: iat + 3600 };
    return defined({ ...usual, ...given.claims });
  };
  return {
    kid,
    algorithm,
    privateKey,
    publicKey,
    publicJwk,
    jwks: { keys: [publicJwk] },
    claims,
    token: (given = {}) =>
      signed(privateKey, defined({ alg: algorithm, kid, ...given.header }), JSON.stringify(claims(given))),
  };
}

function defined(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}

async function signed(
  key: CryptoKey | Uint8Array,
  header: Record<string, unknown>,
  payload: string,
): Promise<string> {
  const named = Array.isArray(header.crit) ? header.crit : [];
  const crit = Object.fromEntries(named.map((name) => [String(name), true]));
  const jws = new CompactSign(new TextEncoder().encode(payload));
  return jws.setProtectedHeader({ alg: String(header.alg), ...header }).sign(key, { crit });
}

function base64url(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

export interface HostileToken {
  readonly name: string;
  readonly token: string;
  readonly why: AuthFailure;
}

/** Tokens that somebody forges, with the word that each is refused by. */
export async function hostileTokens(issuer: TestIssuer): Promise<readonly HostileToken[]> {
  const valid = await issuer.token();
  const [header = '', , signature = ''] = valid.split('.');
  const stranger = await createTestIssuer({ kid: issuer.kid, algorithm: issuer.algorithm });
  const publicPem = new TextEncoder().encode(await exportSPKI(issuer.publicKey));
  const admin = base64url(issuer.claims({ claims: { sub: 'root', roles: ['admin'] } }));
  const withHeader = (more: Record<string, unknown>): Promise<string> => stranger.token({ header: more });
  return [
    { name: 'alg none, unsigned', token: `${base64url({ alg: 'none' })}.${admin}.`, why: 'algorithm' },
    {
      name: 'alg none, signature kept',
      token: `${base64url({ alg: 'none' })}.${admin}.${signature}`,
      why: 'algorithm',
    },
    { name: 'alg nOnE', token: `${base64url({ alg: 'nOnE' })}.${admin}.`, why: 'algorithm' },
    {
      name: 'HS256 under our public key',
      token: await signed(publicPem, { alg: 'HS256', kid: issuer.kid }, JSON.stringify(issuer.claims())),
      why: 'algorithm',
    },
    { name: 'payload exchanged', token: `${header}.${admin}.${signature}`, why: 'signature' },
    { name: 'signature cut off', token: `${header}.${admin}.`, why: 'signature' },
    { name: 'signed by a stranger under our key id', token: await stranger.token(), why: 'signature' },
    {
      name: 'key embedded in the header',
      token: await withHeader({ jwk: stranger.publicJwk }),
      why: 'signature',
    },
    { name: 'unknown key id', token: await withHeader({ kid: 'invented' }), why: 'unknown_key' },
    {
      name: 'unknown crit',
      token: await issuer.token({ header: { crit: ['x-new'], 'x-new': 1 } }),
      why: 'unsupported_header',
    },
    { name: 'five parts, as a JWE has', token: `${valid}.AAAA.AAAA`, why: 'malformed' },
    { name: 'two parts', token: valid.split('.').slice(0, 2).join('.'), why: 'malformed' },
    {
      name: 'payload is a list',
      token: await signed(issuer.privateKey, issuerHeader(issuer), '[1]'),
      why: 'malformed',
    },
    {
      name: 'payload is no JSON',
      token: await signed(issuer.privateKey, issuerHeader(issuer), '{'),
      why: 'malformed',
    },
    { name: 'not a token at all', token: 'hello', why: 'malformed' },
    { name: 'empty', token: '', why: 'malformed' },
    { name: 'NUL inside', token: `${valid}\u0000`, why: 'malformed' },
    { name: '1 MB', token: `${header}.${'A'.repeat(1_000_000)}.${signature}`, why: 'too_long' },
  ];
}

function issuerHeader(issuer: TestIssuer): Record<string, unknown> {
  return { alg: issuer.algorithm, kid: issuer.kid };
}
