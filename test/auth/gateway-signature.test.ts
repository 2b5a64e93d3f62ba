import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundSignature, canonicalText } from '../../examples/gateway/hive-bound-signature.mjs';
import { type GatewayParams, verifyGatewaySignature } from '../../src/auth/index.js';
import { testNow } from '../support/tokens.js';
import { secretA, secretB } from './fixtures.js';

const jwt = { payload: { sub: 'user-1', roles: ['user'], exp: 9_999_999_999 } };
const gatewayFacts = { ts: testNow.getTime(), nonce: 'n-1', ip: '203.0.113.7', ua: 'Mozilla/5.0' };
const query = 'query Q($first:Int){events(first:$first){totalCount}}';

interface Wire extends GatewayParams {
  query: string;
  extensions: Record<string, unknown>;
}

function hmac(text: string, secret: string | Uint8Array = secretA): string {
  return createHmac('sha256', secret).update(text, 'utf8').digest('base64');
}

function signed(
  more: { secret?: string | Uint8Array; gateway?: object; extensions?: object; params?: object } = {},
): Wire {
  const extensions = { jwt, gateway: { ...gatewayFacts, ...more.gateway }, ...more.extensions };
  const params = { query, variables: { first: 5 }, operationName: 'Q', extensions, ...more.params };
  const signature = hmac(canonicalText(params), more.secret);
  return { ...params, extensions: { ...params.extensions, 'hmac-signature': signature } };
}

function verify(
  params: GatewayParams,
  options: { secrets?: (string | Uint8Array)[]; scope?: 'bound' | 'stock'; now?: Date } = {},
) {
  return verifyGatewaySignature({ params, secrets: [secretA], scope: 'bound', now: testNow, ...options });
}

const refused = (word: 'REQUIRED' | 'INVALID' | 'STALE') => ({
  ok: false,
  error: `GATEWAY_SIGNATURE_${word}`,
});
const later = (seconds: number) => new Date(testNow.getTime() + seconds * 1000);

describe('a bound signature', () => {
  it('vouches for the caller’s address, user agent and wish', () => {
    expect(verify(signed())).toEqual({
      ok: true,
      value: { ip: '203.0.113.7', userAgent: 'Mozilla/5.0', optedOut: false },
    });
  });

  it.each<[string, object, object]>([
    ['no address', { ip: null, ua: undefined }, { ip: null, userAgent: null }],
    ['an address that is no text', { ip: 7, ua: ['x'] }, { ip: null, userAgent: null }],
    ['an address of 65 characters', { ip: '1'.repeat(65) }, { ip: null }],
    ['a user agent of 16 KB', { ua: 'x'.repeat(16_384) }, { userAgent: 'x'.repeat(512) }],
    ['Sec-GPC', { gpc: '1' }, { optedOut: true }],
    ['DNT', { dnt: true }, { optedOut: true }],
    ['DNT: 0', { dnt: '0', gpc: false }, { optedOut: false }],
  ])('passes on %s', (_name, gateway, expected) => {
    expect(verify(signed({ gateway }))).toMatchObject({ ok: true, value: expected });
  });

  it.each<[string, object]>([
    ['without an identity', { extensions: { jwt: undefined } }],
    ['without variables', { params: { variables: undefined } }],
    ['with empty variables', { params: { variables: {} } }],
    ['with variables null', { params: { variables: null } }],
    ['without an operation name', { params: { operationName: undefined } }],
    [
      'of an introspection',
      { params: { query: '{_service{sdl}}', variables: undefined, operationName: undefined } },
    ],
    ['with forwarded claims', { extensions: { jwt: undefined, claims: { sub: 'user-1' } } }],
    ['with variables 900 deep', { params: { variables: { deep: nested(900) } } }],
  ])('holds for a request %s', (_name, more) => {
    expect(verify(signed(more))).toMatchObject({ ok: true });
  });

  it('survives a trip over the wire, whatever the variables', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const sent = signed({ params: { variables: { value: JSON.parse(text) } } });
        expect(verify(JSON.parse(JSON.stringify(sent)))).toMatchObject({ ok: true });
      }),
    );
  });
});

