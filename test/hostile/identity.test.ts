import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type AuthFailure, authFailures } from '../../src/auth/index.js';
import { bearer, type TestApp } from '../support/app.js';
import { freshId, pageViewed } from '../support/pipeline.js';
import {
  createTestIssuer,
  hostileTokens,
  type TestIssuer,
  type TokenOptions,
  testAudience,
  testIssuerName,
  testNow,
} from '../support/tokens.js';
import { answerOf, clientOf, metric, nodeRequest, rawBytes, trackEvent } from './client.js';
import { gatewaySecret, signedByGateway } from './gateway.js';
import { openWorld, type World, watched } from './world.js';

const seconds = testNow.getTime() / 1000;
const minute = 60_000;
let world: World;
let issuer: TestIssuer;
let other: TestIssuer;
let app: TestApp;
let issuerEnv: Record<string, string>;
/** What Prisma was asked by `app`. */
let operations: string[];

beforeAll(async () => {
  world = await openWorld();
  // RSA, because one of the forgeries takes the public key for a shared secret.
  [issuer, other] = await Promise.all([
    createTestIssuer({ algorithm: 'RS256' }),
    createTestIssuer({ kid: 'key-2' }),
  ]);
  const file = join(world.folder, 'jwks.json');
  writeFileSync(file, JSON.stringify(issuer.jwks));
  issuerEnv = {
    SIGNALS_JWKS_FILE: file,
    SIGNALS_JWT_ISSUER: testIssuerName,
    SIGNALS_JWT_AUDIENCE: testAudience,
  };
  const watching = watched(world.store);
  operations = watching.operations;
  app = await world.start({ store: watching.store, env: issuerEnv, now: () => testNow });
});
afterAll(() => world.close());

const query = trackEvent;
const input = () => ({ input: pageViewed() });

/** The token is refused for this very reason, counted once, and nothing is stored. */
async function expectRefused(token: string, why: AuthFailure): Promise<void> {
  const variables = input();
  const before = await metric(app, 'signals_auth_refused_total', { why });
  const answer = await clientOf(app, token).graphql(query, variables);
  expect([answer.status, answer.codes, answer.data]).toEqual([200, ['UNAUTHENTICATED'], null]);
  expect(await metric(app, 'signals_auth_refused_total', { why })).toBe(before + 1);
  expect(await world.stored(variables.input.clientEventId ?? '')).toEqual([]);
}

async function expectAccepted(token: string, to: TestApp = app): Promise<void> {
  expect(await clientOf(to, token).one(pageViewed())).toBe('ACCEPTED');
}

const withClaims = (claims: TokenOptions['claims'], now = testNow) =>
  issuer.token({ claims: claims ?? {}, now });

async function forged(names: RegExp): Promise<void> {
  const tokens = (await hostileTokens(issuer)).filter(({ name }) => names.test(name));
  expect(tokens.length).toBeGreaterThan(0);
  // A header of 1 MB does not reach us (431); the verifier's own limit is below Node's 64 KiB.
  for (const { name, token, why } of tokens) {
    const cut = name === '1 MB' ? token.slice(0, 40_000) : token;
    await expectRefused(cut, why).catch((error) => expect.fail(`${name}: ${error.message}`));
  }
}

/** A signed-in caller that is no admin: FORBIDDEN, although the token holds. */
async function expectNoAdmin(roles: unknown): Promise<void> {
  const answer = await clientOf(app, await withClaims({ roles })).graphql('{ events { edges { cursor } } }');
  expect([answer.status, answer.codes]).toEqual([200, ['FORBIDDEN']]);
}

