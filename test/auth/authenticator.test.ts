import { beforeAll, describe, expect, it } from 'vitest';
import {
  type AuthenticatorOptions,
  type AuthFailure,
  authenticatorProblems,
  authFailures,
  createAuthenticator,
  createJwksFromKeys,
  createTokenVerifier,
  type IdentityEvidence,
  type IdentityMode,
} from '../../src/auth/index.js';
import { createTestIssuer, type TestIssuer, testNow } from '../support/tokens.js';
import { authenticatorFor, movableClock, roleRules, secretA } from './fixtures.js';

const seconds = testNow.getTime() / 1000;
const gateway = { secrets: [secretA], scope: 'bound' as const };
const anonymous = { ok: true, value: { kind: 'anonymous' } };
let issuer: TestIssuer;
let alice: string;
let bob: string;
let expired: string;

beforeAll(async () => {
  issuer = await createTestIssuer();
  alice = await issuer.token({ claims: { sub: 'alice', roles: ['admin'] } });
  bob = await issuer.token({ claims: { sub: 'bob' } });
  expired = await issuer.token({ claims: { sub: 'alice', exp: 1 } });
});

const as = (subject: string, isAdmin?: boolean) => ({
  ok: true,
  value: expect.objectContaining(isAdmin === undefined ? { subject } : { subject, isAdmin }),
});
const refused = (why: AuthFailure) => ({ ok: false, error: { code: authFailures[why].code, why } });
const wrapped = (token: string) => ({ jwt: { token: { value: token, prefix: 'Bearer' } } });

function ask(options: Partial<AuthenticatorOptions>, evidence: Partial<IdentityEvidence>) {
  return authenticatorFor(issuer, options).authenticate({
    authorization: null,
    extensions: undefined,
    signed: false,
    ...evidence,
  });
}

describe('forwarded-token', () => {
  const modes: IdentityMode[] = ['forwarded-token'];

  it('verifies the token and needs no trust in the gateway', async () => {
    expect(await ask({ modes }, { extensions: wrapped(alice) })).toEqual(as('alice', true));
    expect(await ask({ modes }, { extensions: wrapped(expired) })).toEqual(refused('expired'));
    expect(await ask({ modes }, { extensions: wrapped(`${alice}x`) })).toEqual(refused('signature'));
  });

  it.each<[string, unknown, 'forwarded_token' | null]>([
    ['no extensions', undefined, null],
    ['extensions as a list', [], null],
    ['extensions as text', 'x', null],
    ['jwt as text', { jwt: 'x' }, null],
    ['token null', { jwt: { token: null } }, null],
    ['claims only', { jwt: { payload: { sub: 'root', exp: 9e9 } } }, null],
    ['token as text', { jwt: { token: 'x' } }, 'forwarded_token'],
    ['value as a number', { jwt: { token: { value: 7 } } }, 'forwarded_token'],
    ['value missing', { jwt: { token: { prefix: 'Bearer' } } }, 'forwarded_token'],
  ])('with %s', async (_name, extensions, why) => {
    expect(await ask({ modes }, { extensions })).toEqual(why ? refused(why) : anonymous);
  });

  it('is not looked at unless it is switched on, and neither is the header', async () => {
    expect(await ask({ modes: ['bearer'] }, { extensions: wrapped(alice) })).toEqual(anonymous);
    expect(await ask({ modes }, { authorization: `Bearer ${alice}` })).toEqual(anonymous);
  });
});

describe('row 17: identities that disagree', () => {
  const modes: IdentityMode[] = ['bearer', 'forwarded-token', 'forwarded-claims'];
  const claims = (sub: string, more: object = {}) => ({
    sub,
    exp: seconds + 60,
    iss: 'https://issuer.example',
    aud: 'signals',
    ...more,
  });

  it.each<[string, () => Partial<IdentityEvidence>, object]>([
    [
      'header and token of one person',
      () => ({ authorization: `Bearer ${alice}`, extensions: wrapped(alice) }),
      as('alice'),
    ],
    [
      'header and token of two',
      () => ({ authorization: `Bearer ${alice}`, extensions: wrapped(bob) }),
      refused('identities_differ'),
    ],
    [
      'header valid, token expired',
      () => ({ authorization: `Bearer ${alice}`, extensions: wrapped(expired) }),
      refused('expired'),
    ],
    [
      'header expired, token valid',
      () => ({ authorization: `Bearer ${expired}`, extensions: wrapped(alice) }),
      refused('expired'),
    ],
    [
      'header of another scheme, token valid',
      () => ({ authorization: 'Basic eDp5', extensions: wrapped(alice) }),
      refused('unknown_scheme'),
    ],
    [
      'header and signed claims of two',
      () => ({
        authorization: `Bearer ${alice}`,
        extensions: { jwt: { payload: claims('bob') } },
        signed: true,
      }),
      refused('identities_differ'),
    ],
    [
      'header and signed claims of one, the claims with more roles: the token decides',
      () => ({
        authorization: `Bearer ${bob}`,
        extensions: { jwt: { payload: claims('bob', { roles: ['admin'] }) } },
        signed: true,
      }),
      as('bob', false),
    ],
    [
      'header and unsigned claims of two: the claims do not exist',
      () => ({ authorization: `Bearer ${alice}`, extensions: { jwt: { payload: claims('bob') } } }),
      as('alice', true),
    ],
    [
      'header expired, signed claims valid: never downgraded',
      () => ({
        authorization: `Bearer ${expired}`,
        extensions: { jwt: { payload: claims('alice') } },
        signed: true,
      }),
      refused('expired'),
    ],
    [
      'claims in two places of two people',
      () => ({ extensions: { jwt: { payload: claims('alice') }, claims: claims('bob') }, signed: true }),
      refused('identities_differ'),
    ],
  ])('%s', async (_name, evidence, expected) => {
    expect(await ask({ modes, gateway }, evidence())).toEqual(expected);
  });
});

