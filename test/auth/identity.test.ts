import { beforeAll, describe, expect, it } from 'vitest';
import type { AuthFailure } from '../../src/auth/index.js';
import {
  createTestIssuer,
  type HostileToken,
  hostileTokens,
  type TestIssuer,
  type TokenOptions,
  testNow,
} from '../support/tokens.js';
import { authenticatorFor } from './fixtures.js';

const seconds = testNow.getTime() / 1000;
let es: TestIssuer;
let rs: TestIssuer;
let ed: TestIssuer;
const hostile = new Map<string, readonly HostileToken[]>();

beforeAll(async () => {
  [es, rs, ed] = await Promise.all([
    createTestIssuer(),
    createTestIssuer({ algorithm: 'RS256' }),
    createTestIssuer({ algorithm: 'EdDSA' }),
  ]);
  for (const issuer of [es, rs, ed]) hostile.set(issuer.algorithm, await hostileTokens(issuer));
});

function ask(authorization: string | readonly string[] | null, issuer = es) {
  return authenticatorFor(issuer).authenticate({ authorization, extensions: undefined, signed: false });
}

async function askWith(options: TokenOptions) {
  return ask(`Bearer ${await es.token(options)}`);
}

const refused = (why: AuthFailure) => ({ ok: false, error: { code: 'UNAUTHENTICATED', why } });
const signedIn = (more: object = {}) => ({
  ok: true,
  value: expect.objectContaining({ subject: 'user-1', ...more }),
});

describe('a valid token', () => {
  it.each([
    ['ES256', () => es],
    ['RS256', () => rs],
    ['EdDSA', () => ed],
  ])('signed by %s makes a caller', async (_name, issuer) => {
    const answer = await ask(
      `Bearer ${await issuer().token({ claims: { email: 'a@b.example' } })}`,
      issuer(),
    );
    expect(answer).toEqual({
      ok: true,
      value: {
        kind: 'user',
        subject: 'user-1',
        email: 'a@b.example',
        isAdmin: false,
        isService: false,
        mayBackfill: false,
      },
    });
  });

  it('needs no kid when one key fits', async () => {
    expect(await askWith({ header: { kid: undefined } })).toEqual(signedIn());
  });
});

describe('rows 1, 2 and 11: forged tokens', () => {
  it.each(['ES256', 'RS256', 'EdDSA'])('are all refused where the key is %s', async (algorithm) => {
    const issuer = { ES256: es, RS256: rs, EdDSA: ed }[algorithm];
    const table = hostile.get(algorithm) ?? [];
    expect(table.length).toBeGreaterThan(15);
    for (const { name, token, why } of table) {
      expect.soft(await ask(`Bearer ${token || '.'}`, issuer), name).toEqual(refused(why));
    }
  });
});

describe('rows 3 to 8: registered claims', () => {
  it.each<[string, TokenOptions, AuthFailure | null]>([
    ['3: expired within the tolerance', { claims: { exp: seconds - 29 } }, null],
    ['3: expired beyond the tolerance', { claims: { exp: seconds - 30 } }, 'expired'],
    ['3: expired yesterday', { claims: { exp: seconds - 86_400 } }, 'expired'],
    ['4: another audience', { claims: { aud: 'shop' } }, 'audience'],
    ['4: no audience', { claims: { aud: undefined } }, 'audience'],
    ['4: audience is an object', { claims: { aud: { signals: true } } }, 'audience'],
    ['4: several audiences, ours among them', { claims: { aud: ['shop', 'signals'] } }, null],
    ['5: another issuer', { claims: { iss: 'https://evil.example' } }, 'issuer'],
    ['5: issuer with a slash more', { claims: { iss: 'https://issuer.example/' } }, 'issuer'],
    ['5: no issuer', { claims: { iss: undefined } }, 'issuer'],
    ['5: issuer in a list', { claims: { iss: ['https://issuer.example'] } }, 'issuer'],
    ['6: no exp', { claims: { exp: undefined } }, 'missing_claim'],
    ['6: no sub', { claims: { sub: undefined } }, 'missing_claim'],
    ['6: exp is text', { claims: { exp: '9999999999' } }, 'invalid_claim'],
    ['6: exp is null', { claims: { exp: null } }, 'invalid_claim'],
    ['7: nbf ahead', { claims: { nbf: seconds + 60 } }, 'not_yet_valid'],
    ['7: nbf within the tolerance', { claims: { nbf: seconds + 30 } }, null],
    ['7: nbf is text', { claims: { nbf: 'now' } }, 'invalid_claim'],
    ['8: iat one hour ahead', { claims: { iat: seconds + 3600 } }, null],
    [
      '8: iat and nbf one hour ahead',
      { claims: { iat: seconds + 3600, nbf: seconds + 3600 } },
      'not_yet_valid',
    ],
    ['8: iat is a list', { claims: { iat: [seconds] } }, 'invalid_claim'],
    ['8: no iat', { claims: { iat: undefined } }, null],
  ])('%s', async (_name, options, why) => {
    expect(await askWith(options)).toEqual(why ? refused(why) : signedIn());
  });
});