/** An app whose key set comes over a network that the test plays. */
async function appBehindUrl(respond: () => Response | Promise<Response>) {
  const time = { now: testNow };
  const asked: string[] = [];
  const { SIGNALS_JWKS_FILE: _, ...rest } = issuerEnv;
  const started = await world.start({
    env: { ...rest, SIGNALS_JWKS_URL: 'https://issuer.example/keys' },
    now: () => time.now,
    fetch: async (url) => {
      asked.push(String(url));
      return respond();
    },
  });
  const later = (ms: number) => {
    time.now = new Date(time.now.getTime() + ms);
  };
  const use = async (by: TestIssuer) => {
    const answer = await clientOf(started, await by.token({ now: time.now })).graphql(query, input());
    return answer.codes[0] ?? answer.data.trackEvent.status;
  };
  return { app: started, time, later, asked, use };
}

const keySet = (...issuers: TestIssuer[]) => Response.json({ keys: issuers.map((one) => one.publicJwk) });

type Row = readonly [name: string, run: () => Promise<void>];

const forgedTokens: readonly Row[] = [
  ['1. alg none', () => forged(/^alg n/i)],
  ['2. HS256 under our public key', () => forged(/^HS256/)],
  [
    '3. expired, and expired within the tolerance',
    async () => {
      await expectRefused(await withClaims({ exp: seconds - 30 }), 'expired');
      await expectRefused(await withClaims({ exp: seconds - 86_400 }), 'expired');
      await expectAccepted(await withClaims({ exp: seconds - 29 }));
      const strict = await world.start({
        env: { ...issuerEnv, SIGNALS_JWT_CLOCK_TOLERANCE: '0' },
        now: () => testNow,
      });
      const answer = await clientOf(strict, await withClaims({ exp: seconds })).graphql(query, input());
      expect(answer.codes).toEqual(['UNAUTHENTICATED']);
      await expectAccepted(await withClaims({ exp: seconds + 1 }), strict);
    },
  ],
  [
    '4. another audience, and none',
    async () => {
      await expectRefused(await withClaims({ aud: 'shop' }), 'audience');
      await expectRefused(await withClaims({ aud: undefined }), 'audience');
    },
  ],
  [
    '5. another issuer',
    async () => expectRefused(await withClaims({ iss: 'https://evil.example' }), 'issuer'),
  ],
  [
    '6. no exp, no sub',
    async () => {
      await expectRefused(await withClaims({ exp: undefined }), 'missing_claim');
      await expectRefused(await withClaims({ sub: undefined }), 'missing_claim');
    },
  ],
  ['7. nbf ahead', async () => expectRefused(await withClaims({ nbf: seconds + 60 }), 'not_yet_valid')],
  [
    '8. iat one hour ahead: a fast clock of the issuer is no reason to refuse, and only nbf says when validity begins',
    async () => {
      await expectAccepted(await withClaims({ iat: seconds + 3600 }));
      await expectRefused(await withClaims({ iat: 'now' }), 'invalid_claim');
    },
  ],
  [
    '9. a subject that is a number, an object, empty, 10 KB, or holds control characters',
    async () => {
      for (const sub of [7, { id: 'user-1' }, ['user-1'], '', 'x'.repeat(10_000), 'user\u00001', 'a\nb']) {
        await expectRefused(await withClaims({ sub }), 'subject');
      }
    },
  ],
  [
    '10. roles as an object, in other letter case, or nested make no admin; the word alone and a list do',
    async () => {
      for (const roles of [{ admin: true }, ['ADMIN '], 'Admin', [['admin']], true, 'user admin']) {
        await expectNoAdmin(roles);
      }
      for (const roles of ['admin', ['user', 'admin']]) {
        const answer = await clientOf(app, await withClaims({ roles })).graphql('{ events { totalCount } }');
        expect(answer.errors).toBeUndefined();
      }
    },
  ],
  [
    '11. jku, x5u, an embedded key, unknown crit, a JWE, too long: refused, and no key but ours is fetched',
    async () => {
      await forged(/embedded|crit|JWE|1 MB|stranger|cut off|exchanged/);
      const behind = await appBehindUrl(() => keySet(issuer));
      for (const header of [
        { jku: 'https://evil.example/keys' },
        { x5u: 'https://evil.example/cert' },
        { jwk: other.publicJwk },
      ]) {
        const token = await other.token({ header: { ...header, kid: issuer.kid, alg: 'ES256' } });
        const answer = await clientOf(behind.app, token).graphql(query, input());
        expect(answer.codes).toEqual(['UNAUTHENTICATED']);
      }
      expect(new Set(behind.asked)).toEqual(new Set(['https://issuer.example/keys']));
    },
  ],
];