describe('forwarded-claims', () => {
  const modes: IdentityMode[] = ['forwarded-claims'];
  const claims = {
    sub: 'alice',
    roles: ['admin'],
    exp: seconds + 60,
    iss: 'https://issuer.example',
    aud: 'signals',
  };
  const places: [string, (value: unknown) => object][] = [
    ['jwt.payload, as Hive Gateway has it', (value) => ({ jwt: { payload: value } })],
    ['jwt itself, as Hive Router has it', (value) => ({ jwt: value })],
    ['claims', (value) => ({ claims: value })],
  ];

  it.each(places)('are taken from %s of a signed request', async (_name, place) => {
    expect(await ask({ modes, gateway }, { extensions: place(claims), signed: true })).toEqual(
      as('alice', true),
    );
  });

  it.each(places)('row 19: in %s of an unsigned request they do not exist', async (_name, place) => {
    expect(await ask({ modes, gateway }, { extensions: place(claims), signed: false })).toEqual(anonymous);
    expect(await ask({ modes: ['bearer'], gateway }, { extensions: place(claims), signed: true })).toEqual(
      anonymous,
    );
  });

  it('row 19: a signature of stock scope does not make them exist either', async () => {
    const stock = { secrets: [secretA], scope: 'stock' as const };
    const evidence = { extensions: { jwt: { payload: claims } }, signed: true };
    expect(await ask({ modes: ['bearer'], gateway: stock }, evidence)).toEqual(anonymous);
    expect(() => authenticatorFor(issuer, { modes: ['bearer', ...modes], gateway: stock })).toThrow(/bound/);
  });

  it.each<[string, object, AuthFailure]>([
    ['25: expired', { exp: seconds - 30 }, 'expired'],
    ['25: expired long ago', { exp: 1 }, 'expired'],
    ['no exp', { exp: undefined }, 'missing_claim'],
    ['exp as text', { exp: String(seconds + 60) }, 'invalid_claim'],
    ['not yet valid', { nbf: seconds + 60 }, 'not_yet_valid'],
    ['iat as text', { iat: 'now' }, 'invalid_claim'],
    ['another issuer', { iss: 'https://evil.example' }, 'issuer'],
    ['another audience', { aud: ['shop'] }, 'audience'],
    ['no subject', { sub: undefined }, 'missing_claim'],
    ['a subject that is a number', { sub: 1 }, 'subject'],
    ['an empty subject', { sub: '' }, 'subject'],
  ])('row %s: refused although signed', async (_name, more, why) => {
    const extensions = { jwt: { payload: { ...claims, ...more } } };
    expect(await ask({ modes, gateway }, { extensions, signed: true })).toEqual(refused(why));
  });

  it.each([
    ['issued in the future', { iat: seconds + 3600 }],
    ['expired within the tolerance', { exp: seconds - 29 }],
    ['valid from a moment that the tolerance covers', { nbf: seconds + 30 }],
  ])('hold when they are %s', async (_name, more) => {
    const extensions = { jwt: { payload: { ...claims, ...more } } };
    expect(await ask({ modes, gateway }, { extensions, signed: true })).toEqual(as('alice', true));
  });

  it('are judged by the tolerance that is set', async () => {
    const extensions = { jwt: { payload: { ...claims, exp: seconds - 29, nbf: seconds - 60 } } };
    const evidence = { extensions, signed: true };
    expect(await ask({ modes, gateway, clockToleranceSeconds: 29 }, evidence)).toEqual(refused('expired'));
    expect(await ask({ modes, gateway, clockToleranceSeconds: 30 }, evidence)).toEqual(as('alice', true));
  });

  it.each<[string, unknown, AuthFailure | null]>([
    ['jwt null', { jwt: null }, null],
    ['payload null', { jwt: { payload: null } }, null],
    ['token only', { jwt: { token: { value: 'x' } } }, null],
    ['jwt empty', { jwt: {} }, 'missing_claim'],
    ['payload as text', { jwt: { payload: 'alice' } }, 'forwarded_claims'],
    ['payload as a list', { jwt: { payload: [claims] } }, 'forwarded_claims'],
    ['jwt as text', { jwt: 'alice' }, 'forwarded_claims'],
    ['claims as text', { claims: 'alice' }, 'forwarded_claims'],
  ])('with %s', async (_name, extensions, why) => {
    expect(await ask({ modes, gateway }, { extensions, signed: true })).toEqual(
      why ? refused(why) : anonymous,
    );
  });

  it('can be narrowed to one place', async () => {
    const options = { modes, gateway, claimsPaths: ['jwt.payload' as const] };
    expect(await ask(options, { extensions: { jwt: claims }, signed: true })).toEqual(anonymous);
    expect(await ask(options, { extensions: { jwt: { payload: claims } }, signed: true })).toEqual(
      as('alice'),
    );
  });

  it('are judged by the same rules as a token', async () => {
    for (const more of [
      {},
      { exp: 1 },
      { nbf: 9e9 },
      { iat: 9e9 },
      { iss: 'x' },
      { aud: 'x' },
      { sub: '\n' },
    ]) {
      const all = issuer.claims({ claims: more });
      const token = await issuer.token({ claims: more });
      const byToken = await ask({}, { authorization: `Bearer ${token}` });
      const byGateway = await ask(
        { modes, gateway },
        { extensions: { jwt: { payload: all } }, signed: true },
      );
      expect(byGateway, JSON.stringify(more)).toEqual(byToken);
    }
  });
});

