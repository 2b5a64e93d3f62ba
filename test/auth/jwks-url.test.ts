import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  createJwksFromUrl,
  createTokenVerifier,
  isEmptySet,
  jwksUrlProblem,
  type KeyEvent,
} from '../../src/auth/index.js';
import { createTestIssuer, type TestIssuer } from '../support/tokens.js';
import {
  json,
  type KeyEndpoint,
  type MovableClock,
  movableClock,
  type Responder,
  startKeyEndpoint,
} from './fixtures.js';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
let first: TestIssuer;
let second: TestIssuer;
let endpoint: KeyEndpoint;
let clock: MovableClock;
let events: KeyEvent[];

beforeAll(async () => {
  first = await createTestIssuer({ kid: 'first' });
  second = await createTestIssuer({ kid: 'second' });
});
beforeEach(async () => {
  clock = movableClock();
  events = [];
  endpoint = await startKeyEndpoint(json(first.jwks));
});
afterEach(() => endpoint.close());

function setUp(options: { timeoutMs?: number; cooldownMs?: number; cacheMaxAgeMs?: number } = {}) {
  const onEvent = (event: KeyEvent) => events.push(event);
  const keys = createJwksFromUrl({ url: endpoint.url, fetch, clock, onEvent, ...options });
  const verifier = createTokenVerifier({ keys, clock });
  const fresh = (issuer: TestIssuer) => issuer.token({ now: clock.now() });
  const use = async (issuer: TestIssuer) => {
    const verified = await verifier.verify(await fresh(issuer));
    return verified.ok ? 'accepted' : verified.error.why;
  };
  return { keys, verifier, use };
}

const down: Responder = (_request, response) => {
  response.writeHead(500).end('no');
};
const faults: [string, Responder, string][] = [
  ['HTTP 500', down, 'http_status'],
  ['HTTP 404 with a key set', (request, response) => json(first.jwks, 404)(request, response), 'http_status'],
  [
    'a redirect to itself',
    (_q, response) => response.writeHead(302, { location: '/elsewhere' }).end(),
    'redirect',
  ],
  ['HTML', (_q, response) => response.end('<!doctype html><title>Sign in</title>'), 'not_json'],
  ['nothing', (_q, response) => response.end(), 'not_json'],
  ['no set at all', json({ hello: 'world' }), 'not_a_key_set'],
  ['a list', json([]), 'not_a_key_set'],
  ['keys that are no list', json({ keys: { 0: 'key', length: 1 } }), 'not_a_key_set'],
  [
    '101 keys',
    (q, response) => json({ keys: Array(101).fill(first.publicJwk) })(q, response),
    'not_a_key_set',
  ],
  ['1 MB', (_q, response) => response.end(`{"keys":[],"x":"${'x'.repeat(1_000_000)}"}`), 'too_large'],
  ['a reset connection', (request) => request.socket.destroy(), 'network'],
  ['silence', () => {}, 'timeout'],
  ['a body that never ends', (_q, response) => response.writeHead(200).write('{"keys":['), 'timeout'],
];

describe('row 12: invented key ids', () => {
  it('10,000 of them cause one fetch per cool-down, and valid tokens keep working', async () => {
    const { verifier, use } = setUp();
    const stranger = await createTestIssuer();
    const invented = await Promise.all(
      Array.from({ length: 100 }, (_, i) => stranger.token({ header: { kid: `k${i}` } })),
    );
    for (let round = 0; round < 100; round++) {
      const answers = await Promise.all(invented.map((token) => verifier.verify(token)));
      expect(answers.every((answer) => !answer.ok && answer.error.why === 'unknown_key')).toBe(true);
    }
    expect(endpoint.requests).toHaveLength(1);
    clock.advance(30_000);
    await Promise.all(invented.map((token) => verifier.verify(token)));
    expect(endpoint.requests).toHaveLength(2);
    expect(await use(first)).toBe('accepted');
    expect(endpoint.requests).toHaveLength(2);
  });

  it('concurrent requests share the first fetch', async () => {
    const { use } = setUp();
    const answers = await Promise.all(Array.from({ length: 50 }, () => use(first)));
    expect(new Set(answers)).toEqual(new Set(['accepted']));
    expect(endpoint.requests).toHaveLength(1);
  });

  it('row 11: no address named by a token is ever asked', async () => {
    const elsewhere = await startKeyEndpoint(json(second.jwks));
    const { verifier } = setUp();
    for (const name of ['jku', 'x5u']) {
      const answer = await verifier.verify(await second.token({ header: { [name]: elsewhere.url } }));
      expect(answer).toMatchObject({ ok: false, error: { why: 'unknown_key' } });
    }
    expect(elsewhere.requests).toEqual([]);
    expect(new Set(endpoint.requests)).toEqual(new Set(['/jwks']));
    await elsewhere.close();
  });
});