const keySources: readonly Row[] = [
  [
    '12. 1,000 invented key ids cause one fetch in a cool-down, and valid tokens keep working',
    async () => {
      const { app: behind, asked, use, later } = await appBehindUrl(() => keySet(issuer));
      expect(await use(issuer)).toBe('ACCEPTED');
      later(31_000);
      const [, payload = '', signature = ''] = (await issuer.token()).split('.');
      const invented = async (index: number) => {
        const header = Buffer.from(JSON.stringify({ alg: 'RS256', kid: `invented-${index}` })).toString(
          'base64url',
        );
        const answer = await clientOf(behind, `${header}.${payload}.${signature}`).graphql('{ __typename }');
        return answer.status;
      };
      for (let start = 0; start < 1_000; start += 50) {
        await Promise.all(Array.from({ length: 50 }, (_, index) => invented(start + index)));
      }
      expect(asked).toHaveLength(2);
      expect(await use(issuer)).toBe('ACCEPTED');
    },
  ],
  [
    '13. keys that cannot be had at the start: alive, AUTH_UNAVAILABLE, and well again by itself',
    async () => {
      let down = true;
      const {
        app: behind,
        use,
        later,
      } = await appBehindUrl(() => {
        if (down) throw new TypeError('fetch failed');
        return keySet(issuer);
      });
      expect((await fetch(`${behind.url}/livez`)).status).toBe(200);
      const token = await issuer.token();
      const answer = await clientOf(behind, token).graphql(query, input());
      expect(answer.status).toBe(200);
      expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'AUTH_UNAVAILABLE', retryable: true });
      const rest = await clientOf(behind, token).rest({ events: [pageViewed()] });
      expect([rest.status, rest.body.error.code]).toEqual([503, 'AUTH_UNAVAILABLE']);
      expect(rest.headers.get('retry-after')).toMatch(/^\d+$/);
      down = false;
      later(5_000);
      expect(await use(issuer)).toBe('ACCEPTED');
    },
  ],
  [
    '14. keys that cannot be had later: old ones for the grace, with a metric; after it unavailable, never anonymous',
    async () => {
      let down = false;
      const {
        app: behind,
        use,
        later,
      } = await appBehindUrl(() => {
        return down ? new Response('no', { status: 500 }) : keySet(issuer);
      });
      expect(await use(issuer)).toBe('ACCEPTED');
      expect(await metric(behind, 'signals_jwks_stale')).toBe(0);
      down = true;
      later(11 * minute);
      expect(await use(issuer)).toBe('ACCEPTED');
      expect(await use(issuer)).toBe('ACCEPTED');
      expect(await metric(behind, 'signals_jwks_stale')).toBe(1);
      later(25 * 60 * minute);
      expect(await use(issuer)).toBe('AUTH_UNAVAILABLE');
      const events = await clientOf(behind, await issuer.token()).graphql('{ events { totalCount } }');
      expect(events.codes).toEqual(['AUTH_UNAVAILABLE']);
    },
  ],
  [
    '14. a key set that is emptied revokes: UNAUTHENTICATED, said by log, metrics and readiness; HTML revokes nothing',
    async () => {
      let respond = () => keySet(issuer);
      const { app: behind, use, later } = await appBehindUrl(() => respond());
      const ready = async () => (await fetch(`${behind.url}/readyz`)).json();
      expect(await use(issuer)).toBe('ACCEPTED');
      expect(await ready()).toEqual({ status: 'ok' });

      respond = () => new Response('<!doctype html><title>Sign in</title>');
      later(11 * minute);
      await use(issuer);
      expect(await use(issuer)).toBe('ACCEPTED');

      respond = () => keySet();
      later(31_000);
      await use(issuer);
      expect(await use(issuer)).toBe('UNAUTHENTICATED');
      expect(await metric(behind, 'signals_jwks_empty')).toBe(1);
      expect(await metric(behind, 'signals_jwks_keys')).toBe(0);
      expect(await ready()).toEqual({ status: 'ok', notices: ['key_set_empty'] });
      expect(behind.logs().match(/the key set holds no usable key/g)).toHaveLength(1);

      respond = () => keySet(issuer);
      later(5_000);
      expect(await use(issuer)).toBe('ACCEPTED');
      expect(await metric(behind, 'signals_jwks_empty')).toBe(0);
      expect(await ready()).toEqual({ status: 'ok' });
    },
  ],
  ...(
    [
      ['HTML', () => new Response('<!doctype html><title>Sign in</title>')],
      [
        'a redirect',
        () => new Response(null, { status: 302, headers: { location: 'https://evil.example/' } }),
      ],
      ['silence', () => new Promise<Response>(() => undefined)],
    ] as const
  ).map(
    ([what, respond]): Row => [
      `15. a key set that is ${what}: AUTH_UNAVAILABLE in bounded time, and only the configured address is asked`,
      async () => {
        const { use, asked } = await appBehindUrl(respond);
        expect(await use(issuer)).toBe('AUTH_UNAVAILABLE');
        expect(new Set(asked)).toEqual(new Set(['https://issuer.example/keys']));
      },
    ],
  ),
  [
    '16. a rotated key: the new one works after the cool-down, the removed one no longer',
    async () => {
      let keys = [issuer];
      const { use, later } = await appBehindUrl(() => keySet(...keys));
      expect(await use(issuer)).toBe('ACCEPTED');
      keys = [other];
      expect(await use(other)).toBe('UNAUTHENTICATED');
      later(31_000);
      expect(await use(other)).toBe('ACCEPTED');
      expect(await use(issuer)).toBe('UNAUTHENTICATED');
    },
  ],
];