describe('row 9: a subject', () => {
  it.each<[string, unknown]>([
    ['number', 7],
    ['object', { id: 'user-1' }],
    ['list', ['user-1']],
    ['null', null],
    ['true', true],
    ['empty', ''],
    ['257 characters', 'x'.repeat(257)],
    ['10 KB', 'x'.repeat(10_000)],
    ['NUL', 'user\u00001'],
    ['line break', 'user\n1'],
    ['DEL', 'user\u007f1'],
    ['C1 control', 'user\u00851'],
    ['half a surrogate pair', 'user\ud8001'],
  ])('that is %s is refused', async (_name, sub) => {
    expect(await askWith({ claims: { sub } })).toEqual(refused('subject'));
  });

  it.each(['x'.repeat(256), 'auth0|5f7c8ec7c33c6c004bbafe82', 'Zoë 😀', '0'])(
    'such as %s is kept as it is',
    async (sub) => {
      expect(await askWith({ claims: { sub } })).toEqual(signedIn({ subject: sub }));
    },
  );
});

describe('row 10: roles', () => {
  it.each<[string, unknown, boolean]>([
    ['the value itself', 'admin', true],
    ['a list that contains it', ['user', 'admin'], true],
    ['an object', { admin: true }, false],
    ['other letter case and a space', ['ADMIN '], false],
    ['other letter case', 'Admin', false],
    ['part of a text', 'user admin', false],
    ['a nested list', [['admin']], false],
    ['a list-like object', { 0: 'admin', length: 1 }, false],
    ['true', true, false],
    ['nothing', undefined, false],
  ])('as %s', async (_name, roles, isAdmin) => {
    expect(await askWith({ claims: { roles } })).toEqual(
      signedIn({ isAdmin, kind: isAdmin ? 'admin' : 'user' }),
    );
  });
});

describe('row 17: the Authorization header', () => {
  it.each<[string, (token: string) => string | string[] | null, AuthFailure | null]>([
    ['lower-case scheme', (token) => `bearer ${token}`, null],
    ['upper-case scheme', (token) => `BEARER ${token}`, null],
    ['extra spaces', (token) => `  Bearer    ${token} `, null],
    ['one header in a list', (token) => [`Bearer ${token}`], null],
    ['two headers in a list', (token) => [`Bearer ${token}`, `Bearer ${token}`], 'several_headers'],
    ['two headers joined by a comma', (token) => `Bearer ${token}, Bearer ${token}`, 'several_headers'],
    ['a prefix that is not configured', (token) => `JWT ${token}`, 'unknown_scheme'],
    ['Basic', () => 'Basic dXNlcjpwYXNz', 'unknown_scheme'],
    ['no scheme', (token) => token, 'malformed_header'],
    ['no token', () => 'Bearer ', 'malformed_header'],
    ['an empty header', () => '', 'malformed_header'],
    ['a tab between', (token) => `Bearer\t${token}`, 'malformed_header'],
    ['something after the token', (token) => `Bearer ${token} x`, 'malformed_header'],
    ['100 KB of spaces', () => `Bearer${' '.repeat(100_000)}x`, 'too_long'],
  ])('%s', async (_name, header, why) => {
    expect(await ask(header(await es.token()))).toEqual(why ? refused(why) : signedIn());
  });

  it('takes the prefixes that are configured, and no other', async () => {
    const authenticator = authenticatorFor(es, { prefixes: ['JWT'] });
    const token = await es.token();
    const use = (authorization: string) =>
      authenticator.authenticate({ authorization, extensions: {}, signed: false });
    expect(await use(`jwt ${token}`)).toEqual(signedIn());
    expect(await use(`Bearer ${token}`)).toEqual(refused('unknown_scheme'));
  });
});

it.each([[null], [[]]])('row 18: without a token (%j) the caller is anonymous', async (authorization) => {
  expect(await ask(authorization)).toEqual({ ok: true, value: { kind: 'anonymous' } });
});

it('no refusal carries anything of the token', async () => {
  const canary = 'CANARY-4711';
  const claims = { sub: canary, email: `${canary}@b.example`, roles: [canary] };
  const answers = await Promise.all([
    askWith({ claims: { ...claims, exp: 1 } }),
    askWith({ claims: { ...claims, iss: canary } }),
    askWith({ claims: { ...claims, sub: `${canary}\n` } }),
    askWith({ header: { kid: canary }, claims }),
    ask(`${canary} x`),
    ask(`Bearer ${canary}`),
  ]);
  for (const answer of answers) expect(answer.ok).toBe(false);
  expect(JSON.stringify(answers)).not.toContain(canary);
});