it('without keys everybody with a token is told to come back, and claims do not step in', async () => {
  const clock = movableClock();
  const verifier = createTokenVerifier({ keys: createJwksFromKeys({}), clock });
  const claims = { sub: 'alice', exp: seconds + 60, iss: 'https://issuer.example', aud: 'signals' };
  const evidence = { authorization: `Bearer ${alice}`, extensions: { claims }, signed: true };
  const answer = await ask({ modes: ['bearer', 'forwarded-claims'], verifier, gateway }, evidence);
  expect(answer).toEqual({ ok: false, error: { code: 'AUTH_UNAVAILABLE', why: 'keys_unavailable' } });
});

describe('row 24: options that cannot be safe', () => {
  const none = { ...gateway, secrets: [] };
  const short = { ...gateway, secrets: [secretA, 'x'.repeat(31)] };
  const claimsOnly: IdentityMode[] = ['forwarded-claims'];
  it.each<[string, Partial<AuthenticatorOptions>, RegExp | null]>([
    ['bearer', {}, null],
    ['everything, bound', { modes: ['bearer', 'forwarded-token', 'forwarded-claims'], gateway }, null],
    ['claims only, bound, no verifier', { modes: claimsOnly, verifier: null, prefixes: [], gateway }, null],
    ['stock with a token', { modes: ['forwarded-token'], gateway: { ...gateway, scope: 'stock' } }, null],
    ['no mode', { modes: [] }, /no source/],
    ['claims without a secret', { modes: claimsOnly }, /forwarded-claims needs/],
    ['claims with an empty list of secrets', { modes: claimsOnly, gateway: none }, /forwarded-claims needs/],
    [
      'claims with scope stock',
      { modes: ['bearer', 'forwarded-claims'], gateway: { ...gateway, scope: 'stock' } },
      /bound/,
    ],
    ['a secret of 31 bytes', { gateway: short }, /at least 32 bytes/],
    ['an empty secret', { gateway: { ...gateway, secrets: [''] } }, /at least 32 bytes/],
    [
      'a short secret as bytes',
      { gateway: { ...gateway, secrets: [new Uint8Array(31)] } },
      /at least 32 bytes/,
    ],
    ['tokens without a verifier', { verifier: null }, /no verifier/],
    ['no prefix', { prefixes: [] }, /prefix/],
    ['a prefix with a space', { prefixes: ['Bearer '] }, /prefix/],
    ['no claim for roles', { roleRules: { ...roleRules, claim: '' } }, /roles/],
    ['an empty issuer', { issuer: '' }, /issuer/],
    ['no audience in the list', { audience: [] }, /audience/],
  ])('%s', (_name, more, problem) => {
    const clock = movableClock();
    const verifier = createTokenVerifier({ keys: createJwksFromKeys(issuer.jwks), clock });
    const options: AuthenticatorOptions = {
      modes: ['bearer'],
      verifier,
      prefixes: ['Bearer'],
      roleRules,
      clock,
      ...more,
    };
    const problems = authenticatorProblems(options);
    expect(problems.length > 0).toBe(problem !== null);
    if (problem === null) return void createAuthenticator(options);
    expect(problems.join('\n')).toMatch(problem);
    expect(() => createAuthenticator(options)).toThrow(problem);
    expect(problems.join('\n')).not.toContain('x'.repeat(31));
  });
});