describe('row 20: a replay', () => {
  it.each([
    [0, 'ok'],
    [60, 'ok'],
    [61, 'STALE'],
    [86_400, 'STALE'],
    [-60, 'ok'],
    [-61, 'STALE'],
  ] as const)('%i seconds after signing is %s', (seconds, verdict) => {
    const expected = verdict === 'ok' ? { ok: true } : refused(verdict);
    expect(verify(signed(), { now: later(seconds) })).toMatchObject(expected);
    const inSeconds = signed({ gateway: { ts: testNow.getTime() / 1000 } });
    expect(verify(inSeconds, { now: later(seconds) })).toMatchObject(expected);
  });

  it.each([
    ['text', '1773144000'],
    ['null', null],
    ['missing', undefined],
    ['an object', {}],
  ])('whose time is %s is invalid although it is signed', (_name, ts) => {
    expect(verify(signed({ gateway: { ts } }))).toEqual(refused('INVALID'));
  });

  it('a signed request without the gateway’s part is invalid', () => {
    expect(verify(signed({ extensions: { gateway: undefined } }))).toEqual(refused('INVALID'));
    expect(verify(signed({ extensions: { gateway: [1] } }))).toEqual(refused('INVALID'));
  });

  it('that is both altered and stale tells the forger only that it is invalid', () => {
    const sent = signed();
    expect(verify({ ...sent, query: '{x}' }, { now: later(90) })).toEqual(refused('INVALID'));
  });
});

describe('row 21: a replay with something exchanged', () => {
  const sent = signed();
  const withExtensions = (more: object): GatewayParams => ({
    ...sent,
    extensions: { ...sent.extensions, ...more },
  });
  it.each<[string, GatewayParams]>([
    ['the JWT payload', withExtensions({ jwt: { payload: { sub: 'root', roles: ['admin'] } } })],
    ['the JWT taken away', withExtensions({ jwt: undefined })],
    ['the JWT null', withExtensions({ jwt: null })],
    ['a raw token put beside', withExtensions({ jwt: { ...jwt, token: { value: 'x' } } })],
    ['claims put beside', withExtensions({ claims: { sub: 'root', roles: ['admin'] } })],
    ['the address', withExtensions({ gateway: { ...gatewayFacts, ip: '6.6.6.6' } })],
    ['the user agent', withExtensions({ gateway: { ...gatewayFacts, ua: 'other' } })],
    ['the time', withExtensions({ gateway: { ...gatewayFacts, ts: gatewayFacts.ts + 1 } })],
    ['the nonce', withExtensions({ gateway: { ...gatewayFacts, nonce: 'n-2' } })],
    ['the operation name', { ...sent, operationName: 'R' }],
    ['the operation name taken away', { ...sent, operationName: undefined }],
    ['the operation name empty', { ...sent, operationName: '' }],
    ['the query', { ...sent, query: `${query} ` }],
    ['a variable', { ...sent, variables: { first: 6 } }],
    ['a variable more', { ...sent, variables: { first: 5, x: null } }],
    ['no variables', { ...sent, variables: undefined }],
    ['variables as a list', { ...sent, variables: [] }],
    ['variables as a number', { ...sent, variables: 5 }],
    ['no query', { ...sent, query: undefined }],
    ['a query that is no text', { ...sent, query: { toString: () => query } }],
  ])('%s is invalid', (_name, params) => {
    expect(verify(params)).toEqual(refused('INVALID'));
  });

  it('is invalid for every place of the signature', () => {
    const signature = String(sent.extensions['hmac-signature']);
    const others = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
    fc.assert(
      fc.property(fc.nat(42), others, (at, other) => {
        fc.pre(signature[at] !== other);
        const forged = signature.slice(0, at) + other + signature.slice(at + 1);
        expect(verify(withExtensions({ 'hmac-signature': forged }))).toEqual(refused('INVALID'));
      }),
    );
  });
});

