import { describe, expect, it } from 'vitest';
import { createJwksFromKeys, createTokenVerifier, type KeySource } from '../../src/auth/index.js';
import { createKnownTokens } from '../../src/auth/known-tokens.js';
import { createTestIssuer, hostileTokens, testNow } from '../support/tokens.js';
import { movableClock } from './fixtures.js';

describe('a token that was verified before', () => {
  it('is still refused when its time is over', async () => {
    const issuer = await createTestIssuer();
    let now = testNow;
    const verifier = createTokenVerifier({
      keys: createJwksFromKeys(issuer.jwks),
      clock: { now: () => now },
    });
    const token = await issuer.token({ claims: { nbf: testNow.getTime() / 1000 } });
    expect(await verifier.verify(token)).toMatchObject({ ok: true });
    expect(await verifier.verify(token)).toMatchObject({ ok: true, value: { sub: 'user-1' } });
    now = new Date(testNow.getTime() + 3_700_000);
    expect(await verifier.verify(token)).toMatchObject({ ok: false, error: { why: 'expired' } });
    now = new Date(testNow.getTime() - 3_600_000);
    expect(await verifier.verify(token)).toMatchObject({ ok: false, error: { why: 'not_yet_valid' } });
  });

  it('is refused once its key has been taken out of the set', async () => {
    const [old, fresh] = [await createTestIssuer({ kid: 'old' }), await createTestIssuer({ kid: 'new' })];
    let set = await createJwksFromKeys(old.jwks).current();
    const keys: KeySource = {
      current: async () => set,
      refreshed: async () => set,
      status: () => ({ keys: 1, ageMs: 0, stale: false, lastError: null }),
    };
    const verifier = createTokenVerifier({ keys, clock: movableClock() });
    const token = await old.token();
    expect(await verifier.verify(token)).toMatchObject({ ok: true });
    set = await createJwksFromKeys(fresh.jwks).current();
    expect(await verifier.verify(token)).toMatchObject({ ok: false, error: { why: 'unknown_key' } });
  });

  it('lends nothing to another token: one changed letter is a bad signature', async () => {
    const issuer = await createTestIssuer();
    const verifier = createTokenVerifier({ keys: createJwksFromKeys(issuer.jwks), clock: movableClock() });
    const token = await issuer.token();
    expect(await verifier.verify(token)).toMatchObject({ ok: true });
    const [header, , signature] = token.split('.');
    const forged = Buffer.from(JSON.stringify(issuer.claims({ claims: { roles: ['admin'] } }))).toString(
      'base64url',
    );
    expect(await verifier.verify(`${header}.${forged}.${signature}`)).toMatchObject({ ok: false });
  });

  it('tells who it is by its own words each time', async () => {
    const issuer = await createTestIssuer();
    const verifier = createTokenVerifier({ keys: createJwksFromKeys(issuer.jwks), clock: movableClock() });
    const claims = { sub: 'Zoë 🙂', email: 'zoe@example.org', roles: ['admin'], nested: { a: [1, null] } };
    const token = await issuer.token({ claims });
    const first = await verifier.verify(token);
    const second = await verifier.verify(token);
    expect(first).toMatchObject({ ok: true, value: claims });
    expect(second).toEqual(first);
    // Whoever changes the claims of one request changes those of no other.
    if (second.ok) Object.assign(second.value, { sub: 'somebody else' });
    expect(await verifier.verify(token)).toEqual(first);
  });

  it('is verified again where its claims cannot be read the short way', async () => {
    const issuer = await createTestIssuer();
    const verifier = createTokenVerifier({ keys: createJwksFromKeys(issuer.jwks), clock: movableClock() });
    const odd = (await hostileTokens(issuer)).map(({ token }) => token);
    for (const token of odd) {
      const first = await verifier.verify(token);
      expect(first.ok).toBe(false);
      expect(await verifier.verify(token)).toEqual(first);
    }
  });

  it('belongs to its set of keys', async () => {
    const sets = [
      createJwksFromKeys((await createTestIssuer()).jwks),
      createJwksFromKeys((await createTestIssuer()).jwks),
    ];
    const [one, other] = await Promise.all(sets.map((keys) => keys.current()));
    if (!one || !other) throw new Error('no keys');
    const known = createKnownTokens();
    known.add('token', one);
    expect([known.has('token', one), known.has('token', other)]).toEqual([true, false]);
  });

  it('is one of a bounded number', async () => {
    const set = await createJwksFromKeys((await createTestIssuer()).jwks).current();
    if (!set) throw new Error('no keys');
    const known = createKnownTokens();
    for (let index = 0; index <= 5_000; index++) known.add(`token-${index}`, set);
    expect(known.has('token-0', set)).toBe(false);
    expect(known.has('token-5000', set)).toBe(true);
    expect(known.has('token-5001', set)).toBe(false);
  });
});