describe('rows 13 and 15: the endpoint is faulty at the start', () => {
  it.each(faults)(
    '%s: AUTH_UNAVAILABLE, one fetch for many requests, then recovery by itself',
    async (_n, fault, word) => {
      endpoint.respond(fault);
      const { keys, verifier, use } = setUp(word === 'timeout' ? { timeoutMs: 500 } : {});
      for (let i = 0; i < 5; i++) {
        const answer = await verifier.verify(await first.token());
        expect(answer).toEqual({ ok: false, error: { code: 'AUTH_UNAVAILABLE', why: 'keys_unavailable' } });
      }
      expect(endpoint.requests).toEqual(['/jwks']);
      expect(keys.status()).toEqual({ keys: 0, ageMs: null, stale: false, lastError: word });
      expect(events).toEqual([{ kind: 'failed', error: word, usable: false }]);

      endpoint.respond(json(first.jwks));
      clock.advance(5_000);
      expect(await use(first)).toBe('accepted');
      expect(keys.status()).toEqual({ keys: 1, ageMs: 0, stale: false, lastError: null });
      expect(events.at(-1)).toEqual({ kind: 'loaded', keys: 1 });
    },
  );

  it('a fetch that does not listen to its signal is given up as well', async () => {
    const hanging = () => new Promise<Response>(() => {});
    const keys = createJwksFromUrl({ url: endpoint.url, fetch: hanging, clock, timeoutMs: 20 });
    expect(await keys.current()).toBeNull();
    expect(keys.status().lastError).toBe('timeout');
  });
});

describe('rows 14 and 15: the endpoint becomes faulty later', () => {
  it.each(faults)(
    '%s: the old keys serve to the end of the grace, then nobody is let in',
    async (_n, fault, word) => {
      const { keys, verifier, use } = setUp(word === 'timeout' ? { timeoutMs: 500 } : {});
      expect(await use(first)).toBe('accepted');
      endpoint.respond(fault);

      clock.advance(10 * minute);
      expect(await use(first)).toBe('accepted');
      expect(keys.status()).toEqual({ keys: 1, ageMs: 10 * minute, stale: true, lastError: word });
      expect(await use(second)).toBe('keys_unavailable');

      clock.advance(day);
      await keys.refreshed();
      expect(await use(first)).toBe('accepted');

      clock.advance(1);
      expect(await verifier.verify(await first.token({ now: clock.now() }))).toMatchObject({
        error: { code: 'AUTH_UNAVAILABLE' },
      });
      expect(keys.status()).toMatchObject({ keys: 0, ageMs: null, stale: false });

      endpoint.respond(json(first.jwks));
      clock.advance(5_000);
      expect(await use(first)).toBe('accepted');
    },
  );

  it('asks once per cool-down while it is away, and serves without waiting', async () => {
    const { keys, use } = setUp({ timeoutMs: 500 });
    await use(first);
    endpoint.respond(() => {});
    clock.advance(10 * minute);
    for (let i = 0; i < 20; i++) expect(await use(first)).toBe('accepted');
    expect(endpoint.requests).toHaveLength(2);
    clock.advance(30_000);
    for (let i = 0; i < 20; i++) expect(await use(first)).toBe('accepted');
    await keys.refreshed();
    expect(endpoint.requests).toHaveLength(3);
  });
});

describe('a set without any usable key', () => {
  const empty: [string, () => unknown][] = [
    ['no key', () => []],
    ['a symmetric key only', () => [{ kty: 'oct', k: 'AAAA' }]],
    ['a private key only', () => [{ ...first.publicJwk, d: 'AAAA' }]],
    ['a key for encryption only', () => [{ ...first.publicJwk, use: 'enc' }]],
  ];

  it.each(empty)('%s: the old keys are revoked, tokens are UNAUTHENTICATED', async (_name, keysOf) => {
    const { keys, verifier, use } = setUp();
    expect(await use(first)).toBe('accepted');
    endpoint.respond(json({ keys: keysOf() }));
    clock.advance(10 * minute);
    expect(await verifier.verify(await first.token({ now: clock.now() }))).toEqual({
      ok: false,
      error: { code: 'UNAUTHENTICATED', why: 'unknown_key' },
    });
    expect(keys.status()).toEqual({ keys: 0, ageMs: 0, stale: false, lastError: null });
    expect(isEmptySet(keys.status())).toBe(true);
    expect(events.at(-1)).toEqual({ kind: 'loaded', keys: 0 });

    endpoint.respond(json(first.jwks));
    clock.advance(4_999);
    expect(await use(first)).toBe('unknown_key');
    clock.advance(1);
    expect(await use(first)).toBe('accepted');
    expect(isEmptySet(keys.status())).toBe(false);
  });

  it.each(empty)('%s at the start: UNAUTHENTICATED as well, and no outage', async (_name, keysOf) => {
    endpoint.respond(json({ keys: keysOf() }));
    const { keys, use } = setUp();
    expect(await use(first)).toBe('unknown_key');
    expect(isEmptySet(keys.status())).toBe(true);
    expect(endpoint.requests).toHaveLength(1);
  });

  it.each(faults)('is no document that is no set: after %s it is still in force', async (_n, fault, word) => {
    endpoint.respond(json({ keys: [] }));
    const { keys, use } = setUp(word === 'timeout' ? { timeoutMs: 500 } : {});
    await use(first);
    endpoint.respond(fault);
    clock.advance(10 * minute);
    expect(await use(first)).toBe('keys_unavailable');
    expect(keys.status()).toMatchObject({ keys: 0, stale: true, lastError: word });
  });
});