describe('row 22: a signature', () => {
  const right = String(signed().extensions['hmac-signature']);
  const bytes = Buffer.from(right, 'base64');
  it.each<[string, unknown]>([
    ['that is empty', ''],
    ['that is a number', 7],
    ['that is true', true],
    ['in an object', { value: right }],
    ['in a list', [right]],
    ['without padding', right.slice(0, 43)],
    ['with more padding', `${right}=`],
    ['in hexadecimal', bytes.toString('hex')],
    ['in the URL-safe alphabet', `${bytes.toString('base64url').slice(0, 42)}-=`],
    ['with a line break', `${right}\n`],
    ['of the wrong length', Buffer.alloc(31).toString('base64')],
    ['of 1 MB', 'A'.repeat(1_000_000)],
    ['of 43 wide characters', `${'é'.repeat(43)}=`],
    ['of zeros', Buffer.alloc(32).toString('base64')],
  ])('%s is invalid', (_name, signature) => {
    const sent = signed();
    expect(verify({ ...sent, extensions: { ...sent.extensions, 'hmac-signature': signature } })).toEqual(
      refused('INVALID'),
    );
  });

  it('has one spelling: other bits in the last character are invalid', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    const last = alphabet.indexOf(right[42] ?? '');
    const twin = `${right.slice(0, 42)}${alphabet[last + 1]}=`;
    expect(Buffer.from(twin, 'base64')).toEqual(bytes);
    const sent = signed();
    expect(verify({ ...sent, extensions: { ...sent.extensions, 'hmac-signature': twin } })).toEqual(
      refused('INVALID'),
    );
  });

  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['text', 'x'],
    ['a list', []],
    ['empty', {}],
    ['without a signature', { jwt, gateway: gatewayFacts }],
    ['with a null signature', { 'hmac-signature': null }],
  ])('is required where extensions are %s', (_name, extensions) => {
    expect(verify({ query, extensions })).toEqual(refused('REQUIRED'));
  });

  it('over a hostile depth of 9,000, or 2 MB of numbers that grow, is invalid without an exception', () => {
    const extensions = { ...signed().extensions, jwt: nested(9_000) };
    expect(verify({ query, variables: { deep: nested(9_000) }, extensions })).toEqual(refused('INVALID'));
    const numbers = Array(400_000).fill(1e20);
    expect(verify(signed({ params: { variables: { numbers } } }))).toEqual(refused('INVALID'));
  });
});

describe('row 23: rotation of the secret', () => {
  const old = signed();
  const young = signed({ secret: secretB });
  it('takes every secret that is listed and none that is not', () => {
    expect(verify(old, { secrets: [secretB, secretA] })).toMatchObject({ ok: true });
    expect(verify(young, { secrets: [secretB, secretA] })).toMatchObject({ ok: true });
    expect(verify(old, { secrets: [secretB] })).toEqual(refused('INVALID'));
    expect(verify(young, { secrets: [secretA] })).toEqual(refused('INVALID'));
  });

  it('takes a secret as bytes or as text', () => {
    expect(verify(old, { secrets: [Buffer.from(secretA)] })).toMatchObject({ ok: true });
  });

  it('trusts nobody without a secret, or with an empty one', () => {
    expect(verify(old, { secrets: [] })).toEqual(refused('INVALID'));
    expect(verify(signed({ secret: '' }), { secrets: ['', new Uint8Array()] })).toEqual(refused('INVALID'));
  });
});