async function withHeader(authorization: string | string[], to: TestApp = app): Promise<string> {
  const { text } = await nodeRequest(`${to.url}/graphql`, {
    headers: { 'content-type': 'application/json', authorization },
    body: JSON.stringify({ query: '{ eventCatalog { fingerprint } }' }),
  });
  return JSON.parse(text).errors?.[0].extensions.code ?? 'signed in';
}

const headers: readonly Row[] = [
  [
    '17. two identities that differ, two headers, letter case, spaces and other schemes',
    async () => {
      const [one, two] = [await issuer.token(), await withClaims({ sub: 'user-2' })];
      const both = await world.start({
        env: { ...issuerEnv, SIGNALS_AUTH: 'bearer,forwarded-token' },
        now: () => testNow,
      });
      const ask = (forwarded: string) =>
        clientOf(both, one).graphql(
          '{ eventCatalog { fingerprint } }',
          {},
          {
            extensions: { jwt: { token: { value: forwarded, prefix: 'Bearer' } } },
          },
        );
      expect((await ask(two)).codes).toEqual(['UNAUTHENTICATED']);
      expect((await ask(one)).codes).toEqual([]);
      expect(await metric(both, 'signals_auth_refused_total', { why: 'identities_differ' })).toBe(1);

      expect(await withHeader([`Bearer ${one}`, `Bearer ${two}`])).toBe('UNAUTHENTICATED');
      expect(await withHeader([`Bearer ${one}`, `Bearer ${one}`])).toBe('UNAUTHENTICATED');
      expect(await withHeader(`bearer ${one}`)).toBe('signed in');
      expect(await withHeader(`Bearer   ${one}`)).toBe('signed in');
      for (const refused of [`JWT ${one}`, one, 'Bearer', `Bearer ${one} x`, `Basic ${one}`]) {
        expect(await withHeader(refused)).toBe('UNAUTHENTICATED');
      }
      const jwt = await world.start({
        env: { ...issuerEnv, SIGNALS_JWT_PREFIXES: 'JWT' },
        now: () => testNow,
      });
      expect(await withHeader(`JWT ${one}`, jwt)).toBe('signed in');
      expect(await withHeader(`Bearer ${one}`, jwt)).toBe('UNAUTHENTICATED');
    },
  ],
  [
    '18. no token: neither trackEvent nor events, neither over REST',
    async () => {
      const variables = input();
      for (const document of [query, '{ events { totalCount } }', '{ eventCatalog { fingerprint } }']) {
        const used = document === query ? variables : {};
        const answer = await clientOf(app, null).graphql(document, used);
        expect([answer.status, answer.codes, answer.data]).toEqual([200, ['UNAUTHENTICATED'], null]);
      }
      const rest = await clientOf(app, null).rest({ events: [variables.input] });
      expect([rest.status, rest.body.error.code]).toEqual([401, 'UNAUTHENTICATED']);
      expect(await world.stored(variables.input.clientEventId ?? '')).toEqual([]);
    },
  ],
  [
    '19. extensions.jwt that a client made is ignored without a secret, and refused unsigned with one',
    async () => {
      const jwt = { payload: { sub: 'root', roles: ['admin'], exp: seconds + 3600 } };
      const document = '{ events { totalCount } }';
      const nobody = await clientOf(app, null).graphql(document, {}, { extensions: { jwt } });
      expect(nobody.codes).toEqual(['UNAUTHENTICATED']);
      const user = await clientOf(app, await issuer.token()).graphql(document, {}, { extensions: { jwt } });
      expect(user.codes).toEqual(['FORBIDDEN']);
      const gated = await gatedApp();
      const unsigned = await clientOf(gated, null).graphql(document, {}, { extensions: { jwt } });
      expect([unsigned.status, unsigned.codes]).toEqual([401, ['GATEWAY_SIGNATURE_REQUIRED']]);
    },
  ],
];

