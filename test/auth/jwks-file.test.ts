import { mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import {
  createJwksFromFile,
  createJwksFromKeys,
  createTokenVerifier,
  isEmptySet,
} from '../../src/auth/index.js';
import { createTestIssuer, type TestIssuer } from '../support/tokens.js';
import { type MovableClock, movableClock } from './fixtures.js';

const day = 24 * 60 * 60_000;
let first: TestIssuer;
let second: TestIssuer;
let folder: string;
let path: string;
let reads: number;
let clock: MovableClock;
let written: number;

beforeAll(async () => {
  first = await createTestIssuer({ kid: 'first' });
  second = await createTestIssuer({ kid: 'second' });
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keys-'));
  path = join(folder, 'jwks.json');
  clock = movableClock();
  reads = 0;
  written = 1_700_000_000;
  await put(JSON.stringify(first.jwks));
});
afterEach(() => rm(folder, { recursive: true }));

/** Writes with a later time each, however coarse the file system counts. */
async function put(text: string) {
  await writeFile(path, text);
  written += 10;
  await utimes(path, written, written);
}

function setUp() {
  const counted = (name: string) => {
    reads++;
    return readFile(name, 'utf8');
  };
  const keys = createJwksFromFile({ path, readFile: counted, stat, clock });
  const verifier = createTokenVerifier({ keys, clock });
  const use = async (issuer: TestIssuer) => {
    const verified = await verifier.verify(await issuer.token({ now: clock.now() }));
    return verified.ok ? 'accepted' : verified.error.why;
  };
  return { keys, use };
}

it('a key file is read once, and again only when it changed', async () => {
  const { keys, use } = setUp();
  for (let i = 0; i < 10; i++) {
    expect(await use(first)).toBe('accepted');
    clock.advance(1_000);
  }
  expect(reads).toBe(1);
  await put(JSON.stringify(second.jwks));
  clock.advance(1_000);
  expect(await use(first)).toBe('unknown_key');
  expect(await use(second)).toBe('accepted');
  expect(reads).toBe(2);
  expect(keys.status()).toEqual({ keys: 1, ageMs: 0, stale: false, lastError: null });
});

it.each([
  ['half written', () => put('{"keys":['), 'not_json'],
  ['no set', () => put('{}'), 'not_a_key_set'],
  ['a megabyte', () => put('x'.repeat(1_000_000)), 'too_large'],
  ['gone', () => rm(path), 'file_unreadable'],
])('a file that is %s leaves the old keys in force up to the grace', async (_name, spoil, word) => {
  const { keys, use } = setUp();
  expect(await use(first)).toBe('accepted');
  await spoil();
  clock.advance(1_000);
  expect(await use(first)).toBe('accepted');
  expect(keys.status()).toEqual({ keys: 1, ageMs: 1_000, stale: true, lastError: word });
  clock.advance(day + 1);
  expect(await use(first)).toBe('keys_unavailable');
  await put(JSON.stringify(first.jwks));
  clock.advance(1_000);
  expect(await use(first)).toBe('accepted');
});

it.each([
  ['no key', { keys: [] }],
  ['a symmetric key only', { keys: [{ kty: 'oct', k: 'AAAA' }] }],
  ['things that are no keys', { keys: [null, 'key', {}] }],
])('a set with %s revokes the old keys at once, also with the file gone afterwards', async (_name, set) => {
  const { keys, use } = setUp();
  expect(await use(first)).toBe('accepted');
  await put(JSON.stringify(set));
  clock.advance(1_000);
  expect(await use(first)).toBe('unknown_key');
  expect(keys.status()).toEqual({ keys: 0, ageMs: 0, stale: false, lastError: null });
  expect(isEmptySet(keys.status())).toBe(true);
  await rm(path);
  clock.advance(1_000);
  // Nobody can say now whether there is a new key, so the caller may ask again; the old one stays withdrawn.
  expect(await use(first)).toBe('keys_unavailable');
  await put(JSON.stringify(first.jwks));
  clock.advance(1_000);
  expect(await use(first)).toBe('accepted');
});

it('a file that comes later is found', async () => {
  await rm(path);
  const { use } = setUp();
  expect(await use(first)).toBe('keys_unavailable');
  await put(JSON.stringify(first.jwks));
  clock.advance(1_000);
  expect(await use(first)).toBe('accepted');
});

it('keys that were given verify, and no key refuses every token', async () => {
  const given = createTokenVerifier({ keys: createJwksFromKeys(first.jwks), clock });
  expect(await given.verify(await first.token())).toMatchObject({ ok: true });
  expect(await given.verify(await second.token())).toMatchObject({
    ok: false,
    error: { why: 'unknown_key' },
  });
  const none = createTokenVerifier({ keys: createJwksFromKeys({ keys: [] }), clock });
  expect(await none.verify(await first.token())).toMatchObject({
    ok: false,
    error: { code: 'UNAUTHENTICATED', why: 'unknown_key' },
  });
  const broken = createTokenVerifier({ keys: createJwksFromKeys({}), clock });
  expect(await broken.verify(await first.token())).toMatchObject({
    ok: false,
    error: { code: 'AUTH_UNAVAILABLE' },
  });
});