describe('the stock scope', () => {
  const stock = (variables?: unknown): Wire => {
    const text = variables
      ? `{"query":${JSON.stringify(query)},"variables":${JSON.stringify(variables)}}`
      : `{"query":${JSON.stringify(query)}}`;
    return { query, variables, operationName: 'Q', extensions: { jwt, 'hmac-signature': hmac(text) } };
  };

  it('accepts Hive’s own signature and vouches for nothing but the query', () => {
    expect(verify(stock({ first: 5 }), { scope: 'stock' })).toEqual({ ok: true, value: null });
    expect(verify({ ...stock(), variables: {} }, { scope: 'stock' })).toEqual({ ok: true, value: null });
    expect(verify({ ...stock(), variables: { first: 1 } }, { scope: 'stock' })).toEqual(refused('INVALID'));
  });

  it('does not mix with the bound one', () => {
    expect(verify(stock({ first: 5 }))).toEqual(refused('INVALID'));
    expect(verify(signed(), { scope: 'stock' })).toEqual(refused('INVALID'));
  });
});

describe('the gateway half', () => {
  const options = {
    secret: secretA,
    subgraphs: ['signals'],
    now: () => testNow.getTime(),
    nonce: () => 'n-1',
  };
  const wireText = (request: { query: string; variables?: unknown }) =>
    JSON.stringify({ query: request.query, variables: request.variables });

  function send(
    context: object,
    more: { forwardToken?: boolean; extensions?: Record<string, unknown> } = {},
  ) {
    const { extensions, ...rest } = more;
    const plugin = boundSignature({ ...options, ...rest, serialize: wireText });
    const request = { query, variables: { first: 5 }, operationName: 'Q', context, extensions };
    const signature = hmac(plugin.serializeExecutionRequest(request));
    return {
      request,
      wire: { ...request, extensions: { ...request.extensions, 'hmac-signature': signature } } as Wire,
    };
  }
  const headers = (record: Record<string, string>) => ({ get: (name: string) => record[name] ?? null });
  const browser = {
    req: { socket: { remoteAddress: '198.51.100.4' } },
    request: { headers: headers({ 'user-agent': 'UA', dnt: '1' }) },
  };

  it('signs what the subgraph verifies', () => {
    const { wire } = send({ ...browser, jwt: { ...jwt, token: { value: 't', prefix: 'Bearer' } } });
    expect(verify(wire)).toEqual({
      ok: true,
      value: { ip: '198.51.100.4', userAgent: 'UA', optedOut: true },
    });
    expect(wire.extensions.jwt).toEqual(jwt);
  });

  it('forwards the token only when told', () => {
    const token = { value: 't', prefix: 'Bearer' };
    const { wire } = send({ jwt: { ...jwt, token } }, { forwardToken: true });
    expect(wire.extensions.jwt).toEqual({ ...jwt, token });
    expect(verify(wire)).toMatchObject({ ok: true, value: { ip: null, userAgent: null, optedOut: false } });
  });

  it('lets no identity through that the client made up', () => {
    const extensions = {
      jwt: { payload: { sub: 'root' } },
      claims: { sub: 'root' },
      gateway: { ip: '6.6.6.6' },
      other: 1,
    };
    const { wire } = send(browser, { extensions });
    expect(wire.extensions).toMatchObject({ other: 1, gateway: { ip: '198.51.100.4' } });
    expect(wire.extensions).not.toHaveProperty('jwt');
    expect(wire.extensions).not.toHaveProperty('claims');
    expect(verify(wire)).toMatchObject({ ok: true });
  });

  it('signs for the named subgraphs only, and wants a real secret', () => {
    const plugin = boundSignature({ ...options, serialize: wireText });
    expect(plugin.shouldSign({ subgraphName: 'SIGNALS' })).toBe(true);
    expect(plugin.shouldSign({ subgraphName: 'media' })).toBe(false);
    expect(() => boundSignature({ ...options, serialize: wireText, secret: 'short' })).toThrow(/32 bytes/);
    expect(() => boundSignature({ ...options, serialize: wireText, subgraphs: [] })).toThrow(/subgraphs/);
  });
});

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : { a: value };
  return value;
}