const gatedTime = { now: testNow };

/** An app that trusts what its gateway signs. */
function gatedApp(env: Record<string, string> = {}): Promise<TestApp> {
  gatedTime.now = testNow;
  return world.start({
    env: {
      SIGNALS_AUTH: 'forwarded-claims',
      SIGNALS_GATEWAY_HMAC_SECRETS: gatewaySecret,
      SIGNALS_CLIENT_IP_SOURCE: 'signed',
      ...env,
    },
    now: () => gatedTime.now,
  });
}

const claims = (more: object = {}) => ({ payload: { sub: 'user-1', exp: seconds + 3600, ...more } });
const post = async (to: TestApp, body: unknown) => answerOf(await to.post('/graphql', body));

const signatures: readonly Row[] = [
  [
    '20. a signed request sent again: the same event within the minute, stale after it',
    async () => {
      const gated = await gatedApp();
      const request = signedByGateway({ query, variables: input() }, { now: testNow, jwt: claims() });
      expect((await post(gated, request)).data.trackEvent.status).toBe('ACCEPTED');
      gatedTime.now = new Date(testNow.getTime() + 59_000);
      expect((await post(gated, request)).data.trackEvent.status).toBe('DUPLICATE');
      gatedTime.now = new Date(testNow.getTime() + 61_000);
      const late = await post(gated, request);
      expect([late.status, late.codes]).toEqual([401, ['GATEWAY_SIGNATURE_STALE']]);
    },
  ],
  [
    '21. a signed request with another identity, operation name, variables or address',
    async () => {
      const gated = await gatedApp();
      const request = signedByGateway(
        { query: `query A { __typename } query B { __typename }`, operationName: 'A', variables: { a: 1 } },
        { now: testNow, jwt: claims(), gateway: { ip: '203.0.113.7', ua: 'x' } },
      );
      const { extensions } = request;
      expect((await post(gated, request)).status).toBe(200);
      const altered = [
        { ...request, operationName: 'B' },
        { ...request, query: `${request.query} ` },
        { ...request, variables: { a: 2 } },
        { ...request, extensions: { ...extensions, jwt: claims({ roles: ['admin'] }) } },
        { ...request, extensions: { ...extensions, claims: { sub: 'root', roles: ['admin'] } } },
        {
          ...request,
          extensions: { ...extensions, gateway: { ...(extensions.gateway as object), ip: '6.6.6.6' } },
        },
        { ...request, extensions: { ...extensions, gateway: undefined } },
      ];
      for (const body of altered) {
        const answer = await post(gated, body);
        expect([answer.status, answer.codes, body]).toEqual([401, ['GATEWAY_SIGNATURE_INVALID'], body]);
      }
    },
  ],
  [
    '22. a signature of the wrong type, length or alphabet',
    async () => {
      const gated = await gatedApp();
      const request = signedByGateway({ query: '{ __typename }' }, { now: testNow });
      const real = String(request.extensions['hmac-signature']);
      const wrong = [
        7,
        true,
        {},
        [real],
        '',
        real.slice(0, -1),
        `${real}=`,
        'A'.repeat(500_000),
        `${'-_'.repeat(21)}A=`,
        'é'.repeat(44),
      ];
      for (const signature of wrong) {
        const answer = await post(gated, {
          ...request,
          extensions: { ...request.extensions, 'hmac-signature': signature },
        });
        expect([answer.status, answer.codes]).toEqual([401, ['GATEWAY_SIGNATURE_INVALID']]);
      }
    },
  ],
  [
    '23. the old secret during a rotation, and after it, without a restart',
    async () => {
      const [old, fresh] = [gatewaySecret, 'the next gateway secret of more than 32 bytes'];
      const file = join(world.folder, 'gateway-secrets');
      writeFileSync(file, `${old},${fresh}\n`);
      const gated = await gatedApp({
        SIGNALS_GATEWAY_HMAC_SECRETS: '',
        SIGNALS_GATEWAY_HMAC_SECRETS_FILE: file,
      });
      const status = async (secret: string) =>
        (await post(gated, signedByGateway({ query: '{ __typename }' }, { now: testNow, secret }))).status;
      expect([await status(old), await status(fresh)]).toEqual([200, 200]);
      writeFileSync(file, `${fresh}\n`);
      await vi.waitFor(async () => expect(await status(old)).toBe(401), { timeout: 10_000, interval: 100 });
      expect(await status(fresh)).toBe(200);
    },
  ],
  [
    '24. a gateway secret that is missing, short or a placeholder: it does not start, and shows no value',
    async () => {
      for (const secret of [
        '',
        'short',
        'change-me-change-me-change-me-change-me',
        `${gatewaySecret},short`,
      ]) {
        const started = gatedApp({ SIGNALS_GATEWAY_HMAC_SECRETS: secret });
        const message = await started.then(
          () => 'started',
          (error: Error) => error.message,
        );
        expect(message).toContain('SIGNALS_');
        if (secret !== '') expect(message).not.toContain(secret);
      }
    },
  ],
  [
    '25. forwarded claims that have expired, although they are signed',
    async () => {
      const gated = await gatedApp();
      const request = signedByGateway(
        { query, variables: input() },
        { now: testNow, jwt: claims({ exp: seconds - 60 }) },
      );
      expect((await post(gated, request)).codes).toEqual(['UNAUTHENTICATED']);
    },
  ],
  [
    '26. unsigned _service, _entities and __typename; health is not behind the gateway',
    async () => {
      const gated = await gatedApp();
      for (const document of [
        '{ _service { sdl } }',
        '{ _entities(representations: []) { __typename } }',
        '{ __typename }',
        '{ __schema { types { name } } }',
      ]) {
        const answer = await post(gated, { query: document });
        expect([answer.status, answer.codes]).toEqual([401, ['GATEWAY_SIGNATURE_REQUIRED']]);
      }
      for (const path of ['/livez', '/readyz', '/metrics']) {
        expect((await fetch(`${gated.url}${path}`)).status).toBe(200);
      }
    },
  ],
];