describe('row 16: rotation', () => {
  it('a new key is taken after the cool-down, and a removed one refused after the refetch', async () => {
    const { use } = setUp();
    expect(await use(first)).toBe('accepted');
    endpoint.respond(json({ keys: [first.publicJwk, second.publicJwk] }));
    expect(await use(second)).toBe('unknown_key');
    clock.advance(30_000);
    expect(await use(second)).toBe('accepted');
    expect(await use(first)).toBe('accepted');

    endpoint.respond(json(second.jwks));
    expect(await use(first)).toBe('accepted');
    clock.advance(10 * minute);
    expect(await use(first)).toBe('unknown_key');
    expect(await use(second)).toBe('accepted');
    expect(endpoint.requests).toHaveLength(3);
  });

  it('a token without kid is tried on every key that fits', async () => {
    endpoint.respond(json({ keys: [first.publicJwk, second.publicJwk] }));
    const { verifier } = setUp();
    const verify = async (issuer: TestIssuer) =>
      verifier.verify(await issuer.token({ header: { kid: undefined } }));
    expect(await verify(second)).toMatchObject({ ok: true });
    expect(await verify(await createTestIssuer())).toMatchObject({ ok: false, error: { why: 'signature' } });
  });

  it('symmetric, private and encryption keys beside a good one are left out', async () => {
    const encryption = { ...second.publicJwk, use: 'enc' };
    const secret = { ...second.publicJwk, d: 'AAAA' };
    endpoint.respond(
      json({ keys: [{ kty: 'oct', k: 'AAAA', kid: 'second' }, encryption, secret, first.publicJwk] }),
    );
    const { keys, use } = setUp();
    expect(await use(first)).toBe('accepted');
    expect(await use(second)).toBe('unknown_key');
    expect(keys.status().keys).toBe(1);
  });

  it('a key of the set that cannot be imported spoils nothing but itself', async () => {
    const broken = { ...second.publicJwk, x: 'AAAA' };
    endpoint.respond(json({ keys: [broken, first.publicJwk] }));
    const { use } = setUp();
    expect(await use(second)).toBe('unknown_key');
    expect(await use(first)).toBe('accepted');
  });

  it('a clock that jumps back fetches again instead of trusting old keys for longer', async () => {
    const { use } = setUp();
    await use(first);
    endpoint.respond(json(second.jwks));
    clock.advance(-hour);
    expect(await use(second)).toBe('accepted');
    expect(endpoint.requests).toHaveLength(2);
  });
});

describe('the address of the key set', () => {
  it.each([
    ['https://issuer.example/jwks', null],
    ['http://127.0.0.1:9/jwks', null],
    ['http://127.9.9.9/jwks', null],
    ['http://[::1]:9/jwks', null],
    ['http://localhost:9/jwks', null],
    ['http://issuer.example/jwks', 'must be https unless it is on loopback'],
    ['http://127.0.0.1.evil.example/', 'must be https unless it is on loopback'],
    ['http://localhost.evil.example/', 'must be https unless it is on loopback'],
    ['https://user:pw@issuer.example/', 'must not carry credentials'],
    ['file:///etc/passwd', 'must be https'],
    ['ftp://issuer.example/', 'must be https'],
    ['issuer.example/jwks', 'is not a URL'],
    ['', 'is not a URL'],
  ])('%s: %s', (url, problem) => {
    expect(jwksUrlProblem(url)).toBe(problem);
  });

  it('is checked again where it is used, without being quoted', () => {
    const create = () => createJwksFromUrl({ url: 'http://canary.example/', fetch, clock });
    expect(create).toThrow(/must be https/);
    expect(create).not.toThrow(/canary/);
  });
});
