import { generateKeyPairSync } from 'node:crypto';
import { expect, it } from 'vitest';
import {
  algorithmProblem,
  asymmetricAlgorithms,
  createJwksFromKeys,
  createTokenVerifier,
} from '../../src/auth/index.js';
import { createTestIssuer } from '../support/tokens.js';
import { movableClock } from './fixtures.js';

const clock = movableClock();

it.each([
  [['RS256'], null],
  [[...asymmetricAlgorithms], null],
  [[], 'is empty'],
  [['HS256'], expect.stringContaining('may only hold')],
  [['RS256', 'none'], expect.stringContaining('may only hold')],
  [['rs256'], expect.stringContaining('may only hold')],
])('the list of algorithms %j: %s', (algorithms, problem) => {
  expect(algorithmProblem(algorithms)).toEqual(problem);
});

it('a verifier with a symmetric algorithm cannot be made', () => {
  const keys = createJwksFromKeys({ keys: [] });
  expect(() => createTokenVerifier({ keys, clock, algorithms: ['HS256'] })).toThrow(/algorithms/);
});

it('an algorithm that is not configured is refused although the key fits', async () => {
  const issuer = await createTestIssuer();
  const verifier = createTokenVerifier({
    keys: createJwksFromKeys(issuer.jwks),
    clock,
    algorithms: ['RS256'],
  });
  expect(await verifier.verify(await issuer.token())).toEqual({
    ok: false,
    error: { code: 'UNAUTHENTICATED', why: 'algorithm' },
  });
});

it('a token is judged by issuer and audience only where they are configured', async () => {
  const issuer = await createTestIssuer();
  const keys = createJwksFromKeys(issuer.jwks);
  const token = await issuer.token({ claims: { iss: 'https://any.example', aud: undefined } });
  expect(
    await createTokenVerifier({ keys, clock, issuer: null, audience: null }).verify(token),
  ).toMatchObject({ ok: true });
  expect(await createTokenVerifier({ keys, clock, audience: ['a', 'b'] }).verify(token)).toMatchObject({
    error: { why: 'audience' },
  });
});

it('the tolerance can be set', async () => {
  const issuer = await createTestIssuer();
  const keys = createJwksFromKeys(issuer.jwks);
  const token = await issuer.token({ claims: { exp: clock.now().getTime() / 1000 - 30 } });
  const verify = (clockToleranceSeconds: number) =>
    createTokenVerifier({ keys, clock, clockToleranceSeconds }).verify(token);
  expect(await verify(31)).toMatchObject({ ok: true });
  expect(await verify(30)).toMatchObject({ ok: false, error: { why: 'expired' } });
  expect(await verify(0)).toMatchObject({ ok: false, error: { why: 'expired' } });
});

it('an RSA key below 2048 bits verifies nothing', async () => {
  const issuer = await createTestIssuer({ algorithm: 'RS256' });
  const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' });
  const keys = createJwksFromKeys({ keys: [{ ...short, kid: issuer.kid, alg: 'RS256' }] });
  const answer = await createTokenVerifier({ keys, clock }).verify(await issuer.token());
  expect(answer).toEqual({ ok: false, error: { code: 'UNAUTHENTICATED', why: 'unknown_key' } });
});

it('a token of 16 KiB is read, and one character more is not', async () => {
  const issuer = await createTestIssuer();
  const verifier = createTokenVerifier({ keys: createJwksFromKeys(issuer.jwks), clock });
  const bare = (await issuer.token({ claims: { pad: '' } })).length;
  let pad = Math.floor(((16_384 - bare) * 3) / 4) - 4;
  let token = await issuer.token({ claims: { pad: 'x'.repeat(pad) } });
  for (let next = token; next.length <= 16_384; pad++) {
    token = next;
    next = await issuer.token({ claims: { pad: 'x'.repeat(pad + 1) } });
  }
  expect(token.length).toBeGreaterThan(16_380);
  expect(await verifier.verify(token)).toMatchObject({ ok: true });
  const longer = await issuer.token({ claims: { pad: 'x'.repeat(pad + 2) } });
  expect(await verifier.verify(longer)).toMatchObject({ ok: false, error: { why: 'too_long' } });
});