const representations = [{ __typename: 'AnalyticsEvent', id: freshId() }];
const entities = `query($r: [_Any!]!) { _entities(representations: $r) { ... on AnalyticsEvent { id userHash } } }`;

/** Ways to ask for stored events. */
const questions: readonly [name: string, document: string, more?: object][] = [
  ['plainly', '{ events { edges { node { id } } } }'],
  ['for the count alone', '{ events { totalCount } }'],
  ['for nothing', '{ events { __typename } }'],
  ['by alias', '{ a: events { totalCount } b: events(first: 1) { totalCount } }'],
  ['in a fragment', 'query { ...F } fragment F on Query { events { totalCount } }'],
  ['in an inline fragment', '{ ... on Query { ... { events { totalCount } } } }'],
  ['with @include', 'query($x: Boolean = true) { events @include(if: $x) { totalCount } }'],
  ['with @skip', '{ events @skip(if: false) { totalCount } }'],
  ['as statistics', '{ eventStats(input: { last: "P1D" }) { total { events } } }'],
  ['beside what is allowed', '{ eventCatalog { fingerprint } events { totalCount } }'],
  [
    'in one of two operations',
    'query A { eventCatalog { fingerprint } } query B { events { totalCount } }',
    { operationName: 'B' },
  ],
  ['through _entities', entities, { variables: { r: representations } }],
  [
    'through _entities by alias',
    entities.replace('_entities', 'x: _entities'),
    { variables: { r: representations } },
  ],
];

const forbidden: readonly Row[] = questions.flatMap(([how, document, more]) =>
  (
    [
      ['a caller who is no admin', 'FORBIDDEN'],
      ['nobody', 'UNAUTHENTICATED'],
    ] as const
  ).map(
    ([who, code]): Row => [
      `27. ${who} who asks for events ${how}: ${code}, and no SQL is run`,
      async () => {
        operations.length = 0;
        const token = code === 'FORBIDDEN' ? await issuer.token() : null;
        const answer = await answerOf(
          await app.post('/graphql', { query: document, ...more }, token ? bearer(token) : {}),
        );
        expect(answer.status).toBe(200);
        expect(new Set(answer.codes)).toEqual(new Set([code]));
        expect(operations).toEqual([]);
      },
    ],
  ),
);

it.each([...forgedTokens, ...keySources, ...headers, ...signatures, ...forbidden])('%s', (_name, run) =>
  run(),
);

it('27. a batch of requests in one body is refused', async () => {
  const response = await app.post(
    '/graphql',
    [{ query: '{ events { totalCount } }' }],
    bearer(await issuer.token()),
  );
  expect(response.status).toBe(400);
});

it('27. an admin’s question does run SQL, so that the rows above can fail', async () => {
  operations.length = 0;
  const token = await withClaims({ roles: ['admin'] });
  const answer = await clientOf(app, token).graphql('{ events { totalCount edges { node { id } } } }');
  expect(answer.errors).toBeUndefined();
  expect([...operations].sort()).toEqual(['Event.count', 'Event.findMany']);
  operations.length = 0;
  await clientOf(app, token).graphql('{ eventStats(input: { last: "P1D" }) { total { events } } }');
  expect(operations).toEqual(['stats']);
});

it('every word for a refused caller is a word of the closed list', async () => {
  const text = await (await fetch(`${app.url}/metrics`)).text();
  const words = [...text.matchAll(/signals_auth_refused_total\{why="([^"]*)"\}/g)].map(([, word]) => word);
  expect(words.length).toBeGreaterThan(5);
  for (const word of words) expect(Object.keys(authFailures)).toContain(word);
});

it('a header beyond Node’s limit is answered with 431 and closes the connection', async () => {
  const answer = await rawBytes(
    app.url,
    `POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${'A'.repeat(1_000_000)}\r\n\r\n`,
  );
  expect(answer === '' || answer.startsWith('HTTP/1.1 431')).toBe(true);
});
